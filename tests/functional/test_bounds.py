"""How much may come in: addresses, parameters, arrays, digits. What is more is told, not computed."""

import json
from collections.abc import Iterator
from typing import Any

import colander
import pytest
from webtest import TestResponse

from cinema.core.resources import LONGEST_ADDRESS
from cinema.core.schemas import MAX_LIST, Integer, List, Number
from tests.app import API, Cinema, fields
from tests.conftest import opened
from tests.databases import empty, migrated_sqlite

LONG = LONGEST_ADDRESS - len(f"{API}/movies") - len("title=")

BOUNDS = {"array": {"maxItems"}, "string": {"maxLength", "enum", "format", "pattern"}}
NINES = "9" * 5000


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An application that speaks everything. What is too much is told before any engine hears of it."""
    url = f"sqlite:///{migrated_sqlite(tmp_path_factory.mktemp('bounds') / 'cinema.sqlite3')}"
    dialects = "academy = /\nsite = /\nvhs = /\ncinemapi = /cinemapi"
    with opened(url, **{"cinema.dialects": dialects}) as router:
        yield router


@pytest.fixture
def cinema(application: Any) -> Iterator[Cinema]:
    """An empty cinema."""
    empty(application.registry.database)
    with Cinema(application) as house:
        yield house


# -- addresses -----------------------------------------------------------------------------------------------


def assert_too_long(answer: TestResponse) -> None:
    problem = answer.json
    assert (answer.status_int, answer.content_type) == (414, "application/problem+json")
    assert (problem["code"], problem["status"], problem["request_id"]) == ("uri-too-long", 414, "of-a-test")
    assert str(LONGEST_ADDRESS) in problem["detail"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_may_be_as_long_as_it_says_and_no_longer(cinema: Cinema) -> None:
    admin = cinema.admin
    longest = admin.call("GET", f"/movies?title={'x' * LONG}")
    assert (longest.status_int, fields(longest.json)) == (400, {"title"})
    assert_too_long(admin.call("GET", f"/movies?title={'x' * (LONG + 1)}"))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [f"/movies/{'9' * 9000}", f"/{'x/' * 4500}", "/movies?" + "a=1&" * 2500])
def test_a_longer_one_is_told_so_whatever_it_leads_to(cinema: Cinema, method: str, path: str) -> None:
    with cinema.statements() as seen:
        assert_too_long(cinema.stranger.call(method, path))
    assert seen == []


def test_an_older_client_is_told_in_its_own_words(cinema: Cinema) -> None:
    refused = cinema.http.get(f"/api/cinema/movies/?title={'x' * 9000}", status=414)
    assert [*refused.json] == ["detail"]


def test_parameters_are_counted(cinema: Cinema) -> None:
    answer = cinema.admin.call("GET", "/movies?" + "&".join(f"a{number}=1" for number in range(51)))
    assert (answer.status_int, answer.json["code"]) == (400, "malformed-query")


# -- every field there is ------------------------------------------------------------------------------------


def nodes(schema: colander.SchemaNode, path: str = "") -> Iterator[tuple[str, colander.SchemaNode]]:
    """Every field of a schema, with its dotted path."""
    for child in schema.children:
        yield f"{path}{child.name}", child
        yield from nodes(child, f"{path}{child.name}.")


def test_every_array_and_every_text_of_a_body_has_a_bound(application: Any) -> None:
    boundless, arrays = [], 0
    for operation in application.registry.operations:
        for path, node in nodes(operation.body) if operation.body is not None else ():
            says = node.typ.json_schema(node)
            arrays += says.get("type") == "array"
            needs = BOUNDS.get(says.get("type"), set(says))
            if isinstance(node.typ, colander.Sequence) != isinstance(node.typ, List) or not needs & set(says):
                boundless.append(f"{operation.method} {operation.path} {path}")
    assert boundless == []
    assert arrays > 10


def test_an_array_of_more_than_a_thousand_members_is_not_read(cinema: Cinema) -> None:
    seen = 0
    for operation in cinema.registry.operations:
        lists = [child for child in operation.body.children if isinstance(child.typ, List)] if operation.body else []
        for child in lists:
            answer = sent(cinema, operation, {child.name: [1] * (MAX_LIST + 1)})
            assert answer.status_int in (400, 404), (operation.path, answer.body)
            if answer.status_int == 400:
                assert str(MAX_LIST) in answer.text, (operation.path, answer.body)
                seen += 1
    assert seen > 5


def test_no_number_has_too_many_digits_to_be_refused(cinema: Cinema) -> None:
    """Python itself refuses to read more than 4,300 digits: that must not be the answer."""
    seen = 0
    for operation in cinema.registry.operations:
        for child in operation.query.children if operation.query is not None else ():
            answer = sent(cinema, operation, None, f"?{child.name}={NINES}")
            assert answer.status_int < 500, (operation.path, child.name)
            seen += 1
        for child in operation.body.children if operation.body is not None else ():
            if isinstance(child.typ, Integer | Number):
                for digits in (NINES, f"-{NINES}", f"1.{NINES}", "1e999999999", f'"{NINES}"'):
                    answer = sent(cinema, operation, f'{{"{child.name}": {digits}}}')
                    assert answer.status_int in (400, 404), (operation.path, child.name, answer.body)
                    seen += 1
    assert seen > 100


def sent(cinema: Cinema, operation: Any, body: Any, query: str = "") -> TestResponse:
    """What an operation answers the administrator; `body` is JSON or what becomes JSON."""
    path = operation.path
    while "{" in path:
        before, _brace, rest = path.partition("{")
        path = f"{before}1{rest.partition('}')[2]}"
    headers = operator(cinema, operation.dialect.scheme) | {"Content-Type": "application/json"}
    text = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
    return cinema.http.request(path + query, method=operation.method, body=text, headers=headers, status="*")


def operator(cinema: Cinema, scheme: str) -> dict[str, str]:
    """The headers of somebody who may do everything."""
    if "_operator" not in cinema.__dict__:
        person = cinema.person("operator", superuser=True)
        assert person.id
        cinema.__dict__["_operator"] = {"Token": cinema.key(person.id), "Bearer": person.headers["Authorization"][7:]}
    return {"Authorization": f"{scheme} {cinema.__dict__['_operator'][scheme]}"}
