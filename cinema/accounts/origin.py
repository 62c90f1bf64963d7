"""Where a request comes from."""

from cinema.accounts.addresses import client_address, device, user_agent
from cinema.accounts.sessions import Origin
from cinema.core.request import Request


def origin_of(request: Request) -> Origin:
    """Address (of the client, behind trusted proxies), user agent and device of the caller."""
    agent = user_agent(request)
    return Origin(client_address(request, request.registry.accounts.trusted_proxies), agent, device(agent))
