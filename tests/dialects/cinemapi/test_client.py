"""The calls of the documented client, in its order, over real HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.app import PASSWORD
from tests.processes import Client, Server, enrol, serving, sign_in

ACCOUNT = {"username": "user", "email": "user@mail.ru", "password": "testing321"}


@pytest.fixture
def server(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Server]:
    """A server with three halls, as the original has them from the start."""
    url = new_database("cinemapi_client")
    enrol(url, "boss", role="staff")
    with serving(tmp_path, url, dialects="cinemapi = /cinemapi") as [running]:
        native = Client(running.port, sign_in(running, "boss"))
        for name, rows in (("Red hall", 10), ("Blue hall", 12), ("White hall", 15)):
            native.create("/halls", {"name": name, "rows": rows, "seats_in_row": 30})
        native.close()
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client that knows nobody yet."""
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}/cinemapi/", timeout=30, trust_env=False) as opened:
        yield opened


def signed_in(client: httpx.Client, username: str, password: str) -> tuple[dict[str, str], str]:
    """The header for somebody, and the refresh token."""
    answer = client.post("token/", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    pair = answer.json()
    return {"Authorization": f"Bearer {pair['access']}"}, pair["refresh"]


def test_the_documented_calls_in_their_order(client: httpx.Client) -> None:
    registered = client.post("register/", json=ACCOUNT)
    assert registered.status_code == 201
    me = registered.json()
    assert me == {"id": me["id"], "username": "user", "email": "user@mail.ru"}

    _first, refresh = signed_in(client, "user", "testing321")
    refreshed = client.post("token/refresh/", json={"refresh": refresh})
    assert refreshed.status_code == 200
    user = {"Authorization": f"Bearer {refreshed.json()['access']}"}
    boss, _refresh = signed_in(client, "boss", PASSWORD)

    assert client.get("current_user/", headers=user).json() == me
    assert client.get("current_user/").status_code == 401
    assert client.get("user/", headers=user).status_code == 403
    assert me in client.get("user/", headers=boss).json()
    assert client.get(f"user/{me['id']}/", headers=boss).json() == me

    halls = client.get("hall/").json()
    assert [(hall["name"], hall["row_count"], hall["seat_count"]) for hall in halls] == [
        ("Red hall", 10, 30),
        ("Blue hall", 12, 30),
        ("White hall", 15, 30),
    ]
    assert client.get(f"hall/{halls[0]['id']}/").json() == halls[0]

    film = client.post("movie/", json={"name": "Stalker", "duration": "02:43:00"}, headers=boss)
    assert film.status_code == 201
    movie = film.json()["id"]
    assert client.get("movie/").json() == [film.json()]
    assert client.get(f"movie/{movie}/").json() == {"id": movie, "name": "Stalker", "duration": "02:43:00"}
    assert client.patch(f"movie/{movie}/", json={"duration": "161:30"}, headers=boss).json()["duration"] == "02:41:30"
    replaced = client.put(f"movie/{movie}/", json={"name": "Сталкер", "duration": "02:41:30"}, headers=boss)
    assert replaced.json() == {"id": movie, "name": "Сталкер", "duration": "02:41:30"}
    assert client.post("movie/", json={"name": "x", "duration": "5"}, headers=user).status_code == 403
    spare = client.post("movie/", json={"name": "spare", "duration": "5"}, headers=boss).json()["id"]
    assert client.delete(f"movie/{spare}/", headers=boss).status_code == 204

    tomorrow = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    plan = {"hall": halls[0]["id"], "movie": movie, "started_at": tomorrow.isoformat(), "price": "9.50"}
    planned = client.post("session/", json=plan, headers=boss)
    assert planned.status_code == 201
    session = planned.json()["id"]
    assert client.get("session/").json() == [planned.json()]
    assert client.patch(f"session/{session}/", json={"price": "10"}, headers=boss).json()["price"] == "10.00"
    replaced = client.put(f"session/{session}/", json=plan | {"hall": halls[1]["id"]}, headers=boss)
    assert (replaced.status_code, replaced.json()["hall"]) == (200, halls[1]["id"])
    gone = client.post("session/", json=plan, headers=boss).json()["id"]
    assert client.delete(f"session/{gone}/", headers=boss).status_code == 204

    booking = {"session": session, "row": 2, "seat": 3, "user": me["id"]}
    booked = client.post("book/", json=booking, headers=user)
    assert booked.status_code == 201
    ticket = booked.json()
    assert ticket == {"id": ticket["id"], **booking, "ticket_status": {"id": 1, "name": "booked"}}
    assert client.post("book/", json=booking, headers=user).status_code == 400
    assert client.get("ticket/", headers=user).json() == [ticket]
    assert client.get(f"ticket/{ticket['id']}/", headers=user).json() == ticket
    assert client.get("ticket/", headers=boss).json() == [ticket]
    assert client.get(f"session/{session}/").json()["tickets"] == [{"row": 2, "seat": 3}]

    second = client.post("book/", json=booking | {"seat": 4}, headers=user).json()["id"]
    assert client.delete(f"ticket/{second}/", headers=user).status_code == 403
    assert client.delete(f"ticket/{second}/", headers=boss).status_code == 204

    paid = client.patch(f"pay/{ticket['id']}/", headers=user)
    assert (paid.status_code, paid.json()) == (200, ticket | {"ticket_status": {"id": 2, "name": "paid"}})
    assert client.patch(f"pay/{ticket['id']}/", headers=user).status_code == 409
    assert client.delete(f"ticket/{ticket['id']}/", headers=boss).status_code == 400
    assert client.delete(f"session/{session}/", headers=boss).status_code == 400
    assert client.delete(f"movie/{movie}/", headers=boss).status_code == 400


def test_the_client_may_send_its_old_token_when_it_signs_in_again(client: httpx.Client) -> None:
    client.headers["Authorization"] = "Bearer expired"
    boss, refresh = signed_in(client, "boss", PASSWORD)
    assert client.post("token/refresh/", json={"refresh": refresh}).status_code == 200
    assert client.get("hall/").status_code == 401
    assert len(client.get("hall/", headers=boss).json()) == 3
