"""The catalogue of refusals against the source: whatever is raised is in it, and views name what they raise."""

import ast
import importlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED

from cinema.core.errors import Problem
from cinema.problems import FIELD_CODES, PROBLEMS, Cause, accounts, booking, everywhere, programme
from tests.conftest import opened
from tests.databases import migrated_sqlite

HOUSE = Path(__file__).parents[1] / "cinema"
ELSEWHERE = {"dialects", "migrations", "problems", "scripts", "server.py"}
OUTRIGHT = HOUSE / "booking" / "outright.py"  # for older clients, who hear the code of a conflict as that of a field
SOURCES = [
    file
    for file in sorted(HOUSE.rglob("*.py"))
    if file.relative_to(HOUSE).parts[0] not in ELSEWHERE and file != OUTRIGHT
]

# What follows from a view's other options, so it does not repeat it. Not `forbidden`, where a view raises it itself:
# that refuses some of those whom its permission lets in.
FOR_WHOM = {"unauthenticated", "token-expired", "token-invalid", "token-revoked", "not-found"}
IMPLIED = FOR_WHOM | {
    "invalid",
    "bad-request",
    "malformed-json",
    "not-an-object",
    "malformed-query",
    "malformed-path",
    "too-large",
    "unsupported-media-type",
    "method-not-allowed",
    "unavailable",
    "overloaded",
    "internal-error",
    "conflict",
    "http-error",
}
CANNOT_HAPPEN = {
    "ActorsViews.post": {"name-taken"},  # only the names of genres are unique
    "ActorViews.change": {"name-taken"},
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


# -- the source ----------------------------------------------------------------------------------------------


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__")


def word(node: ast.AST) -> str:
    """The last word of a name: `Conflict` of `errors.Conflict`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def texts(node: ast.AST) -> list[str]:
    """The text that an expression comes to, or both that it may come to."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def refusals() -> dict[str, type[Problem]]:
    """Every class of problem, by its name."""
    for file in SOURCES:
        importlib.import_module(module_name(file))
    kinds = [Problem]
    for kind in kinds:
        kinds += kind.__subclasses__()
    sources = {module_name(file) for file in SOURCES}
    return {kind.__name__: kind for kind in kinds if kind.__module__ in sources}


REFUSALS = refusals()


def given_codes(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg == "code"]


def raised(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The codes of the problems that are made in some code, each with its status."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            made, given = each.func, given_codes(each)
            if isinstance(made, ast.Attribute) and made.attr == "field":  # `Invalid.field(…)`
                made = made.value
        elif isinstance(each, ast.Raise) and each.exc and not isinstance(each.exc, ast.Call):
            made, given = each.exc, []
        else:
            continue
        if kind := REFUSALS.get(word(made)):
            codes = [code for value in given for code in texts(value)] if given else [kind.default_code]
            yield from ((code, kind.status) for code in codes)


def class_codes(module: ast.Module) -> Iterator[str]:
    """Codes that classes carry: `code = "token-expired"`, `default_code = "conflict"`."""
    for each in ast.walk(module):
        if isinstance(each, ast.ClassDef):
            for statement in each.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                if isinstance(statement, ast.AnnAssign) and statement.value:
                    targets = [statement.target]
                if {word(target) for target in targets} & {"code", "default_code"}:
                    yield from texts(statement.value)  # type: ignore[attr-defined]


FIELD_CODE_PLACES = {"refuse": 1, "Reason": 0, "FieldError": 1, "field": 1}  # which argument is the code


def field_codes(module: ast.Module) -> Iterator[str]:
    for each in ast.walk(module):
        if isinstance(each, ast.Call) and (place := FIELD_CODE_PLACES.get(word(each.func))) is not None:
            yield from (code for argument in each.args[place : place + 1] for code in texts(argument))


def unreadable_codes(module: ast.Module) -> Iterator[str]:
    """Codes that no text is given for: neither written out nor taken over from another problem or error."""
    for each in ast.walk(module):
        if not isinstance(each, ast.Call):
            continue
        name, given = word(each.func), []
        if name in REFUSALS:
            given = given_codes(each)
        elif name in FIELD_CODE_PLACES and len(each.args) > 2 - (name == "Reason"):
            given = [each.args[FIELD_CODE_PLACES[name]]]
        yield from (ast.unparse(each) for value in given if not texts(value) and word(value) != "code")


# -- the catalogue -------------------------------------------------------------------------------------------


def sentences() -> Iterator[tuple[str, str]]:
    for cause in PROBLEMS.values():
        yield from ((f"{cause.code}: cause", cause.cause), (f"{cause.code}: cure", cause.cure))
    yield from FIELD_CODES.items()


def test_the_catalogue_holds_exactly_the_codes_of_the_source() -> None:
    found = {code for file in SOURCES for code, _status in raised(tree(file))}
    found |= {code for file in SOURCES for code in class_codes(tree(file))}
    assert found == set(PROBLEMS)


def test_the_catalogue_holds_exactly_the_codes_of_fields() -> None:
    assert {code for file in SOURCES for code in field_codes(tree(file))} == set(FIELD_CODES)


def test_every_code_is_written_out_where_it_is_raised() -> None:
    assert [each for file in SOURCES for each in unreadable_codes(tree(file))] == []


def test_a_code_has_the_status_of_what_is_raised_with_it() -> None:
    found: dict[str, set[int]] = {}
    for code, status in (each for file in SOURCES for each in raised(tree(file))):
        found.setdefault(code, set()).add(status)
    del found["http-error"]  # its status is that of whatever the framework raised
    assert found == {code: {PROBLEMS[code].status} for code in found}
    assert len(found) > 40


def test_no_code_is_explained_twice() -> None:
    rooms = (everywhere, accounts, programme, booking)
    explained = Counter(cause.code for room in rooms for cause in room.CAUSES)
    assert explained == Counter(list(PROBLEMS))


def test_titles_are_short_and_no_sentences() -> None:
    titles = {cause.code: cause.title for cause in PROBLEMS.values()}
    assert [code for code, title in titles.items() if not (title[:1].isupper() and title[-1:].isalpha())] == []
    assert [code for code, title in titles.items() if len(title) > 40] == []
    assert len(set(titles.values())) == len(titles)


def test_sentences_begin_and_end_as_sentences() -> None:
    said = list(sentences())
    assert [name for name, text in said if not text[:1].isupper() or text[-1:] != "."] == []
    assert [name for name, text in said if "  " in text or text != text.strip() or ".." in text] == []
    assert [name for name, text in said if text.count("`") % 2] == []
    assert len({text for _name, text in said}) == len(said)


def test_a_cause_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        PROBLEMS["conflict"].status = 400  # type: ignore[misc]
    assert PROBLEMS["conflict"] == Cause(**{name: getattr(PROBLEMS["conflict"], name) for name in Cause.__slots__})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("raise Conflict('No.', code='in-use', dependents=1)", [("in-use", 409)]),
        ("raise errors.Forbidden('No.', code='outranked')", [("outranked", 403)]),
        ("x = Conflict('No.', code='a' if x else 'b')", [("a", 409), ("b", 409)]),
        ("raise NotFound", [("not-found", 404)]),
        ("raise Invalid.field('x', 'unknown', 'is no x')", [("invalid", 400)]),
        ("try: ...\nexcept KeyError: raise Forbidden('No.') from None", [("forbidden", 403)]),
    ],
)
def test_whatever_is_raised_would_be_found(source: str, found: list[tuple[str, int]]) -> None:
    assert list(raised(ast.parse(source))) == found


def test_codes_of_fields_and_hidden_codes_would_be_found() -> None:
    assert list(field_codes(ast.parse("refuse(node, 'a', 'is'); Invalid.field('x', 'b', 'is')"))) == ["a", "b"]
    assert list(field_codes(ast.parse("FieldError(f'x.{y}', 'c', 'is'); Reason('d', 'is')"))) == ["c", "d"]
    assert list(class_codes(ast.parse("class A(B):\n    code = 'e'\n    default_code: str = 'f'"))) == ["e", "f"]
    assert len(list(unreadable_codes(ast.parse("Conflict('No.', code=WHY); refuse(node, WHY, 'is')")))) == 2
    assert not list(unreadable_codes(ast.parse("Conflict('No.', code=error.code)")))


# -- views and what they lead to -----------------------------------------------------------------------------


class Calls:
    """Which function leads to which, as far as names tell.

    A function leads to all that it mentions: functions by their name, methods of unknown objects by theirs, and from
    an announced event to whoever is told of it.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self.functions: dict[str, Function] = {}
        self.named: dict[str, dict[str, str]] = {}  # what the names in a module stand for
        self.methods: dict[str, list[str]] = {}
        self.told: dict[str, list[str]] = {}
        for file in files:
            self._read(module_name(file), tree(file))

    def _read(self, module: str, source: ast.Module) -> None:
        names = self.named.setdefault(module, {})
        for node in ast.walk(source):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        for node in source.body:
            if isinstance(node, Function):
                names[node.name] = f"{module}.{node.name}"
                self.functions[f"{module}.{node.name}"] = node
            elif isinstance(node, ast.ClassDef):
                names[node.name] = f"{module}.{node.name}"
                self._read_class(module, node)

    def _read_class(self, module: str, owner: ast.ClassDef) -> None:
        for node in owner.body:
            if not isinstance(node, Function):
                continue
            key = f"{module}.{owner.name}.{node.name}"
            self.functions[key] = node
            if not owner.name.endswith("Views"):
                self.methods.setdefault(node.name, []).append(key)
            for argument in node.args.args:
                if node.name == "__call__" and argument.annotation:
                    self.told.setdefault(word(argument.annotation), []).append(key)

    def following(self, key: str) -> Iterator[str]:
        """The functions that one mentions."""
        module = next(module for module in sorted(self.named, key=len, reverse=True) if key.startswith(f"{module}."))
        names, owner = self.named[module], key.rpartition(".")[0]
        for node in ast.walk(self.functions[key]):
            if isinstance(node, ast.Name):
                target = names.get(node.id, "")
                yield from (target, f"{target}.__init__", *self.told.get(node.id, ()))
            elif isinstance(node, ast.Attribute):
                target = names.get(word(node.value), "") if isinstance(node.value, ast.Name) else ""
                own = f"{owner}.{node.attr}"
                if own in self.functions and word(node.value) == "self":
                    yield own
                elif target in self.named or f"{target}.{node.attr}" in self.functions:
                    yield f"{target}.{node.attr}"
                else:
                    yield from self.methods.get(node.attr, ())

    def reached(self, keys: Iterable[str]) -> set[str]:
        """All functions that these lead to."""
        seen: set[str] = set()
        waiting = [key for key in keys if key in self.functions]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                waiting += [each for each in self.following(key) if each in self.functions]
        return seen

    def codes(self, keys: Iterable[str]) -> set[str]:
        """The codes that are raised on the way."""
        return {code for key in self.reached(keys) for code, _status in raised(self.functions[key])}


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Every native view with its options; `permission` among them."""
    file = migrated_sqlite(tmp_path_factory.mktemp("problems") / "cinema.sqlite3")
    with opened(f"sqlite:///{file}") as router:
        found = router.registry.introspector.get_category("views")
        known = [{**each["introspectable"], "permission": permission(each["related"])} for each in found]
        yield [view for view in known if is_native(view)]


def permission(related: Iterable[Any]) -> Any:
    return next((each["value"] for each in related if each.category_name == "permissions"), None)


def is_native(view: dict[str, Any]) -> bool:
    """Whether a room wrote it: no exception view, no fallback."""
    module = view["callable"].__module__
    return (
        isinstance(view["context"], type)
        and not issubclass(view["context"], Exception)
        and module.startswith("cinema.")
        and module != "cinema.core.views"
    )


def name(view: dict[str, Any]) -> str:
    """The name of the view's function or method."""
    whole: str = view["callable"].__qualname__
    return f"{whole}.{view['attr']}" if view["attr"] else whole


def written(view: dict[str, Any]) -> list[str]:
    """The functions that a view is made of, wherever they are inherited from."""
    made = view["callable"]
    parts = [getattr(made, view["attr"]), made.__init__] if view["attr"] else [made]
    return [f"{part.__module__}.{part.__qualname__}" for part in parts if hasattr(part, "__module__")]


def declared(view: dict[str, Any]) -> set[str]:
    return set(view.get("refuses") or ())


def test_views_name_codes_of_the_catalogue_only(views: list[dict[str, Any]]) -> None:
    assert {code for view in views for code in declared(view)} <= set(PROBLEMS)


def test_views_do_not_repeat_what_follows_from_their_other_options(views: list[dict[str, Any]]) -> None:
    repeated = {}
    for view in views:
        follows = IMPLIED - FOR_WHOM if view["permission"] == NO_PERMISSION_REQUIRED else IMPLIED
        if declared(view) & follows:
            repeated[name(view)] = declared(view) & follows
    assert repeated == {}


def test_views_name_each_code_once(views: list[dict[str, Any]]) -> None:
    assert [name(view) for view in views if len(declared(view)) < len(view.get("refuses") or ())] == []


def test_views_name_what_their_services_raise_and_nothing_else(views: list[dict[str, Any]]) -> None:
    calls = Calls(SOURCES)
    named: dict[str, set[str]] = {}
    leads_to = {}
    for view in views:
        named.setdefault(name(view), set()).update(declared(view) - IMPLIED)
        leads_to[name(view)] = calls.codes(written(view)) - IMPLIED - CANNOT_HAPPEN.get(name(view), set())
    assert named == leads_to
    assert len([codes for codes in leads_to.values() if codes]) > 20


def test_what_a_function_leads_to_would_be_found() -> None:
    calls = Calls(SOURCES)
    assert calls.codes(["cinema.shop.services.delete_cassette"]) == {"in-use", "not-found"}  # in another module
    assert "overlap" in calls.codes(["cinema.catalogue.services.change_movie"])  # by a listener
    assert "not-yours-to-give" in calls.codes(["cinema.accounts.administration.create_role"])  # by an object's method
    assert calls.codes(["cinema.core.text.fold"]) == set()
