"""The rules of the house, read from the source: which floor may import which, and what every file keeps to."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.security import NO_PERMISSION_REQUIRED

HOUSE = Path(__file__).parents[1] / "cinema"
FLOORS = {
    "core": 0,
    "security": 0,
    "problems": 0,
    "accounts": 1,
    "catalogue": 1,
    "schedule": 2,
    "shop": 2,
    "booking": 3,
    "bookmarks": 3,
    "dialects": 4,
    "reports": 4,
    "contract": 4,
    "__init__": 5,
    "root": 5,
    "server": 5,
    "pshell": 5,
    "scripts": 5,
    "migrations": 5,
}
GROUND = {"core", "security", "problems"}  # the only neighbours that may know each other
LONGEST = 330
FILES = sorted(HOUSE.rglob("*.py"))
WRITTEN = [file for file in FILES if file.parent.name != "versions"]  # migrations are written by alembic


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name(file: Path) -> str:
    return str(file.relative_to(HOUSE))


def room(file: Path) -> str:
    """The folder of a file, or the name of a file that lies in none."""
    return Path(name(file)).with_suffix("").parts[0]


def imported(module: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Every import as (module, name in it); the name is empty for `import module`. `package` resolves dots."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*parents, *filter(None, [node.module])])
            yield from ((source, each.name) for each in node.names)


def imports(file: Path) -> list[tuple[str, str]]:
    return list(imported(tree(file), ".".join(file.relative_to(HOUSE.parent).parent.parts)))


def rooms_imported(found: list[tuple[str, str]]) -> set[str]:
    """The rooms of `cinema` that these imports reach into."""
    rooms = set()
    for module, each in found:
        parts = [*module.split("."), each]
        if parts[0] == "cinema":
            rooms.add(parts[1] if parts[1] in FLOORS else "__init__")
    return rooms


def may_import(one: str, other: str) -> bool:
    """Whether a room may import from another: itself, whatever lies lower, and on the ground each other."""
    return one == other or {one, other} <= GROUND or FLOORS[other] < FLOORS[one]


def undocumented(module: ast.Module) -> Iterator[str]:
    """Public classes, functions and methods without a docstring, and the module itself."""
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if module.body and not ast.get_docstring(module):
        yield "the module"
    for owner in (module, *(node for node in module.body if isinstance(node, ast.ClassDef))):
        for node in owner.body:
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
                yield node.name


def offences(rule: Callable[[Path], Iterable[object]], files: Iterable[Path]) -> dict[str, list[object]]:
    """What a rule finds, by file."""
    return {name(file): found for file in files if (found := list(rule(file)))}


# -- floors --------------------------------------------------------------------------------------------------


def test_every_room_has_a_floor() -> None:
    assert {"core", "booking", "root"} <= {room(file) for file in FILES} <= set(FLOORS)


def test_imports_run_downward_only() -> None:
    def wrong_way(file: Path) -> list[str]:
        return [other for other in rooms_imported(imports(file)) if not may_import(room(file), other)]

    assert offences(wrong_way, FILES) == {}


@pytest.mark.parametrize(
    ("one", "statement"),
    [
        ("core", "from cinema.accounts import models"),
        ("core", "from cinema import booking"),
        ("security", "import cinema.booking.orders"),
        ("catalogue", "from cinema.accounts.models import User"),
        ("shop", "from cinema.schedule.models import Hall"),
        ("schedule", "from ..booking import orders"),
        ("accounts", "from cinema.root import NATIVE"),
        ("booking", "def late():\n    from cinema.dialects.old import views"),
    ],
)
def test_an_import_that_runs_up_or_across_would_be_found(one: str, statement: str) -> None:
    [other] = rooms_imported(list(imported(ast.parse(statement), f"cinema.{one}")))
    assert not may_import(one, other)


# -- what each kind of file may know -------------------------------------------------------------------------


def mentioned(module: ast.Module) -> set[str]:
    """Every name in the code: used, imported, or given to an argument."""
    arguments = {node.arg for node in ast.walk(module) if isinstance(node, ast.arg)}
    names = {part for found in imported(module, "cinema") for each in found for part in each.split(".")}
    names |= {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    return names | arguments | {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}


def kind(stem: str) -> list[Path]:
    """All files of one name: every room has the same ones."""
    found = [file for file in WRITTEN if file.stem == stem]
    assert found
    return found


def test_models_know_of_no_request() -> None:
    def web(file: Path) -> set[str]:
        return mentioned(tree(file)) & {"pyramid", "webob", "waitress", "request", "Request"}

    assert offences(web, kind("models")) == {}


def test_presenters_have_no_session() -> None:
    def database(file: Path) -> set[str]:
        return mentioned(tree(file)) & {"Session", "Connection", "Reader", "execute"}

    assert offences(database, kind("presenters")) == {}


def test_urls_are_traversed_never_routed() -> None:
    def routes(file: Path) -> set[str]:
        return mentioned(tree(file)) & {"add_route", "route_name", "route_url"}

    assert offences(routes, FILES) == {}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from pyramid.request import Request", "pyramid"),
        ("def load(request): ...", "request"),
        ("import sqlalchemy.orm as orm\norm.Session()", "Session"),
        ("from sqlalchemy.orm import Session", "Session"),
        ("config.add_route('x', '/x')", "add_route"),
    ],
)
def test_whatever_a_file_mentions_would_be_found(source: str, name: str) -> None:
    assert name in mentioned(ast.parse(source))


# -- every file ----------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_anybody_reads() -> None:
    def lines(file: Path) -> list[int]:
        number = len(file.read_text(encoding="utf-8").splitlines())
        return [number] if number > LONGEST else []

    assert offences(lines, WRITTEN) == {}


def test_whatever_is_public_says_what_it_is() -> None:
    assert offences(lambda file: undocumented(tree(file)), WRITTEN) == {}


def test_something_without_a_docstring_would_be_found() -> None:
    source = '"""Here."""\nclass A:\n    """A."""\n    def b(self): ...\n    def _c(self): ...\ndef d(): ...\n'
    assert list(undocumented(ast.parse(source))) == ["d", "b"]
    assert list(undocumented(ast.parse("x = 1"))) == ["the module"]


# -- every view ----------------------------------------------------------------------------------------------


def add_view(**options: object) -> None:
    """Registers a view where the application's rules for views hold."""
    config = Configurator()
    config.include("cinema.core.views")
    config.add_view(lambda _context, _request: None, **options)
    config.commit()


def test_a_view_without_a_permission_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="has no permission"):
        add_view()


def test_a_view_may_say_that_it_needs_no_permission() -> None:
    add_view(permission=NO_PERMISSION_REQUIRED)


def test_a_view_of_an_exception_needs_no_permission() -> None:
    add_view(context=KeyError, exception_only=True)
