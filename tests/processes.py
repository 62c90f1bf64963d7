"""Real processes on real sockets: `pserve` with an ini of its own, and clients that keep a connection to it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cinema.accounts import services as accounts
from cinema.accounts.administration import CONSOLE, grant_role
from cinema.accounts.passwords import hash_password
from cinema.scripts.cli import main
from tests.app import API, PASSWORD
from tests.conftest import SECRET
from tests.databases import migrated_sqlite, open_database

_DEFAULTS = {
    "cinema.jwt_secret": SECRET,
    "cinema.payments": "sandbox",
    "cinema.login_limits": "off",
    "cinema.access_token_minutes": "1440",
    "cinema.opening_hours": "00:00-24:00",
}
_SERVER = """
[server:main]
use = egg:cinema
listen = 127.0.0.1:%(http_port)s
channel_timeout = 3600
"""
_PATIENCE = 30  # seconds until a process that neither answers nor ends counts as stuck


@dataclass(frozen=True)
class Server:
    """A server that runs; `log` is where its stderr goes."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    body: Any
    retry_after: str | None = None

    @property
    def code(self) -> str:
        """The code of a problem; the empty string for what is none."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Client:
    """Somebody with one connection to one server. For one thread at a time."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """A request below the API's prefix, whatever comes of it."""
        content = None if body is None else json.dumps(body).encode()
        self._http.request(method, API + path, content, self._headers)
        response = self._http.getresponse()
        text = response.read()
        return Answer(response.status, json.loads(text) if text else None, response.headers["Retry-After"])

    def get(self, path: str) -> Any:
        """The JSON at `path`."""
        return self._expect(200, self.call("GET", path))

    def create(self, path: str, body: Any) -> Any:
        """What posting creates."""
        return self._expect(201, self.call("POST", path, body))

    def close(self) -> None:
        """Closes the connection."""
        self._http.close()

    @staticmethod
    def _expect(status: int, answer: Answer) -> Any:
        assert answer.status == status, answer
        return answer.body


@contextmanager
def serving(folder: Path, url: str, count: int = 1, **more: str) -> Iterator[list[Server]]:
    """`count` servers on one database; `more` are settings without their prefix."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = _DEFAULTS | {"cinema.database_url": url} | {f"cinema.{name}": value for name, value in more.items()}
    ini = write_ini(folder / "cinema.ini", settings)
    with started(ini, count) as servers:
        yield servers


@contextmanager
def started(ini: Path, count: int = 1, **variables: str) -> Iterator[list[Server]]:
    """`count` servers with an ini, each on a port of its own; `variables` go into their environment."""
    servers: list[Server] = []
    try:
        for number in range(count):
            port, log = free_port(), ini.with_name(f"server-{number}.log")
            with log.open("wb") as output:
                command = [script("pserve"), str(ini), f"http_port={port}"]
                process = subprocess.Popen(command, stdout=output, stderr=output, env=environment(**variables))
            servers.append(Server(port, log, process))
        for server in servers:
            wait_until_live(server)
        yield servers
    finally:
        for server in servers:
            server.process.send_signal(signal.SIGTERM)
        for server in servers:
            server.process.wait(_PATIENCE)


def with_demo(folder: Path, password: str = PASSWORD) -> str:
    """A SQLite database with the demo's data; answers its URL. Both of its accounts have this password."""
    url = f"sqlite:///{migrated_sqlite(folder / 'cinema.sqlite3')}"
    ini = folder / "demo.ini"
    ini.write_text(f"[app:main]\nuse = egg:cinema\ncinema.database_url = {url}\n")
    filled = CliRunner().invoke(main, ["-c", str(ini), "demo", "--password-stdin"], input=password)
    assert filled.exit_code == 0, filled.output
    return url


def write_ini(path: Path, settings: Mapping[str, str]) -> Path:
    """An ini with these settings of the application; it wants `http_port` on the command line."""
    lines = "\n".join(f"{name} = {value.replace('%', '%%')}" for name, value in settings.items())
    path.write_text(f"[app:main]\nuse = egg:cinema\n{lines}\n{_SERVER}", encoding="utf-8")
    return path


def wait_until_live(server: Server) -> None:
    """Returns when the server answers; fails with what it wrote when it ends instead."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        http_client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
        try:
            http_client.request("GET", "/health/live")
            assert http_client.getresponse().status == 200
        except ConnectionError:  # not there yet, or just dying
            time.sleep(0.05)
            continue
        finally:
            http_client.close()
        return
    raise AssertionError(f"the server did not start: {server.log.read_text()}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def script(name: str) -> str:
    """The path of a command that is installed beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name(name))


def environment(**more: str) -> dict[str, str]:
    """The environment without any setting of cinema, then `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CINEMA_")} | more


def enrol(url: str, *usernames: str, role: str | None = None) -> None:
    """Makes accounts, all with the same password."""
    password_hash = hash_password(PASSWORD)
    database = open_database(url)
    with database.plain_session() as db, db.begin():
        for username in usernames:
            user_id = accounts.register(
                db,
                username=username,
                email=f"{username}@example.com",
                password_hash=password_hash,
                now=datetime.now(UTC),
            )
            if role:
                grant_role(db, user_id, role, CONSOLE, datetime.now(UTC))
    database.dispose()


def sign_in(server: Server, username: str) -> str:
    """Signs in over HTTP; answers the access token."""
    client = Client(server.port)
    answer = client.call("POST", "/auth/login", {"login": username, "password": PASSWORD})
    client.close()
    assert answer.status == 200, answer
    return str(answer.body["access_token"])
