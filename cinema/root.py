"""The URL map: which resource answers where. `*` stands for an item's id.

Actions below a resource (`orders/*/pay`, `screenings/*/seats`) are named views of it, in the `views` of their room.
"""

from typing import Any

from cinema.accounts import resources as accounts
from cinema.catalogue import resources as catalogue

NATIVE = {
    "auth/register": accounts.Register,
    "auth/login": accounts.Login,
    "me": accounts.Me,
    "me/password": accounts.Password,
    "movies": catalogue.Movies,
    "movies/*": catalogue.Movie,
    "genres": catalogue.Genres,
    "genres/*": catalogue.GenreItem,
    "directors": catalogue.Directors,
    "directors/*": catalogue.DirectorItem,
    "actors": catalogue.Actors,
    "actors/*": catalogue.ActorItem,
}


def includeme(config: Any) -> None:
    """Puts the native API in its place."""
    config.add_resources("api/v1", NATIVE)
