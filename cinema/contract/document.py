"""The operations as an OpenAPI 3.1 document."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import msgspec
from pyramid.response import Response

from cinema.contract.operations import Operation
from cinema.contract.refusals import examples, refusals
from cinema.core.dialect import NATIVE
from cinema.core.idempotency.view import HEADER, LONGEST, PATTERN
from cinema.core.rendering import JSON
from cinema.core.schemas import json_schema

_REF = "#/components/schemas/{name}"
_DESCRIPTION = """\
A back end for cinemas. Sign in at `auth/login` and send `Authorization: Bearer <access_token>`; lists are pages, and
`next` is the address of what follows; everything that goes wrong is a problem document whose `code` is explained at
[docs/errors](/docs/errors). Who may do what is at [docs/access](/docs/access)."""
_KEY = """\
A name of your own for this request, such as a random UUID. The same request with the same key, within 24 hours, is \
not done again: it gets the first one's answer, marked `Idempotent-Replayed: true`."""

_TAG_IS = "The name of this state, for `If-None-Match` and `If-Match`."
_KNOWN = "The tags of states that the caller knows: 304 if it is in one of them."
_WANTED = """\
The tag of the state that is to be changed: 412, with the object as it is now, if somebody else has changed it. What \
changes by itself, such as the seats left, does not count."""

SECURITY_SCHEMES = {
    "Bearer": {"type": "http", "scheme": "bearer", "description": "An access token, from auth/login."},
    "Token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token <key>`, for older clients.",
    },
}


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """All of it."""
    answers = _Answers(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, answers)
        links = _links(operation, operations)
        if links:
            described["responses"]["201"]["links"] = links
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cinema",
            "version": version("cinema"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in _tags(operations)],
        "paths": paths,
        "components": {
            "schemas": answers.components,
            "examples": examples(),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


class _Answers:
    """The types of all answers, as schemas that refer to each other."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        kinds = [kind for operation in operations for kind in _kinds(operation)]
        schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
        self._schemas = [(kind, _tidied(schema)) for kind, schema in zip(kinds, schemas, strict=True)]
        self.components = {_named(name): _tidied(schema) for name, schema in sorted(components.items())}

    def schema(self, kind: Any) -> dict[str, Any]:
        """The schema of a type."""
        return dict(next(schema for each, schema in self._schemas if each == kind))


def _kinds(operation: Operation) -> list[Any]:
    _status, kind = operation.answer
    own = [] if kind is None or _is_no_json(kind) else [kind]
    return own + [refusal.kind for refusal in refusals(operation)]


def _is_no_json(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Response)


def _named(name: str) -> str:
    """`Page_MovieJson_` → `Page_Movie`."""
    return name.replace("Json", "").rstrip("_")


def _tidied(schema: Any) -> Any:
    """Without Python's titles and with shorter names; an object has no members that are not named."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _tidied(value) for name, value in schema.items() if name != "title" or isinstance(value, dict)}
    if tidy.get("type") == "object" and "properties" in tidy and schema.get("title") != "ProblemJson":
        tidy["additionalProperties"] = False
    if "$ref" in tidy:
        tidy["$ref"] = _named(tidy["$ref"])
    return tidy


def _operation(operation: Operation, answers: _Answers) -> dict[str, Any]:
    lines = operation.description.splitlines()
    found: dict[str, Any] = {
        "operationId": _id(operation),
        "tags": [_tag(operation)],
        "summary": lines[0].rstrip("."),
        "description": "\n".join([*lines[1:], operation.access.sentence]).strip(),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": _responses(operation, answers),
        "security": _security(operation),
        "x-permissions": list(operation.access.permissions),
        "x-final-slash": _SLASHES[operation.slash],
    }
    if operation.body is not None:
        content: dict[str, Any] = {"schema": json_schema(operation.body)}
        if operation.example is not None:
            content["example"] = operation.example
        found["requestBody"] = {"required": bool(content["schema"].get("required")), "content": {JSON: content}}
    return found


def _links(operation: Operation, operations: Iterable[Operation]) -> dict[str, Any]:
    """Where what was made can be called next: every operation of the item, and of what lies right below it."""
    if operation.answer[0] != 201 or operation.dialect is not NATIVE:
        return {}
    links = {}
    for other in operations:
        item, _slash, _rest = other.path.removeprefix(f"{operation.path}/").partition("/")
        if other.path.startswith(f"{operation.path}/{{") and len(other.parameters) == 1:
            name = item.strip("{}")
            links[_id(other)] = {"operationId": _id(other), "parameters": {name: f"$response.body#/{name}"}}
    return links


def _id(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace("-", "_").strip("/").split("/")
    return "_".join([operation.method.lower(), *words])


def _tags(operations: Iterable[Operation]) -> list[str]:
    """The rooms, then the dialects."""
    found = {(operation.dialect is not NATIVE, _tag(operation)) for operation in operations}
    return [tag for _dialect, tag in sorted(found)]


def _tag(operation: Operation) -> str:
    if operation.dialect is not NATIVE:
        return operation.dialect.name
    room = operation.context.__module__.split(".")[1]
    return "operations" if room in ("core", "contract") else room


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": parameter.schema}
        for name, parameter in operation.parameters.items()
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    return [
        {"name": each.name, "in": "query", "required": each.required, "schema": json_schema(each)}
        for each in operation.query.children
    ]


def _headers(operation: Operation) -> list[dict[str, Any]]:
    found = []
    if operation.repeatable:
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": PATTERN}
        found.append({"name": HEADER, "in": "header", "description": _KEY, "schema": schema})
    if operation.tagged:
        found.append({"name": "If-None-Match", "in": "header", "description": _KNOWN, "schema": {"type": "string"}})
    if operation.conditional:
        found.append({"name": "If-Match", "in": "header", "description": _WANTED, "schema": {"type": "string"}})
    return found


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.access.looks_at_nobody:
        return []
    scheme: dict[str, list[str]] = {operation.dialect.scheme: []}
    return [{}, scheme] if operation.access.everybody else [scheme]


def _responses(operation: Operation, answers: _Answers) -> dict[str, Any]:
    status, kind = operation.answer
    good: dict[str, Any] = {"description": _STATUSES[status]}
    content: dict[str, Any] = {content_type: {} for content_type in operation.content_types}
    if kind is not None and not _is_no_json(kind):
        content[JSON] = {"schema": answers.schema(kind)}
    if content:
        good["content"] = content
    responses = {str(status): good}
    if operation.tells_tag:
        good["headers"] = {"ETag": {"description": _TAG_IS, "schema": {"type": "string"}}}
    if operation.tagged:
        responses["304"] = {"description": _STATUSES[304]}
    for refusal in refusals(operation):
        shown: dict[str, Any] = {"schema": answers.schema(refusal.kind)}
        if refusal.codes:
            shown["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in refusal.codes}
        responses[str(refusal.status)] = {"description": refusal.description}
        if refusal.status >= 400:
            responses[str(refusal.status)]["content"] = {refusal.content_type: shown}
    return dict(sorted(responses.items()))


_SLASHES = {None: "optional", True: "required", False: "none"}

_STATUSES = {
    200: "It is so.",
    201: "It is made.",
    204: "It is done; there is nothing to say.",
    304: "It is as you know it.",
}
