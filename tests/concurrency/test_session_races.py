"""Refreshing, signing in, and everything that ends sessions, all at once: nothing lives on that should not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from argon2 import PasswordHasher

from cinema.accounts import sessions
from cinema.accounts.keys import KeyRing
from cinema.accounts.passwords import hash_password
from cinema.accounts.settings import AccountSettings
from cinema.accounts.tokens import AccessTokens
from cinema.core.secrets import derive
from cinema.core.settings import read
from tests.app import PASSWORD
from tests.concurrency.arena import Arena, outcomes, race
from tests.conftest import SECRET
from tests.databases import open_database
from tests.functional.test_revocation import wait_until
from tests.processes import Answer, Client, enrol

CROWD = 50
NEW = "another long password"
_ORIGIN = sessions.Origin("127.0.0.1", "tests", "Tests")
_SETTINGS = read(AccountSettings, {})
_numbers = count(1)
_ENOUGH = 2000
"""So often nobody refreshes or signs in while a request is under way."""

OK, REVOKED, WRONG = (200, ""), (401, "token-revoked"), (401, "credentials")


@dataclass
class Device:
    """A device, with every pair of tokens it was ever given: access token, refresh token."""

    session: int
    pairs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def access(self) -> str:
        """Its newest access token."""
        return self.pairs[-1][0]

    @property
    def refresh(self) -> str:
        """Its newest refresh token."""
        return self.pairs[-1][1]

    def take(self, answer: Answer) -> bool:
        """Keeps the pair of an answer, if it holds one."""
        if answer.status == 200:
            self.pairs.append((answer.body["access_token"], answer.body["refresh_token"]))
        return answer.status == 200


class Somebody:
    """A new member. `device()` signs in without the cost of a password."""

    def __init__(self, house: Arena) -> None:
        self.house = house
        self.name = f"somebody-{next(_numbers)}"
        enrol(house.url, self.name)
        self.id = house.sql("SELECT id FROM users WHERE username = :name", name=self.name)[0][0]
        self._database = open_database(house.url)
        with self._database.readers.connect() as connection:
            ring = KeyRing.load(SECRET.encode(), connection)
        self._tokens = AccessTokens(lambda: ring, "cinema", timedelta(hours=1))

    def device(self) -> Device:
        """One more device."""
        stored = self.house.sql("SELECT password_hash FROM users WHERE id = :id", id=self.id)[0][0]
        key = derive(SECRET.encode(), "refresh-token")
        with self._database.plain_session() as db, db.begin():
            grant = sessions.begin(db, self.id, stored, _ORIGIN, key, _SETTINGS.lease, datetime.now(UTC))
        assert grant is not None
        access = self._tokens.issue(self.id, grant.session_id, grant.roles, superuser=False)
        return Device(grant.session_id, [(access, grant.refresh_token)])

    def generation(self, device: Device) -> int:
        """How far a session has come; -1 when it has ended."""
        found = self.house.sql("SELECT generation, ended_at FROM sessions WHERE id = :id", id=device.session)[0]
        return -1 if found[1] else int(found[0])

    def alive(self) -> set[int]:
        """The sessions that have not ended."""
        rows = self.house.sql("SELECT id FROM sessions WHERE user_id = :id AND ended_at IS NULL", id=self.id)
        return {int(row[0]) for row in rows}

    def results(self) -> Counter[str]:
        """How often the history says what."""
        rows = self.house.sql("SELECT result FROM sign_ins WHERE user_id = :id", id=self.id)
        return Counter(str(row[0]) for row in rows)

    def login(self, client: Client, password: str = PASSWORD) -> Answer:
        """What signing in answers."""
        return client.call("POST", "/auth/login", {"login": self.name, "password": password})

    def close(self) -> None:
        """Closes every connection of ours."""
        self._database.dispose()


@pytest.fixture
def somebody(house: Arena) -> Iterator[Somebody]:
    """A new member."""
    found = Somebody(house)
    yield found
    found.close()


def caller(house: Arena, server: int, token: str | None = None) -> Client:
    """A connection to one of the servers, each in turn."""
    return Client(house.servers[server % len(house.servers)].port, token)


def ask(house: Arena, server: int, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
    """What one of the servers answers."""
    client = caller(house, server, token)
    try:
        return client.call(method, path, body)
    finally:
        client.close()


def refresh(client: Client, token: str) -> Answer:
    """What a refresh answers."""
    return client.call("POST", "/auth/refresh", {"refresh_token": token})


def refresh_until_refused(client: Client, device: Device) -> Answer:
    """Goes on refreshing; answers the refusal. Fails when there is none."""
    for _time in range(_ENOUGH):
        if not device.take(answer := refresh(client, device.refresh)):
            return answer
    raise AssertionError("the session does not end")


def assert_dead(house: Arena, here: int, device: Device) -> None:
    """No refresh token works anywhere, no access token on the server where it was revoked: not the last of them."""
    for server in range(len(house.servers)):
        for _access, token in device.pairs[-2:]:
            answer = ask(house, server, "POST", "/auth/refresh", {"refresh_token": token})
            assert (answer.status, answer.code) == REVOKED
    for access, _refresh in device.pairs[-2:]:
        answer = ask(house, here, "GET", "/me", token=access)
        assert (answer.status, answer.code) == REVOKED


def assert_dead_everywhere(house: Arena, tokens: Sequence[str]) -> None:
    """No access token works on any server any more, now that all have heard of it."""
    for server in range(len(house.servers)):
        for token in tokens:
            wait_until(lambda server=server, token=token: ask(house, server, "GET", "/me", token=token).status == 401)


# -- the same token, many times ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(house: Arena) -> Iterator[list[Client]]:
    """Fifty connections, spread over the servers."""
    clients = [caller(house, number) for number in range(CROWD)]
    yield clients
    for client in clients:
        client.close()


@pytest.mark.parametrize("rounds", [2, pytest.param(500, marks=pytest.mark.slow)])
def test_fifty_refreshes_with_one_token_are_one_step(
    house: Arena, somebody: Somebody, crowd: list[Client], rounds: int
) -> None:
    device = somebody.device()
    for step in range(1, rounds + 1):
        token = device.refresh
        answers = race(crowd, lambda _number, client, token=token: refresh(client, token))
        assert outcomes(answers) == {OK: CROWD}
        assert len({answer.body["refresh_token"] for answer in answers}) == 1
        assert len({answer.body["access_token"] for answer in answers}) == CROWD
        assert somebody.generation(device) == step
        assert device.take(answers[0])
    for number, answer in enumerate(answers):
        assert ask(house, number, "GET", "/me", token=answer.body["access_token"]).status == 200
    assert somebody.results() == {}


def test_of_many_with_a_spent_token_all_are_refused_and_one_is_recorded(
    somebody: Somebody, crowd: list[Client]
) -> None:
    device = somebody.device()
    spent = device.refresh
    for _time in range(2):
        assert device.take(refresh(crowd[0], device.refresh))
    answers = race(crowd, lambda _number, client: refresh(client, spent))
    assert outcomes(answers) == {REVOKED: CROWD}
    assert somebody.generation(device) == -1
    assert somebody.results() == {"refresh-reuse": 1}


def test_tokens_that_do_not_rotate_are_shared_by_all(house: Arena, somebody: Somebody, crowd: list[Client]) -> None:
    device = somebody.device()
    house.sql("UPDATE sessions SET rotates = false WHERE id = :id", id=device.session)
    token = device.refresh

    def act(number: int, client: Client) -> Answer:
        return client.call("POST", "/auth/logout") if number == 0 else refresh(client, token)

    logout = caller(house, 0, device.access)
    answers = race([logout, *crowd], act)
    logout.close()
    assert answers[0].status == 204
    assert set(outcomes(answers[1:])) <= {OK, REVOKED}
    assert refresh(crowd[0], token).code == "token-revoked"
    assert somebody.results() == {}


# -- refreshed and ended -------------------------------------------------------------------------------------


def logout(_somebody: Somebody, device: Device, _other: Device) -> tuple[str, str, Any, str]:
    """Ends itself."""
    return "POST", "/auth/logout", None, device.access


def end_from_another(_somebody: Somebody, device: Device, other: Device) -> tuple[str, str, Any, str]:
    """Is ended from another device."""
    return "DELETE", f"/me/sessions/{device.session}", None, other.access


def logout_of_the_others(_somebody: Somebody, _device: Device, other: Device) -> tuple[str, str, Any, str]:
    """Is ended with every other."""
    return "POST", "/auth/logout-others", None, other.access


def change_password(somebody: Somebody, _device: Device, other: Device) -> tuple[str, str, Any, str]:
    """Is ended because the password is changed on another device."""
    somebody.house.sql("UPDATE users SET password_hash = :old WHERE id = :id", old=_OLD_HASH, id=somebody.id)
    return "PUT", "/me/password", {"old_password": PASSWORD, "new_password": NEW}, other.access


def end_by_admin(somebody: Somebody, _device: Device, _other: Device) -> tuple[str, str, Any, str]:
    """Is ended by an administrator."""
    return "DELETE", f"/users/{somebody.id}/sessions", None, _admins_token(somebody.house)


def disable(somebody: Somebody, _device: Device, _other: Device) -> tuple[str, str, Any, str]:
    """Is ended because the account is disabled."""
    return "PATCH", f"/users/{somebody.id}", {"is_active": False}, _admins_token(somebody.house)


_OLD_HASH = hash_password(PASSWORD)
End = Callable[[Somebody, Device, Device], tuple[str, str, Any, str]]
ENDS: list[End] = [logout, end_from_another, logout_of_the_others, change_password, end_by_admin, disable]


def _admins_token(house: Arena) -> str:
    return str(house.admin._headers["Authorization"].partition(" ")[2])


@pytest.mark.parametrize("rounds", [4, pytest.param(1700, marks=pytest.mark.slow)])
@pytest.mark.parametrize("end", ENDS)
def test_a_session_that_is_refreshed_while_it_ends_is_dead(
    house: Arena, somebody: Somebody, end: End, rounds: int
) -> None:
    last = []
    for number in range(rounds):
        house.sql("UPDATE users SET is_active = true WHERE id = :id", id=somebody.id)
        device, other = somebody.device(), somebody.device()
        method, path, body, token = end(somebody, device, other)
        clients = [caller(house, number), caller(house, number + 1, token)]

        def act(who: int, client: Client, device: Device = device, ending: Any = (method, path, body)) -> Answer:
            return client.call(*ending) if who else refresh_until_refused(client, device)

        refused, ended = race(clients, act)
        for client in clients:
            client.close()
        assert ended.status in (200, 204), ended
        assert (refused.status, refused.code) == REVOKED
        assert somebody.generation(device) == -1
        assert_dead(house, number + 1, device)
        last.append(device.access)
    assert_dead_everywhere(house, last)
    assert "refresh-reuse" not in somebody.results()


@pytest.mark.parametrize("rounds", [4, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.parametrize("end", [logout, change_password])
def test_reuse_while_the_session_ends_is_no_fault(house: Arena, somebody: Somebody, end: End, rounds: int) -> None:
    """Both end the same session, and both write about the same account."""
    last = []
    for number in range(rounds):
        device, other = somebody.device(), somebody.device()
        for _time in range(2):
            assert device.take(ask(house, number, "POST", "/auth/refresh", {"refresh_token": device.refresh}))
        method, path, body, token = end(somebody, device, other)
        clients = [caller(house, number), caller(house, number + 1, token)]
        spent = device.pairs[0][1]

        def act(who: int, client: Client, spent: str = spent, ending: Any = (method, path, body)) -> Answer:
            return client.call(*ending) if who else refresh(client, spent)

        reused, ended = race(clients, act)
        for client in clients:
            client.close()
        assert (reused.status, reused.code) == REVOKED
        assert (ended.status, ended.code) in {(204, ""), REVOKED}
        assert somebody.generation(device) == -1
        last.append(device.access)
    assert_dead_everywhere(house, last)


# -- signing in meanwhile ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rounds", [2, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("end", [change_password, disable])
def test_no_session_outlives_what_it_was_begun_with(house: Arena, somebody: Somebody, end: End, rounds: int) -> None:
    """People sign in with the old password while it is changed, or while the account is disabled."""
    for number in range(rounds):
        house.sql("UPDATE users SET is_active = true WHERE id = :id", id=somebody.id)
        house.sql("UPDATE users SET password_hash = :old WHERE id = :id", old=_OLD_HASH, id=somebody.id)
        other = somebody.device()
        method, path, body, token = end(somebody, other, other)
        clients = [caller(house, number, token), *(caller(house, number + each) for each in range(3))]
        begun: list[Device] = []

        def act(who: int, client: Client, begun: list[Device] = begun, ending: Any = (method, path, body)) -> Answer:
            if who == 0:
                return client.call(*ending)
            for _time in range(_ENOUGH):
                if (answer := somebody.login(client)).status != 200:
                    break
                begun.append(Device(int(answer.body["refresh_token"].split(".")[0])))
                begun[-1].take(answer)
            return answer

        answers = race(clients, act)
        for client in clients:
            client.close()
        assert answers[0].status in (200, 204), answers[0]
        assert outcomes(answers[1:]) == {WRONG: 3}
        assert somebody.alive() == ({other.session} if end is change_password else set())
        for device in begun:
            assert_dead(house, number, device)


def test_of_two_new_passwords_one_is_taken(house: Arena, somebody: Somebody) -> None:
    devices = [somebody.device() for _number in range(2)]
    clients = [caller(house, number, device.access) for number, device in enumerate(devices)]
    wanted = [f"{NEW}, number {number}" for number in range(2)]

    def act(number: int, client: Client) -> Answer:
        return client.call("PUT", "/me/password", {"old_password": PASSWORD, "new_password": wanted[number]})

    answers = race(clients, act)
    for client in clients:
        client.close()
    statuses = [answer.status for answer in answers]
    assert sorted(statuses) in ([204, 401], [204, 403], [204, 409])
    winner = statuses.index(204)
    assert somebody.alive() == {devices[winner].session}
    for number, password in enumerate(wanted):
        answer = ask(house, 0, "POST", "/auth/login", {"login": somebody.name, "password": password})
        assert (answer.status == 200) is (number == winner)


def test_many_sign_in_at_once_though_their_hash_is_renewed(house: Arena, somebody: Somebody) -> None:
    """The first of them stores a stronger hash: the password of the others was right all the same."""
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    house.sql("UPDATE users SET password_hash = :weak WHERE id = :id", weak=weak, id=somebody.id)
    clients = [caller(house, number) for number in range(6)]
    answers = race(clients, lambda _number, client: somebody.login(client))
    for client in clients:
        client.close()
    assert outcomes(answers) == {OK: 6}
    assert somebody.results() == {"success": 6}
    stored = house.sql("SELECT password_hash FROM users WHERE id = :id", id=somebody.id)[0][0]
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
