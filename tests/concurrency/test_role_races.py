"""Administrators who act against each other at once, and when others hear of it. Two servers on each engine."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from cinema.accounts.administration import CONSOLE, revoke_role
from cinema.core.errors import Conflict
from tests.concurrency.arena import outcomes, race
from tests.concurrency.test_lock_waits import WAITING
from tests.databases import open_database
from tests.functional.test_revocation import wait_until
from tests.processes import Answer, Client, Server, enrol, serving, sign_in

ROUNDS = 3
HERE, THERE = 0, 1
LAST = (409, "last-administrator")
ADMINISTRATORS = """
    SELECT count(DISTINCT users.id) FROM users JOIN user_roles ON user_roles.user_id = users.id
    JOIN role_permissions ON role_permissions.role_id = user_roles.role_id
    WHERE permission = 'roles:edit' AND is_active
"""
_numbers = count(1)


class Person:
    """Somebody who is signed in, and calls one server."""

    def __init__(self, offices: "Offices", name: str, server: int) -> None:
        self.id = int(offices.sql("SELECT id FROM users WHERE username = :name", name=name)[0][0])
        self.token = sign_in(offices.servers[server], name)
        self.client = Client(offices.servers[server].port, self.token)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """The status and the code of an answer."""
        answer = self.client.call(method, path, body)
        return answer.status, answer.code


class Offices:
    """Two servers on one database, without anybody who is there for good."""

    def __init__(self, url: str, servers: list[Server]) -> None:
        self.url = url
        self.servers = servers
        self.database = open_database(url)
        self._people: list[Person] = []

    def person(self, server: int, role: str | None = None) -> Person:
        """A newcomer at one of the servers."""
        name = f"person-{next(_numbers)}"
        enrol(self.url, name, role=role)
        self._people.append(Person(self, name, server))
        return self._people[-1]

    def administrators(self) -> tuple[Person, Person]:
        """The only two administrators, one at each server."""
        self.sql("DELETE FROM user_roles")
        return self.person(HERE, "admin"), self.person(THERE, "admin")

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows straight from the database."""
        with self.database.writers.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []

    def close(self) -> None:
        """Closes every connection of ours."""
        for person in self._people:
            person.client.close()
        self.database.dispose()


@pytest.fixture(scope="module")
def offices(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    """Two servers."""
    url = new_database("offices")
    with serving(tmp_path_factory.mktemp("offices"), url, count=2) as servers, closing(Offices(url, servers)) as both:
        yield both


def at_once(one: Person, ones: tuple[str, str, Any], two: Person, twos: tuple[str, str, Any]) -> list[Answer]:
    """What two people hear who do something at the same time."""
    acts = (ones, twos)
    return race([one.client, two.client], lambda number, client: client.call(*acts[number]))


# -- the last administrator ----------------------------------------------------------------------------------


def dismiss(person: Person) -> tuple[str, str, Any]:
    """Takes the role from somebody."""
    return "DELETE", f"/users/{person.id}/roles/admin", None


def disable(person: Person) -> tuple[str, str, Any]:
    """Disables somebody."""
    return "PATCH", f"/users/{person.id}", {"is_active": False}


@pytest.mark.parametrize("act", [dismiss, disable])
@pytest.mark.parametrize("whom", ["each other", "themselves"])
def test_of_two_administrators_who_act_at_once_one_stays(offices: Offices, act: Any, whom: str) -> None:
    heard: list[Answer] = []
    for _round in range(ROUNDS):
        one, two = offices.administrators()
        targets = (two, one) if whom == "each other" else (one, two)
        answers = at_once(one, act(targets[0]), two, act(targets[1]))
        assert sum(answer.status < 300 for answer in answers) == 1, answers
        assert offices.sql(ADMINISTRATORS) == [(1,)]
        heard += answers
    refused = {outcome for outcome in outcomes(heard) if outcome[0] >= 300}
    # last: refused by the database; otherwise the news had come first
    assert refused <= {LAST, (403, "forbidden"), (401, "token-revoked")}


def test_of_a_role_that_goes_and_an_administrator_who_resigns_one_stays(offices: Offices) -> None:
    for number in range(2):
        one, two = offices.administrators()
        held = one.client.get("/roles/admin")["permissions"]
        role = one.client.create("/roles", {"name": f"chief-{number}", "permissions": held})["name"]
        chief = offices.person(THERE, role)
        assert one.call(*dismiss(two)) == (204, "")
        wait_until(lambda chief=chief: chief.call("GET", "/roles") == (200, ""), 10)
        answers = at_once(one, dismiss(one), chief, ("DELETE", f"/roles/{role}", None))
        assert sum(answer.status < 300 for answer in answers) == 1, answers
        assert offices.sql(ADMINISTRATORS) == [(1,)]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_the_second_to_be_dismissed_waits_for_the_first(offices: Offices) -> None:
    """The races above may miss each other; these two cannot."""
    one, two = offices.administrators()

    def dismiss_other() -> None:
        with offices.database.plain_session() as second, second.begin():
            revoke_role(second, two.id, "admin", CONSOLE, datetime.now(UTC))

    with ThreadPoolExecutor(1) as pool, offices.database.plain_session() as first, first.begin():
        revoke_role(first, one.id, "admin", CONSOLE, datetime.now(UTC))
        other = pool.submit(dismiss_other)
        while not offices.sql(WAITING) and not other.done():
            time.sleep(0.02)
        first.commit()
        with pytest.raises(Conflict, match="Nobody would be left"):
            other.result()
    assert offices.sql(ADMINISTRATORS) == [(1,)]


# -- the same at once ----------------------------------------------------------------------------------------


def crowd(offices: Offices, *people: Person) -> list[Client]:
    """Eight connections, spread over people and servers."""
    return [Client(offices.servers[number % 2].port, people[number % len(people)].token) for number in range(8)]


def raced(offices: Offices, people: tuple[Person, ...], act: Callable[[int], tuple[str, str, Any]]) -> Any:
    """How often each outcome came."""
    clients = crowd(offices, *people)
    answers = race(clients, lambda number, client: client.call(*act(number)))
    for client in clients:
        client.close()
    return outcomes(answers)


def test_a_name_is_taken_once(offices: Offices) -> None:
    people = offices.administrators()
    for number in range(3):
        role = {"name": f"usher-{number}", "permissions": ["tickets:check-in"]}
        heard = raced(offices, people, lambda _number, role=role: ("POST", "/roles", role))
        assert heard == {(201, ""): 1, (409, "name-taken"): 7}


def test_a_grant_is_made_once_however_many_make_it(offices: Offices) -> None:
    people, member = offices.administrators(), offices.person(HERE)
    path = f"/users/{member.id}/roles/staff"
    assert raced(offices, people, lambda _number: ("PUT", path, None)) == {(204, ""): 8}
    assert offices.sql("SELECT count(*) FROM user_roles WHERE user_id = :id", id=member.id) == [(2,)]
    assert raced(offices, people, lambda _number: ("DELETE", path, None)) == {(204, ""): 8}


def test_grants_edits_and_a_deletion_of_one_role_end_in_order(offices: Offices) -> None:
    people, member = offices.administrators(), offices.person(HERE)
    for number in range(3):
        name = f"porter-{number}"
        people[0].client.create("/roles", {"name": name})
        acts = [
            ("PUT", f"/users/{member.id}/roles/{name}", None),
            ("PATCH", f"/roles/{name}", {"permissions": ["movies:edit"]}),
            ("DELETE", f"/users/{member.id}/roles/{name}", None),
            ("DELETE", f"/roles/{name}", None),
        ]
        heard = raced(offices, people, lambda number, acts=acts: acts[number % 4])
        assert set(heard) <= {(200, ""), (204, ""), (404, "not-found")}
        assert people[0].call("GET", f"/roles/{name}") == (404, "not-found")
        assert member.client.get("/me")["roles"] == ["member"]


# -- heard of elsewhere --------------------------------------------------------------------------------------


def test_roles_change_for_tokens_that_are_out_on_every_server(offices: Offices) -> None:
    admin, editor = offices.administrators()[HERE], offices.person(THERE)
    admin.client.create("/roles", {"name": "editor", "permissions": ["movies:edit"]})
    grant = f"/users/{editor.id}/roles/editor"
    for method, path, body, allowed in (
        ("PUT", grant, None, True),
        ("PATCH", "/roles/editor", {"permissions": ["movies:view"]}, False),
        ("PATCH", "/roles/editor", {"permissions": ["movies:edit"]}, True),
        ("DELETE", "/roles/editor", None, False),
    ):
        assert admin.call(method, path, body)[0] < 300
        expected = (201, "") if allowed else (403, "forbidden")
        wait_until(lambda expected=expected: editor.call("POST", "/movies", {"title": "x"}) == expected, 10)
        again = {editor.call("POST", "/movies", {"title": "x"}) for _again in range(10)}
        assert (method, path, again) == (method, path, {expected})
        answer = editor.client.call("POST", "/permissions/check", {"permission": "movies:edit"})
        assert answer.body["allowed"] is allowed


def test_what_strangers_may_changes_on_every_server(offices: Offices) -> None:
    admin = offices.administrators()[HERE]
    with closing(Client(offices.servers[THERE].port)) as stranger:
        for permissions, status in ((["movies:view"], 200), ([], 401)):
            assert admin.call("PATCH", "/roles/anonymous", {"permissions": permissions})[0] == 200
            wait_until(lambda status=status: stranger.call("GET", "/movies").status == status, 10)
