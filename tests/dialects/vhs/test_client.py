"""A client that does what the document of the cassette shop shows, call by call, over a real socket."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.processes import serving

RICK = {"username": "rick", "password": "123"}
RAMBO = {"title": "Rambo", "director": "Ted Kotcheff", "released": "1992-10-22"}


@pytest.fixture
def client(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a shop that has just opened."""
    with (
        serving(tmp_path, new_database("client"), dialects="vhs = /") as [server],
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as found,
    ):
        yield found
    assert "Traceback" not in server.log.read_text()


def test_the_documented_calls_in_their_order(client: httpx.Client) -> None:
    assert client.get("/api/swagger").status_code == client.get("/api/swagger/").status_code == 200
    signed_up = client.post("/api/auth/signup", json=RICK)
    assert (signed_up.status_code, signed_up.json()["user"]) == (201, {"username": "rick"})
    signed_in = client.post("/api/auth/login", json=RICK)
    assert (signed_in.status_code, signed_in.json()["user"]) == (200, {"username": "rick"})
    keys = [answer.json()["token"] for answer in (signed_up, signed_in)]
    assert "123" not in signed_up.text.replace(keys[0], "") + signed_in.text.replace(keys[1], "")

    assert client.get("/api/cassetes/").json() == []
    stranger = client.post("/api/cassetes/", json=RAMBO)
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, "Token")

    client.headers["Authorization"] = f"Token {keys[1]}"
    created = client.post("/api/cassetes/", json=RAMBO)
    assert (created.status_code, created.headers["Content-Type"]) == (201, "application/json")
    tape = created.json()
    assert tape == {"id": tape["id"], **RAMBO, "quantity": 0}
    address = f"/api/cassetes/{tape['id']}"

    replaced = client.put(address, json=RAMBO | {"quantity": 3})
    assert (replaced.status_code, replaced.json()) == (200, tape | {"quantity": 3})

    changed = client.patch(address, json={"quantity": 5})
    assert (changed.status_code, changed.content) == (204, b"")
    assert client.get(address).json() == tape | {"quantity": 5}

    found = client.get("/api/cassetes/", params={"director": "Ted Kotcheff", "quantity": 5})
    assert (found.status_code, found.json()) == (200, [tape | {"quantity": 5}])
    assert client.get("/api/cassetes/", params={"quantity": 3}).json() == []

    client.headers["Authorization"] = f"Token {keys[0]}"  # the earlier one is as good
    deleted = client.delete(address)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.delete(address).status_code == 404
    assert client.get("/api/cassetes/").json() == []
