"""The setting `cinema.dialects`: what is spoken where, what cannot be, and that each dialect can be taken away."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from webtest import TestApp, TestResponse

from cinema import main
from cinema.core.dialect import NATIVE, Dialect, problem_response
from cinema.core.resources import Item, Resource
from cinema.core.settings import read
from cinema.dialects import SETTING, DialectSettings
from tests.conftest import opened, settings
from tests.databases import migrated_sqlite
from tests.dialects.vhs.shop import RAMBO, assert_detail
from tests.processes import started, write_ini
from tests.startup.test_start import complaint, good
from tests.test_architecture import FILES, HOUSE, imports

DIALECTS = sorted(folder.name for folder in (HOUSE / "dialects").iterdir() if (folder / "__init__.py").exists())
PROBLEM = "application/problem+json"
SHELF = "/api/cassetes/"
ACCOUNT = {"username": "rick", "password": "123"}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CINEMA_DATABASE_URL", "CINEMA_JWT_SECRET"):
        monkeypatch.delenv(name, raising=False)


# -- the setting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("cobol = /", "there is no dialect 'cobol'; there are"),
        ("VHS = /", "there is no dialect 'VHS'"),
        ("accounts = /", "there is no dialect 'accounts'"),
        ("field_map = /", "there is no dialect 'field_map'"),
        ("vhs.views = /", "there is no dialect 'vhs.views'"),
        (". = /", "there is no dialect '.'"),
        ("= /", "there is no dialect ''"),
        ("vhs", "must be lines such as «site = /», not 'vhs'"),
        ("/", "must be lines such as «site = /», not '/'"),
        ("vhs = /\nnonsense", "must be lines such as «site = /», not 'nonsense'"),
        ("vhs = /\nvhs = /old", "vhs stands there twice"),
        ("vhs = /\n\n  vhs = /", "vhs stands there twice"),
    ],
)
def test_a_wrong_line_stops_the_start_and_names_the_setting(sqlite_template: Path, lines: str, what: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main({}, **settings(f"sqlite:///{sqlite_template}", **{SETTING: lines}))
    line = str(stopped.value)
    assert line.startswith(f"cinema: setting cinema.dialects: {what}")
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("lines", ["cobol = /", "vhs", "vhs = /\n  vhs = /old"])
def test_pserve_says_so_in_one_line_too(tmp_path: Path, sqlite_template: Path, lines: str) -> None:
    assert "setting cinema.dialects: " in complaint(tmp_path, good(sqlite_template) | {SETTING: lines})


def test_an_unknown_dialect_is_told_which_there_are(sqlite_template: Path) -> None:
    with pytest.raises(SystemExit, match=f"there are {', '.join(DIALECTS)}$"):
        main({}, **settings(f"sqlite:///{sqlite_template}", **{SETTING: "cobol = /"}))


@pytest.mark.parametrize(
    ("lines", "prefixes"),
    [
        ("", {}),
        (" \n\n ", {}),
        ("vhs = /", {"vhs": ""}),
        ("vhs =", {"vhs": ""}),
        ("vhs=/old/shop/", {"vhs": "old/shop"}),
        ("  vhs = old/shop\n\n\tsite = /\n", {"vhs": "old/shop", "site": ""}),
    ],
)
def test_lines_are_read_as_people_write_them(lines: str, prefixes: dict[str, str]) -> None:
    assert read(DialectSettings, {SETTING: lines}).prefixes == prefixes


# -- two at one path -----------------------------------------------------------------------------------------


class One(Resource):
    """Something that lives somewhere."""


class Other(Resource):
    """Something else."""


class Numbered(Item):
    """Something with an id."""


OLD, OLDER = (Dialect(name, problem_response) for name in ("old", "older"))


@pytest.fixture
def config() -> Configurator:
    """A configurator with an empty URL map."""
    found = Configurator()
    found.include("cinema.core.resources")
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("", "things"), ("", "things")),
        (("", "things/"), ("", "things")),
        (("", "things[/]"), ("", "things")),
        (("", "api/things"), ("api", "things")),
        (("a/b", "c"), ("/a/", "b//c")),
        (("", "things/*"), ("things", "*")),
    ],
)
def test_two_classes_at_one_path_are_refused_with_both_names(
    config: Configurator, first: tuple[str, str], second: tuple[str, str]
) -> None:
    config.add_resources(first[0], {first[1]: One}, OLD)
    with pytest.raises(ConfigurationError) as refused:
        config.add_resources(second[0], {second[1]: Other}, OLDER)
    assert str(refused.value).endswith(f"would be answered by two: {__name__}.One and {__name__}.Other")


def test_the_same_class_may_be_named_twice(config: Configurator) -> None:
    for _time in range(2):
        config.add_resources("", {"things": One, "things/*": Numbered}, OLD)


def test_paths_that_only_begin_alike_are_no_clash(config: Configurator) -> None:
    config.add_resources("api", {"things": One, "things/*": Numbered}, OLD)
    config.add_resources("api", {"things/*/more": Other, "thing": Other, "": Other}, OLDER)


def test_each_place_talks_as_whoever_is_alone_there_and_natively_where_they_meet(config: Configurator) -> None:
    config.add_resources("", {"api/things": One, "api/old/*": Numbered}, OLD)
    config.add_resources("", {"api/other": Other, "api/things/more": Other}, OLDER)
    url_map = config.registry.url_map
    for path, dialect in {
        "/": NATIVE,
        "/nothing": NATIVE,
        "/api": NATIVE,
        "/api/nothing": NATIVE,
        "/api/things": NATIVE,
        "/api/things/more": OLDER,
        "/api/things/more/still": OLDER,
        "/api/other": OLDER,
        "/api/other/nothing": OLDER,
        "/api/old": OLD,
        "/api//old/7": OLD,
    }.items():
        assert url_map.nearest(path).dialect is dialect, path


def test_dialects_that_would_answer_one_path_stop_the_start_with_one_line(
    tmp_path: Path, sqlite_template: Path
) -> None:
    both = complaint(tmp_path, good(sqlite_template) | {SETTING: "vhs = /\n  site = /api"})
    assert "setting cinema.dialects: site cannot be at api: /api/auth/login would be answered by two: " in both
    assert "cinema.dialects.vhs.resources.SignIn and cinema.dialects.site.resources.Login" in both


def test_a_dialect_that_would_answer_a_native_path_stops_the_start_with_one_line(
    tmp_path: Path, sqlite_template: Path
) -> None:
    line = complaint(tmp_path, good(sqlite_template) | {SETTING: "site = /api/v1"})
    assert "setting cinema.dialects: " in line
    assert " would be answered by two: " in line


def test_all_of_them_live_together_in_any_order(tmp_path: Path) -> None:
    lines = ["academy = /", "site = /", "vhs = /", "cinemapi = /cinemapi"]
    assert sorted(line.split()[0] for line in lines) == DIALECTS
    url = f"sqlite:///{migrated_sqlite(tmp_path / 'cinema.sqlite3')}"
    for order in (lines, lines[::-1]):
        with opened(url, **{SETTING: "\n".join(order)}) as router:
            http = TestApp(router)
            for path in (SHELF, "/movies/", "/cinemapi/movie/", "/api/swagger", "/health/live"):
                assert http.get(path).status_int == 200, path
            for path, key in (("/api/me/", "detail"), ("/user/", "message"), ("/api/v1/me", "code")):
                assert key in http.get(path, status=401).json, path


def test_one_dialect_can_be_at_one_prefix_and_another_at_the_next(tmp_path: Path) -> None:
    url = f"sqlite:///{migrated_sqlite(tmp_path / 'cinema.sqlite3')}"
    with opened(url, **{SETTING: "\n".join(f"{name} = /old/{name}" for name in DIALECTS)}) as router:
        http = TestApp(router)
        for path in ("/old/vhs/api/cassetes/", "/old/site/movies/", "/old/cinemapi/movie/"):
            assert http.get(path).json == [], path
        assert list(http.get("/old/academy/api/me/", status=401).json) == ["detail"]
        for path in (SHELF, "/movies/", "/cinemapi/movie/", "/api/me/", "/old/api/cassetes/"):
            assert http.get(path, status=404).content_type == PROBLEM, path


# -- a prefix ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["old/shop", "/old/shop/"])
def moved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestApp]:
    """A shop below a prefix."""
    url = f"sqlite:///{migrated_sqlite(tmp_path_factory.mktemp('moved') / 'cinema.sqlite3')}"
    with opened(url, **{SETTING: f"vhs = {request.param}"}) as router:
        yield TestApp(router)


def ask(http: TestApp, method: str, path: str, vhm_root: str | None = None, json: Any = None) -> TestResponse:
    """The answer; `vhm_root` is where a proxy says that what it serves lies."""
    headers = {} if vhm_root is None else {"X-Vhm-Root": vhm_root.encode().decode("latin-1")}
    if json is not None:
        return http.post_json(path, json, headers=headers, status="*")
    return http.request(path, method=method, headers=headers, status="*")


def test_a_dialect_answers_below_its_prefix_and_nowhere_else(moved: TestApp) -> None:
    assert ask(moved, "GET", f"/old/shop{SHELF}").status_int == 200
    assert ask(moved, "POST", "/old/shop/api/auth/signup", json={}).status_int == 400
    for path in (
        SHELF,
        "/api/auth/signup",
        "/api/swagger",
        f"/old{SHELF}",
        f"/shop{SHELF}",
        f"/old/shop/shop{SHELF}",
    ):
        for method in ("GET", "POST"):
            assert ask(moved, method, path).status_int == 404, path


def test_errors_below_the_prefix_are_in_its_form_and_all_others_native(moved: TestApp) -> None:
    for path, status in {
        "/old/shop": 404,
        "/old/shop/": 404,
        "/old/shop/nothing": 404,
        "/old/shop/api/nothing": 404,
        "/old/shop/api/v1/me": 404,
        "/old/shop/api/cassetes/1": 404,
        "/old/shop/api/auth/login": 405,
        "/old/shop/%FF": 400,
        "/old/shop/api/cassetes/%FF": 400,
        f"/old/shop/api/cassetes/?{'x=1&' * 100}": 400,
    }.items():
        assert_detail(ask(moved, "GET", path), status)
    for path, status in {
        "/nothing": 404,
        "/api/nothing": 404,
        "/api/cassetes/": 404,
        "/api/v1/me": 401,
        "/api/v1/nothing": 404,
        "/%FF": 400,
        "/api/%FF": 400,
    }.items():
        answer = ask(moved, "GET", path)
        assert (answer.status_int, answer.content_type) == (status, PROBLEM), path


@pytest.mark.parametrize("vhm_root", ["/old/shop", "/old/shop/"])
def test_a_proxy_that_takes_the_prefix_away_makes_it_answer_at_the_root(moved: TestApp, vhm_root: str) -> None:
    assert ask(moved, "GET", SHELF, vhm_root).status_int == 200
    taken = ask(moved, "POST", "/api/auth/login", vhm_root, json=ACCOUNT)
    assert list(taken.json) == ["non_field_errors"]
    refused = ask(moved, "POST", SHELF, vhm_root, json=RAMBO)
    assert_detail(refused, 401)
    assert refused.headers["WWW-Authenticate"] == "Token"
    for path, status in {
        "/nothing": 404,
        "/api/cassetes": 404,
        "/api/cassetes/x": 404,
        "/api/auth/login/": 404,
        "/api/auth/login": 405,
        "/api/v1/me": 404,
        "/health/live": 404,
        "/api/cassetes/%FF": 400,
        "/%FF": 400,
    }.items():
        assert_detail(ask(moved, "GET", path, vhm_root), status)


def test_whoever_signs_up_behind_a_proxy_is_known_in_front_of_it(moved: TestApp) -> None:
    key = ask(moved, "POST", "/api/auth/signup", "/old/shop", json=ACCOUNT).json["token"]
    made = moved.post_json(f"/old/shop{SHELF}", RAMBO, headers={"Authorization": f"Token {key}"}, status=201).json
    behind = {"Authorization": f"Token {key}", "X-Vhm-Root": "/old/shop"}
    assert moved.get(f"{SHELF}{made['id']}", headers=behind).json == made
    assert moved.delete(f"{SHELF}{made['id']}", headers=behind).status_int == 204
    native = moved.post_json("/api/v1/auth/login", {"login": "rick", "password": "123"})
    assert native.status_int == 200


@pytest.mark.parametrize(
    ("vhm_root", "path"),
    [
        ("/old/shop/api/cassetes/@@", "/"),
        ("/old/shop/api/cassetes", "/@@"),
        ("/old/shop/api/cassetes/@@/", "/x"),
        ("/old/shop/api/auth/signup", "/@@"),
        ("/old/shop/@@", SHELF),
        ("/@@/old/shop", SHELF),
        ("@@", f"/old/shop{SHELF}"),
        ("/@@old/shop", SHELF),
        ("/old/shop/api/auth/signup/@@", "/"),
        ("/old/shop/api/cassetes/./@@", "/"),
        ("/old/shop/api/cassetes//@@", "//"),
        ("/old/shop", "/api/cassetes/@@"),
        ("/old/shop", "/api/cassetes/%40%40"),
        ("/api/v1/me/@@", "/"),
        ("/api/v1/me", "/@@"),
        ("/api/v1/auth/login/@@", "/"),
        ("/api/v1/orders/1/@@pay", "/"),
        ("/api/v1/screenings/1", "/@@seats"),
        ("/health/live/@@", "/"),
        ("/health", "/live/@@"),
        ("", f"/old/shop{SHELF}@@"),
    ],
)
def test_there_is_no_other_way_to_a_view(moved: TestApp, vhm_root: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert ask(moved, method, path, vhm_root).status_int == 404


@pytest.mark.parametrize(
    ("vhm_root", "path", "status"),
    [
        ("", "/health/live", 200),
        ("/", "/health/live", 200),
        ("/health", "/live", 200),
        ("/api/v1", "/me", 401),
        ("/nothing", "/health/live", 404),
        ("/фильмы", "/health/live", 404),
        ("/" * 5000, "/health/live", 200),
        ("/x" * 5000, "/health/live", 404),
        ("\0", "/health/live", 404),
        ("?x=1", "/health/live", 404),
        ("http://example.com/", "/health/live", 404),
    ],
)
def test_whatever_a_proxy_may_say_is_an_address_like_any_other(
    moved: TestApp, vhm_root: str, path: str, status: int
) -> None:
    assert ask(moved, "GET", path, vhm_root).status_int == status


@pytest.mark.parametrize("vhm_root", ["/\xff", "\xff", "/old/shop/\xd0", "/old/shop\xff"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_proxy_that_says_no_utf_8_is_refused_like_a_path_that_is_none(
    moved: TestApp, vhm_root: str, method: str
) -> None:
    answer = moved.request("/api/v1/me", method=method, headers={"X-Vhm-Root": vhm_root}, status="*")
    assert answer.status_int == 400


# -- taking one away -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DIALECTS)
def test_nobody_outside_a_dialect_knows_of_it(name: str) -> None:
    own = f"cinema.dialects.{name}"
    outside = [file for file in FILES if HOUSE / "dialects" / name not in file.parents]
    assert 0 < len(outside) < len(FILES)
    for file in outside:
        for module, each in imports(file):
            assert not f"{module}.{each}.".startswith(f"{own}."), file


def house_without(folder: Path, *names: str) -> Path:
    """A copy of the house in which some dialects are missing; answers where to import it from."""
    shutil.copytree(HOUSE, folder / "cinema", ignore=shutil.ignore_patterns("__pycache__"))
    for name in names:
        shutil.rmtree(folder / "cinema" / "dialects" / name)
    return folder


@pytest.mark.parametrize("gone", [["vhs"], DIALECTS], ids=["one", "all"])
def test_without_its_folder_and_its_line_everything_else_works(tmp_path: Path, gone: list[str]) -> None:
    house = house_without(tmp_path / "house", *gone)
    database = migrated_sqlite(tmp_path / "cinema.sqlite3")
    kept = [name for name in DIALECTS if name not in gone]
    lines = "\n".join(f"  {name} = /{name}" for name in kept)
    ini = write_ini(tmp_path / "cinema.ini", good(database) | {SETTING: lines})
    account = {"username": "anna", "email": "anna@example.com", "password": "correct horse battery staple"}
    with (
        started(ini, PYTHONPATH=str(house)) as [server],
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as client,
    ):
        assert client.post("/api/v1/auth/register", json=account).status_code == 201
        login = {"login": "anna", "password": account["password"]}
        token = client.post("/api/v1/auth/login", json=login).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        for path in ("/api/v1/me", "/api/v1/movies", "/api/v1/cassettes", "/api/v1/orders"):
            assert client.get(path, headers=bearer).status_code == 200, path
        assert client.get(SHELF).status_code == client.get("/vhs/api/cassetes/").status_code == 404
        if "site" in kept:
            assert client.get("/site/movies/").json() == []
    assert "Traceback" not in server.log.read_text()


def test_a_line_without_a_folder_is_a_wrong_line(tmp_path: Path, sqlite_template: Path) -> None:
    """Which also shows that the copy is what is started."""
    house = house_without(tmp_path / "house", "vhs")
    line = complaint(tmp_path, good(sqlite_template) | {SETTING: "vhs = /"}, PYTHONPATH=str(house))
    rest = ", ".join(name for name in DIALECTS if name != "vhs")
    assert line == f"cinema: setting cinema.dialects: there is no dialect 'vhs'; there are {rest}"
