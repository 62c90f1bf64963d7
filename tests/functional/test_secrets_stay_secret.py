"""Passwords, tokens and e-mail addresses: in no log, in no answer but their owner's, in no table in the clear."""

import base64
import http.client
import json
import re
import socket
from collections.abc import Callable, Mapping
from configparser import RawConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cinema.core.db.base import Base
from tests.app import API, PASSWORD
from tests.databases import open_database
from tests.processes import Server, enrol, started

SHOUTED = "not even HTTP"
DEVELOPMENT = Path(__file__).parents[2] / "development.ini"
JSON = {"Content-Type": "application/json"}
ANNA, BORIS = "canary.anna@example.com", "canary.boris@example.com"
OLD, NEW, WRONG, MISTYPED = (f"canary-{kind}-пароль-7351" for kind in ("old", "new", "wrong", "mistyped"))
PASSWORDS = {PASSWORD, OLD, NEW, WRONG, MISTYPED}
HASH = re.compile(r"\$argon2|password_hash|sign_in_key")


@dataclass
class Heard:
    """An answer, and who got it; the empty string is a stranger."""

    who: str
    path: str
    status: int
    text: str


@dataclass
class Traffic:
    """What was sent to a server, and what it answered."""

    server: Server
    heard: list[Heard] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def send(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Sends something, JSON unless it is bytes; answers the JSON that comes back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, API + path, content, JSON | headers)
        response = connection.getresponse()
        text = f"{response.headers}\n{response.read().decode()}"
        connection.close()
        self.heard.append(Heard(who, path, response.status, text))
        found = text.partition("\n\n")[2].strip()
        return json.loads(found) if found else {}

    def sign_in(self, login: str, password: str) -> Mapping[str, str]:
        """Signs in; answers the header to call with, and the refresh token under a name of its own."""
        return self.keep(self.send("", "POST", "/auth/login", {"login": login, "password": password}))

    def refresh(self, token: str) -> Mapping[str, str]:
        """Exchanges a refresh token."""
        return self.keep(self.send("", "POST", "/auth/refresh", {"refresh_token": token}))

    def keep(self, pair: Mapping[str, str]) -> Mapping[str, str]:
        """Remembers a pair of tokens, if it is one."""
        self.tokens |= {pair[name] for name in ("access_token", "refresh_token") if name in pair}
        return pair

    def shout(self, request: bytes) -> None:
        """Sends what is hardly HTTP."""
        with socket.create_connection(("127.0.0.1", self.server.port), 30) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        self.heard.append(Heard("", SHOUTED, int(text.split(" ", 2)[1]), text))


def debugging_ini(folder: Path, url: str) -> Path:
    """development.ini, on another database, with limits on attempts, and with everything logged that can be."""
    parser = RawConfigParser()
    parser.read(DEVELOPMENT, encoding="utf-8")
    parser["app:main"]["cinema.database_url"] = url.replace("%", "%%")
    parser["app:main"]["cinema.login_limits"] = "on"
    parser["loggers"]["keys"] += ", sqlalchemy"
    parser["logger_sqlalchemy"] = {"level": "DEBUG", "handlers": "", "qualname": "sqlalchemy"}
    for section in ("logger_root", "logger_cinema"):
        parser[section]["level"] = "DEBUG"
    ini = folder / "debugging.ini"
    with ini.open("w", encoding="utf-8") as file:
        parser.write(file)
    return ini


def bearer(pair: Mapping[str, str]) -> dict[str, str]:
    """The header to call with."""
    return {"Authorization": f"Bearer {pair['access_token']}"}


def live(traffic: Traffic) -> None:
    """A day of Anna, Boris and somebody of the staff, and of what else comes along."""
    send = traffic.send
    for name, email in (("anna", ANNA), ("boris", BORIS)):
        send(name, "POST", "/auth/register", {"username": name, "email": email, "password": OLD})
    for body in (
        {"username": "anna", "email": "x@example.com", "password": OLD},
        {"username": "other", "email": ANNA.upper(), "password": OLD},
        {"username": ANNA, "email": "x", "password": OLD},
        {"username": "x", "email": "x@example.com", "password": "short"},
        {"username": "x", "email": "x@example.com", "password": OLD, "is_superuser": OLD},
    ):
        send("", "POST", "/auth/register", body)
    sign_in_and_out(traffic)
    change_passwords(traffic)
    look_around(traffic)
    send_garbage(traffic)


def sign_in_and_out(traffic: Traffic) -> None:
    """Good and bad attempts, refreshes, reuse, until the limits say no."""
    pair = traffic.sign_in(ANNA, OLD)
    traffic.send("anna", "GET", "/me", **bearer(pair))
    following = traffic.refresh(pair["refresh_token"])
    traffic.refresh(following["refresh_token"])
    traffic.refresh(pair["refresh_token"])
    traffic.refresh(following["refresh_token"][:-3] + "AAA")
    traffic.refresh(WRONG)
    traffic.send("", "POST", "/auth/logout", {}, **bearer(pair))
    traffic.send("", "GET", "/me", **bearer(pair))
    traffic.sign_in(MISTYPED, OLD)  # a password where the name should be
    traffic.sign_in("nobody" + ANNA, WRONG)
    for _attempt in range(7):
        traffic.sign_in(BORIS, WRONG)


def change_passwords(traffic: Traffic) -> None:
    """A new password and a new address, rightly and wrongly."""
    anna = traffic.sign_in("anna", OLD)
    for old, new in ((WRONG, NEW), (OLD, "short"), (OLD, ANNA), (OLD, NEW), (OLD, NEW)):
        traffic.send("anna", "PUT", "/me/password", {"old_password": old, "new_password": new}, **bearer(anna))
    for password, email in ((WRONG, "canary.new@example.com"), (NEW, BORIS), (NEW, "canary.new@example.com")):
        traffic.send("anna", "PUT", "/me/login", {"email": email, "current_password": password}, **bearer(anna))
    traffic.send("anna", "PUT", "/me/login", {"email": ANNA, "current_password": NEW}, **bearer(anna))


def look_around(traffic: Traffic) -> None:
    """Everybody reads what there is, staff also about others."""
    anna, staff = traffic.sign_in("anna", NEW), traffic.sign_in("staff", PASSWORD)
    found = traffic.send("staff", "GET", f"/users?q={ANNA}&limit=1", **bearer(staff))["items"][0]
    paths = ["", "/roles", "/history", "/sessions"]
    for who, pair in (("staff", staff), ("anna", anna), ("", {"access_token": "x.y.z"})):
        for path in [f"/users/{found['id']}{path}" for path in paths] + ["/users?limit=1", "/roles", "/permissions"]:
            traffic.send(who, "GET", path, **bearer(pair))
        for path in ("/me", "/me/history", "/me/sessions", "/orders", "/movies", "/tickets", "/me/bookmarks"):
            traffic.send(who, "GET", path, **bearer(pair))
        for question in ({"permission": OLD}, {"permission": "view", "path": f"/{OLD}"}):
            traffic.send(who, "POST", "/permissions/check", question, **bearer(pair))
    traffic.send("staff", "PATCH", f"/users/{found['id']}", {"is_active": False}, **bearer(staff))
    traffic.send("", "GET", "/me", **bearer(anna))
    traffic.sign_in("anna", NEW)


def send_garbage(traffic: Traffic) -> None:
    """What is no request, with secrets in it."""
    login, whole = "/auth/login", json.dumps({"login": ANNA, "password": OLD}).encode()
    for body in (
        whole[:-4],
        whole + whole,
        whole[:-1] + b', "password": "' + OLD.encode() + b'"}',
        b"\xff" + whole,
        whole.replace(b'"password"', b'"login"'),
        json.dumps([ANNA, OLD]).encode(),
        json.dumps({"login": {"password": OLD}, "password": [OLD, ANNA]}).encode(),
        json.dumps({"login": ANNA * 20, "password": OLD * 100}).encode(),
        json.dumps({"login": ANNA, "password": OLD + "\ud800\0"}).encode(),
        b"[" * 100_000 + whole,
        whole + b" " * (1 << 20),
    ):
        traffic.send("", "POST", login, body)
    traffic.send("", "POST", login, whole, **{"Content-Type": "text/plain"})
    traffic.send("", "POST", f"{login}?password=canary-{NEW[-4:]}&login={ANNA}", whole)
    traffic.send("", "GET", f"{login}/{ANNA}")
    basic = base64.b64encode(f"anna:{NEW}".encode()).decode()
    token = max(traffic.tokens, key=len)
    for credentials in (f"Basic {basic}", f"Bearer {token}x", f"Bearer {token[:-10]}", f"Token {token}", token):
        traffic.send("", "GET", "/me", Authorization=credentials)
    traffic.tokens |= {basic}
    for request in (
        f"GET {API}/me HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer {token}\r\n\r\n",
        f"GET {API}/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nBad\0header{ANNA}: {basic}\r\n\r\n",
        f"{token} {API}/me HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST {API}/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: x{basic}\r\n\r\n",
        f"POST {API}/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {basic}\r\n\r\n",
        f"POST {API}/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{basic}\r\n\r\n",
    ):
        traffic.shout(request.encode())


@pytest.fixture(scope="module")
def traffic(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What was sent and heard, what was logged, and what every table holds."""
    url = new_database("secrets")
    enrol(url, "staff", role="staff")
    with started(debugging_ini(tmp_path_factory.mktemp("secrets"), url)) as [server]:
        found = Traffic(server)
        live(found)
    database = open_database(url)
    with database.readers.connect() as connection:
        tables = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
    database.dispose()
    return found, found.server.log.read_text(encoding="utf-8"), tables


def pieces(tokens: set[str]) -> set[str]:
    """Tokens, and what in them is secret: the end."""
    return tokens | {token.rpartition(".")[2] for token in tokens}


def held(canaries: set[str], text: str) -> set[str]:
    """The canaries that a text holds, as they are or as JSON writes them."""
    return {each for each in canaries if each in text or json.dumps(each)[1:-1] in text}


def test_the_day_was_eventful(traffic: Any) -> None:
    found, log, _tables = traffic
    statuses = {heard.status for heard in found.heard}
    assert statuses >= {200, 201, 204, 400, 401, 403, 404, 409, 413, 415, 429}
    assert not statuses & {500, 503}
    assert len(found.tokens) > 10
    assert "DEBUG" in log
    assert "INSERT INTO users" in log


def test_no_log_holds_a_password_a_token_or_an_address(traffic: Any) -> None:
    found, log, _tables = traffic
    key = found.server.log.with_name("development.secret").read_text(encoding="utf-8").strip()
    assert held(PASSWORDS | pieces(found.tokens) | {key, ANNA, BORIS, "canary"}, log) == set()
    assert "$argon2" not in log


def test_no_answer_holds_a_password_or_a_hash(traffic: Any) -> None:
    for heard in traffic[0].heard:
        assert (heard.path, held(PASSWORDS, heard.text)) == (heard.path, set())
        assert (heard.path, HASH.findall(heard.text)) == (heard.path, [])


def test_tokens_are_answered_only_where_they_are_asked_for(traffic: Any) -> None:
    found = traffic[0]
    for heard in found.heard:
        if heard.path not in ("/auth/login", "/auth/refresh", SHOUTED):  # waitress repeats what it cannot read
            assert (heard.path, held(pieces(found.tokens), heard.text)) == (heard.path, set())


def test_an_address_is_shown_to_its_owner_and_to_staff(traffic: Any) -> None:
    found = traffic[0]
    own = {"anna": {BORIS}, "boris": {ANNA}, "staff": set(), "": {ANNA, BORIS}}
    for heard in found.heard:
        assert (heard.who, heard.path, held(own[heard.who], heard.text)) == (heard.who, heard.path, set())
    assert {heard.who for heard in found.heard if ANNA in heard.text} == {"anna", "staff"}


def test_no_table_holds_a_password_or_a_token(traffic: Any) -> None:
    found, _log, tables = traffic
    assert len(tables["users"]) == 3
    assert all(tables[name] for name in ("sessions", "sign_ins", "login_attempts", "access_events"))
    for name, rows in tables.items():
        for row in rows:
            values = " ".join(map(str, row.values()))
            assert (name, held(PASSWORDS | pieces(found.tokens), values)) == (name, set())
            if name != "users":
                assert (name, held({ANNA, BORIS, "canary"}, values)) == (name, set())
