"""Whom rate limits count a request for. Asks no database: whoever floods must not cost more than that."""

from cinema.accounts.addresses import client_address, limit_key
from cinema.core.dialect import NATIVE
from cinema.core.request import Request, traversed_path


def caller_key(request: Request) -> str:
    """An account; for strangers, and for tokens that are not valid, the client's address.

    Called before the path was walked, so what the request remembers of dialect and caller is left alone.
    """
    registry = request.registry
    dialect = registry.url_map.nearest(traversed_path(request)).dialect or NATIVE
    known = registry.policy.recognised(request, dialect.scheme)
    if known is not None:
        return f"user {known.user_id}"
    return f"address {limit_key(client_address(request, registry.accounts.trusted_proxies))}"
