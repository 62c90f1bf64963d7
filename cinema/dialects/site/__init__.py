"""site: a catalogue with profiles and bookmarks. Callers send `Authorization: Bearer <access token>`."""

from typing import Any

from cinema.core.dialect import Dialect
from cinema.dialects.site import resources
from cinema.dialects.site.presenters import SiteMessageJson, refuse

SITE = Dialect("site", refuse, refusal_type=lambda _status: SiteMessageJson)

URL_MAP = {
    "movies/": resources.Movies,
    "movies/*[/]": resources.Movie,
    "genres/": resources.Genres,
    "genres/*[/]": resources.Genre,
    "directors/": resources.Directors,
    "directors/*[/]": resources.Director,
    "auth/register[/]": resources.Register,
    "auth/login[/]": resources.Login,
    "user/": resources.User,
    "user/password[/]": resources.Password,
    "favorites/movies/": resources.Favorites,
    "favorites/movies/*/": resources.Favorite,
}


def includeme(config: Any) -> None:
    """Puts everything in its place."""
    config.add_resources("", URL_MAP, SITE)
    config.scan(".views")
