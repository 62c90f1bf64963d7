"""A cinema with one of everything in every dialect, whose database can be put back to how it was."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webtest import TestApp

from cinema.security import Permission
from tests.app import Person, seats
from tests.dialects.vhs.shop import Shop

PARTICULAR = "particular"
"""A role of the member that holds nothing."""


@dataclass(frozen=True)
class World:
    """`things` are ids by the segment that they follow; `people` are accounts by name."""

    house: Shop
    schemes: dict[tuple[str, str], str]
    things: dict[str, str]
    people: dict[str, int]
    _database: Path
    _kept: Path

    @classmethod
    @contextmanager
    def furnished(cls, router: Any, folder: Path) -> Iterator["World"]:
        """A cinema whose order, ticket and second device are the owner's."""
        with Shop(router) as house:
            people = {name: int(person.id or 0) for name, person in _people(house).items()}
            world = cls(
                house,
                {(each.method, each.path): each.dialect.scheme for each in router.registry.operations},
                _furnish(house, people),
                people,
                Path(str(router.registry.database.writers.url.database)),
                folder / "kept.sqlite3",
            )
            _copy(world._database, world._kept)
            yield world

    def put_back(self) -> None:
        """Undoes whatever was done since it was furnished."""
        _copy(self._kept, self._database)
        self.house.registry.knowledge.load()

    def status(
        self, method: str, path: str, name: str | None, permissions: Sequence[str] = (), role: str = PARTICULAR
    ) -> int:
        """What somebody hears; None is a stranger. `permissions` are given to a role before, for this once."""
        if permissions:
            self._give(role, permissions)
        headers = {"Authorization": self._credentials(self.schemes[method, path], name)} if name else {}
        http, address = TestApp(self.house.http.app), self._address(path)
        try:
            if method in ("GET", "OPTIONS"):
                answer = http.request(address, method=method, headers=headers, status="*")
            else:
                answer = getattr(http, f"{method.lower()}_json")(address, {}, headers=headers, status="*")
        finally:
            if method not in ("GET", "OPTIONS") or permissions:
                self.put_back()
        return int(answer.status_int)

    def _address(self, path: str) -> str:
        segments = path.split("/")
        return "/".join(
            self.things[segments[place - 1]] if segment.startswith("{") else segment
            for place, segment in enumerate(segments)
        )

    def _credentials(self, scheme: str, name: str) -> str:
        if scheme == "Token":
            return f"Token {self.house.with_key(self.people[name]).key}"
        return str(self.house.signed_in(self.people[name]).headers["Authorization"])

    def _give(self, role: str, permissions: Iterable[str]) -> None:
        given = (
            "INSERT INTO role_permissions (role_id, permission) SELECT id, :permission FROM roles WHERE name = :role"
        )
        for each in permissions:
            self.house.sql(given, role=role, permission=str(each))
        self.house.registry.knowledge.load()


def _people(house: Shop) -> dict[str, Person]:
    known = {"member": house.member, "admin": house.admin}
    return known | {
        "owner": house.person("owner"),
        "guest": house.person("guest"),
        "staff": house.person("staff", "staff"),
    }


def _furnish(house: Shop, people: dict[str, int]) -> dict[str, str]:
    admin, owner = house.admin, house.signed_in(people["owner"])
    things: dict[str, Any] = {name: admin.post(f"/{name}", {"name": "x"})["id"] for name in ("genres", "directors")}
    things["actors"] = admin.post("/actors", {"first_name": "x", "last_name": "y"})["id"]
    film = house.movie(**{name: [key] for name, key in things.items()})
    hall = house.hall()
    screening, cassette = house.screening(movie=film, hall=hall), house.cassette()
    order = _order(owner, screening, cassette)
    ticket, guest, device = order["tickets"][0]["id"], people["guest"], owner.get("/me/sessions")["items"][-1]["sid"]
    owner.put(f"/me/bookmarks/{film}", status=204)
    for role in ("usher", PARTICULAR):
        admin.post("/roles", {"name": role})
    admin.put(f"/users/{people['member']}/roles/{PARTICULAR}", status=204)
    things |= dict.fromkeys(("movies", "movie", "bookmarks"), film) | dict.fromkeys(("halls", "hall"), hall)
    things |= dict.fromkeys(("screenings", "movie_sessions", "session"), screening)
    things |= dict.fromkeys(("cassettes", "cassetes"), cassette) | {"orders": order["id"], "sessions": device}
    things |= dict.fromkeys(("tickets", "ticket", "pay"), ticket) | dict.fromkeys(("users", "user"), guest)
    things |= {"roles": "usher", "static": "docs.css"}
    return {name: str(key) for name, key in things.items()}


def _order(owner: Person, screening: int, cassette: int) -> Any:
    line = {"cassette": cassette, "quantity": 1}
    return owner.post("/orders", {"screening": screening, "seats": seats((1, 1)), "cassettes": [line]})


def everything_but(permissions: Iterable[str]) -> list[str]:
    """All permissions that there are, without these."""
    return sorted(set(Permission) - set(permissions))


def _copy(source: Path, target: Path) -> None:
    here, there = sqlite3.connect(source), sqlite3.connect(target)
    here.backup(there)
    here.close()
    there.close()
