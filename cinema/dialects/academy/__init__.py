"""academy: accounts, catalogue, orders. Callers sign in with `Authorization: Token <key>`."""

from typing import Any

from cinema.accounts.api_keys import SCHEME
from cinema.core.dialect import Dialect
from cinema.dialects import field_map
from cinema.dialects.academy import resources
from cinema.dialects.academy.views import add_options_views

ACADEMY = Dialect("academy", field_map.refuse, SCHEME, refusal_type=field_map.refusal_type)

URL_MAP = {
    "api/register/": resources.Register,
    "api/login/": resources.Login,
    "api/me/": resources.Me,
    "api/user/register/": resources.Register,
    "api/user/login/": resources.Login,
    "api/user/me/": resources.Me,
    "api/cinema/genres/": resources.Genres,
    "api/cinema/actors/": resources.Actors,
    "api/cinema/cinema_halls/": resources.CinemaHalls,
    "api/cinema/movies/": resources.Movies,
    "api/cinema/movies/*/": resources.Movie,
    "api/cinema/movie_sessions/": resources.MovieSessions,
    "api/cinema/movie_sessions/*/": resources.MovieSession,
    "api/cinema/orders/": resources.Orders,
}


def includeme(config: Any) -> None:
    """Puts everything in its place."""
    config.add_resources("", URL_MAP, ACADEMY)
    config.scan(".views")
    add_options_views(config, URL_MAP.values())
