"""What the contract says of the dialects: every address, what it takes, what it answers, and in whose words."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest

from cinema.core import strict_json
from cinema.core.errors import Invalid
from cinema.core.schemas import Body, deserialize, json_schema
from cinema.dialects import academy, cinemapi, site, vhs
from cinema.dialects.academy import schemas as academy_takes
from cinema.dialects.cinemapi import schemas as cinemapi_takes
from cinema.dialects.site import schemas as site_takes
from cinema.dialects.vhs import schemas as vhs_takes

URL_MAPS = {
    "academy": ("/", academy.URL_MAP),
    "site": ("/", site.URL_MAP),
    "vhs": ("/", vhs.URL_MAP),
    "cinemapi": ("/cinemapi/", cinemapi.URL_MAP),
}
SCHEMES = {"academy": "Token", "site": "Bearer", "vhs": "Token", "cinemapi": "Bearer"}
SHARED = {"Detail"}  # how three of the dialects refuse
WITHOUT_BODY = {"POST /favorites/movies/{id}/", "PATCH /cinemapi/pay/{id}/"}
REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class Documented:
    """An operation of a dialect."""

    dialect: str
    method: str
    path: str
    says: dict[str, Any]

    @property
    def name(self) -> str:
        """`GET /movies/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def body(self) -> Any:
        """The schema of what it takes, if anything."""
        request = self.says.get("requestBody")
        return request and request["content"]["application/json"]["schema"]

    def schema(self, status: str) -> Any:
        """The schema of what it answers with a status; None for nothing."""
        content = self.says["responses"][status].get("content")
        return content and content["application/json"]["schema"]

    @property
    def success(self) -> str:
        """The status when all goes well."""
        [status] = [status for status in self.says["responses"] if status < "300"]
        return str(status)


@pytest.fixture(scope="module")
def document(everything_on: Any) -> dict[str, Any]:
    """The contract of a cinema that speaks every dialect."""
    found: dict[str, Any] = json.loads(everything_on.registry.contract)
    return found


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Documented]:
    """The operations of the dialects."""
    return [
        Documented(says["tags"][0], method.upper(), path, says)
        for path, methods in document["paths"].items()
        for method, says in methods.items()
        if says["tags"][0] in URL_MAPS
    ]


def offenders(operations: list[Documented], rule: Callable[[Documented], bool]) -> list[str]:
    """Those that do not keep to a rule."""
    return [each.name for each in operations if not rule(each)]


def one(operations: list[Documented], name: str) -> Documented:
    """The operation of that name."""
    [found] = [each for each in operations if each.name == name]
    return found


def is_said(schema: Any) -> bool:
    """Whether a schema says what there is, all the way down."""
    if not isinstance(schema, dict) or not schema.keys() & {"$ref", "anyOf", "enum", "const", "type"}:
        return False
    inner = [*schema.get("properties", {}).values()]
    if "type" not in schema:
        inner += schema.get("anyOf", ())
    if schema.get("type") == "array":
        inner.append(schema.get("items"))
    if schema.get("type") == "object" and "properties" not in schema:
        inner.append(schema.get("additionalProperties"))
    return all(map(is_said, inner))


def components(schema: Any, document: dict[str, Any]) -> Iterator[str]:
    """The names of the components that a schema is made of."""
    for name in re.findall(rf'"{REFERENCE}(\w+)"', json.dumps(schema)):
        yield name
        yield from components(document["components"]["schemas"][name], document)


# -- everything is there -------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", URL_MAPS)
def test_every_address_is_documented(operations: list[Documented], dialect: str) -> None:
    prefix, url_map = URL_MAPS[dialect]
    found = {re.sub(r"\{\w+\}", "*", each.path) for each in operations if each.dialect == dialect}
    assert found == {prefix + path.removesuffix("[/]") for path in url_map}


def test_every_operation_says_what_it_is_for(operations: list[Documented]) -> None:
    assert offenders(operations, lambda each: 3 < len(each.says["summary"]) <= 100) == []
    assert offenders(operations, lambda each: ". " not in each.says["summary"]) == []


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [says["operationId"] for methods in document["paths"].values() for says in methods.values()]
    assert len(names) == len(set(names))


def test_every_operation_says_who_may(operations: list[Documented]) -> None:
    assert offenders(operations, lambda each: each.says["description"].endswith(" may.")) == []


def test_credentials_are_sent_as_the_dialect_has_them(operations: list[Documented]) -> None:
    def is_right(each: Documented) -> bool:
        return all(scheme in ({}, {SCHEMES[each.dialect]: []}) for scheme in each.says["security"])

    assert offenders(operations, is_right) == []
    assert one(operations, "GET /api/me/").says["security"] == [{"Token": []}]
    assert one(operations, "GET /cinemapi/movie/").says["security"] == [{}, {"Bearer": []}]
    assert one(operations, "GET /movies/").says["security"] == []


# -- answers -------------------------------------------------------------------------------------------------


def test_every_success_has_a_schema_unless_it_says_nothing(operations: list[Documented]) -> None:
    def is_right(each: Documented) -> bool:
        schema = each.schema(each.success)
        return schema is None if each.success == "204" else is_said(schema)

    assert offenders(operations, is_right) == []


def test_every_component_says_what_is_in_it(document: dict[str, Any], operations: list[Documented]) -> None:
    for operation in operations:
        for name in components(operation.says, document):
            component = document["components"]["schemas"][name]
            assert is_said(component), name
            assert component["description"], name


def test_components_are_called_after_their_dialect(document: dict[str, Any], operations: list[Documented]) -> None:
    for operation in operations:
        for name in set(components(operation.says, document)) - SHARED:
            assert re.fullmatch(rf"{operation.dialect.capitalize()}([A-Z][a-z]+)+", name), (operation.name, name)


def test_no_component_is_shared_with_what_is_native(document: dict[str, Any], operations: list[Documented]) -> None:
    ours = {id(each.says) for each in operations}
    native = [each for methods in document["paths"].values() for each in methods.values() if id(each) not in ours]
    assert native
    theirs = {name for says in native for name in components(says, document)}
    assert theirs.isdisjoint(name for each in operations for name in components(each.says, document))


@pytest.mark.parametrize(
    ("name", "status", "schema"),
    [
        ("POST /api/register/", "201", {"$ref": f"{REFERENCE}AcademyUser"}),
        ("GET /api/cinema/orders/", "200", {"$ref": f"{REFERENCE}AcademyOrderPage"}),
        ("PUT /auth/login", "201", {"$ref": f"{REFERENCE}SiteTokenPair"}),
        ("GET /genres/", "200", {"type": "array", "items": {"$ref": f"{REFERENCE}SiteName"}}),
        ("POST /api/cassetes/", "201", {"$ref": f"{REFERENCE}VhsCassette"}),
        ("PATCH /api/cassetes/{id}", "204", None),
        ("PATCH /cinemapi/pay/{id}/", "200", {"$ref": f"{REFERENCE}CinemapiTicket"}),
    ],
)
def test_what_is_answered(operations: list[Documented], name: str, status: str, schema: Any) -> None:
    operation = one(operations, name)
    assert (operation.success, operation.schema(status)) == (status, schema)


# -- refusals ------------------------------------------------------------------------------------------------


def test_refusals_are_in_the_words_of_the_dialect(operations: list[Documented]) -> None:
    for operation in operations:
        for status in (status for status in operation.says["responses"] if status >= "400"):
            schema = operation.schema(status)
            if operation.dialect == "site":
                assert schema == {"$ref": f"{REFERENCE}SiteMessage"}, operation.name
            elif status == "400":
                assert schema["type"] == "object", operation.name
            else:
                assert schema == {"$ref": f"{REFERENCE}Detail"}, operation.name


@pytest.mark.parametrize(
    "refusal",
    [
        {"name": ["Is required."], "duration": ["Must be from 1 to 9.", "Must be a whole number."]},
        {"non_field_errors": ["No account has this username and password."]},
        {"detail": "The body is not well-formed JSON."},
        {"tickets": [{}, {"row": ["Rows are 1 to 5."]}]},
    ],
    ids=json.dumps,
)
def test_a_400_is_a_map_of_fields(operations: list[Documented], refusal: Any) -> None:
    schema = one(operations, "POST /api/cinema/orders/").schema("400")
    assert jsonschema_rs.is_valid(schema, refusal)
    assert not jsonschema_rs.is_valid(schema, {"errors": [refusal, 1]})


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("POST /api/login/", "429"),
        ("POST /api/auth/token", "429"),
        ("POST /auth/login", "401 429"),
        ("PUT /auth/login", "401"),
        ("PUT /user/password", "400 429"),
        ("POST /cinemapi/token/", "401 429"),
        ("POST /cinemapi/token/refresh/", "401"),
        ("POST /cinemapi/book/", "403"),
        ("PATCH /cinemapi/pay/{id}/", "400 403 404 409"),
        ("GET /api/cinema/orders/", "404"),
        ("PUT /cinemapi/movie/{id}/", "400 413 415"),
        ("PATCH /api/cassetes/{id}", "400 413 415"),
    ],
)
def test_what_may_be_refused(operations: list[Documented], name: str, statuses: str) -> None:
    assert set(statuses.split()) <= set(one(operations, name).says["responses"])


# -- what is taken -------------------------------------------------------------------------------------------


def test_every_write_with_a_body_documents_it(operations: list[Documented]) -> None:
    def is_right(each: Documented) -> bool:
        takes_one = each.method in ("POST", "PUT", "PATCH") and each.name not in WITHOUT_BODY
        return is_said(each.body) if takes_one else each.body is None

    assert offenders(operations, is_right) == []


def test_what_nobody_asked_for_may_be_sent(operations: list[Documented]) -> None:
    def is_right(each: Documented) -> bool:
        return all(schema["additionalProperties"] is True for schema in each.body.get("anyOf", [each.body]))

    assert offenders([each for each in operations if each.body], is_right) == []


def test_every_parameter_says_what_it_takes(operations: list[Documented]) -> None:
    for operation in operations:
        for parameter in operation.says["parameters"]:
            assert parameter["in"] == ("path" if f"{{{parameter['name']}}}" in operation.path else "query")
            assert is_said(parameter["schema"]), (operation.name, parameter["name"])
            assert parameter["schema"].get("default", 1), (operation.name, parameter["name"])


def test_either_pair_of_passwords_will_do(operations: list[Documented]) -> None:
    takes = jsonschema_rs.validator_for(one(operations, "PUT /user/password").body).is_valid
    assert takes({"password_1": "old", "password_2": "new"})
    assert takes({"old_password": "old", "new_password": "new"})
    assert not takes({"password_1": "old", "new_password": "new"})


TAKEN: list[tuple[type[Body], str, list[str]]] = [
    (academy_takes.Movie, "duration", ["90", "90.0", '"90"', '" 090 "', '"+90"']),
    (academy_takes.Movie, "genres", ["[1]", '["1", 2, 2]']),
    (
        academy_takes.MovieSession,
        "show_time",
        [
            '"2026-05-01T19:30:00Z"',
            '"2026-05-01T19:30"',
            '" 2026-05-01 19:30:00.5 "',
            '"2026-05-01t19:30:00.123456+02:00"',
        ],
    ),
    (academy_takes.MovieFilters, "genres", ['"1"', '"1,2,03"']),
    (academy_takes.Account, "username", ['"anna"', '"a@b.c+d-e_1"']),
    (academy_takes.Account, "email", ['""', '"anna@example.com"']),
    (academy_takes.Account, "password", ['"12345"', '"     "']),
    (academy_takes.Order, "tickets", ['[{"row": 1, "seat": "1", "movie_session": 1, "id": 1}]']),
    (cinemapi_takes.Movie, "duration", ['"01:30:00"', '"7 00:00:00"', '"90:00"', '"5400.000"', '" 1 "', "5400"]),
    (cinemapi_takes.Session, "price", ['"9.50"', '"9999.99"', '" +009.5000 "', "9.5", "9", "0", "9999.99"]),
    (cinemapi_takes.Registration, "email", ['"anna@example.com"']),
    (site_takes.MovieQuery, "status", ['"new"', '"old"', '""']),
    (site_takes.Profile, "favorite_genre", ["null", "3", '"3"']),
    (vhs_takes.NewCassette, "quantity", ["0", '"1000000"']),
]

REFUSED: list[tuple[type[Body], str, list[str]]] = [
    (academy_takes.Movie, "duration", ["0", "1.5", "true", "null", '""', '"1.5"', '"1 0"', '"٣"', "[]", "20000"]),
    (academy_takes.Movie, "genres", ["[]", "1", '"1"', "[0]", "[null]"]),
    (
        academy_takes.MovieSession,
        "show_time",
        ['""', "1777663800", '"2026-05-01"', '"19:30"', '"2026-05-01T19"', '"2026-05-01T19:30+2"', "null"],
    ),
    (academy_takes.MovieFilters, "genres", ['"a"', '"1,"', '"1, 2"', '"-1"']),
    (academy_takes.Account, "username", ['""', '"anna b"', '"a/b"', "1", f'"{"a" * 151}"']),
    (academy_takes.Account, "email", ['"anna"', "null", '" "']),
    (academy_takes.Account, "password", ['"1234"', "12345", f'"{"a" * 1025}"']),
    (academy_takes.Order, "tickets", ["[]", "{}", "null", '[{"row": 1, "seat": 1}]']),
    (cinemapi_takes.Movie, "duration", ['""', '"1:2:3:4"', '"01:30:00.5"', '"-1"', "0", "-1", "1.5", "604801"]),
    (
        cinemapi_takes.Session,
        "price",
        ['""', '"-1"', '"9.505"', '"10000"', '"1e3"', "-1", "10000", "null", '"9,5"'],
    ),
    (cinemapi_takes.Registration, "email", ['""', '"anna"']),
    (site_takes.Profile, "favorite_genre", ['""', "0", "1.5", "[3]"]),
    (vhs_takes.NewCassette, "quantity", ["-1", "null", "1000001"]),
]


def each_of(cases: list[tuple[type[Body], str, list[str]]]) -> list[Any]:
    """A case for each value."""
    return [
        pytest.param(schema, field, value, id=f"{schema.__module__.split('.')[2]}-{field}-{value[:40]}")
        for schema, field, values in cases
        for value in values
    ]


def is_taken(schema: type[Body], field: str, text: str) -> bool:
    """Whether the dialect reads a value of one of its fields."""
    try:
        deserialize(schema.partial(), strict_json.parse(f'{{"{field}": {text}}}'.encode()))
    except Invalid:
        return False
    return True


def is_documented(schema: type[Body], field: str, text: str) -> bool:
    """Whether the document says that it would."""
    says = json_schema(schema.partial())
    return jsonschema_rs.is_valid(says, {field: json.loads(text)}, validate_formats=True)


@pytest.mark.parametrize(("schema", "field", "text"), each_of(TAKEN))
def test_whatever_is_taken_is_said_to_be(schema: type[Body], field: str, text: str) -> None:
    assert is_taken(schema, field, text)
    assert is_documented(schema, field, text)


@pytest.mark.parametrize(("schema", "field", "text"), each_of(REFUSED))
def test_whatever_is_refused_is_not_said_to_be_taken(schema: type[Body], field: str, text: str) -> None:
    assert not is_taken(schema, field, text)
    assert not is_documented(schema, field, text)
