"""cinemapi: halls, sessions, booking and paying by the seat. Callers sign in with `Authorization: Bearer <token>`."""

from typing import Any

from cinema.core.dialect import Dialect
from cinema.dialects import field_map
from cinema.dialects.cinemapi import resources
from cinema.dialects.cinemapi.house_rules import ACCESS_LIFETIME

CINEMAPI = Dialect("cinemapi", field_map.refuse, refusal_type=field_map.refusal_type)

URL_MAP = {
    "register/": resources.Register,
    "token/": resources.Token,
    "token/refresh/": resources.TokenRefresh,
    "current_user/": resources.CurrentUser,
    "user/": resources.Users,
    "user/*/": resources.User,
    "hall/": resources.Halls,
    "hall/*/": resources.Hall,
    "movie/": resources.Movies,
    "movie/*/": resources.Movie,
    "session/": resources.Sessions,
    "session/*/": resources.Session,
    "book/": resources.Book,
    "ticket/": resources.Tickets,
    "ticket/*/": resources.Ticket,
    "ticket_status/": resources.TicketStatuses,
    "pay/*/": resources.Payment,
}


def includeme(config: Any) -> None:
    """Puts everything in its place. Access tokens live longer here than natively."""
    config.allow_token_lifetime(ACCESS_LIFETIME)
    config.add_resources("", URL_MAP, CINEMAPI)
    config.scan(".views")
