"""vhs: the cassette shop. Callers sign in with `Authorization: Token <key>`."""

from typing import Any

from cinema.accounts.api_keys import SCHEME
from cinema.core.dialect import Dialect
from cinema.dialects import field_map
from cinema.dialects.vhs import resources

VHS = Dialect("vhs", field_map.refuse, SCHEME, refusal_type=field_map.refusal_type)

URL_MAP = {
    "api/auth/signup": resources.SignUp,
    "api/auth/login": resources.SignIn,
    "api/auth/signin": resources.SignIn,
    "api/auth/token": resources.SignIn,
    "api/cassetes/": resources.Cassettes,
    "api/cassetes/*": resources.Cassette,
    "api/cassettes/": resources.Cassettes,
    "api/cassettes/*": resources.Cassette,
    "api/swagger[/]": resources.Endpoints,
}


def includeme(config: Any) -> None:
    """Puts everything in its place."""
    config.add_resources("", URL_MAP, VHS)
    config.scan(".views")
