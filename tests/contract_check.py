"""Every answer of every functional test, held against the contract that the application publishes."""

import json
import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs
from webtest import TestApp, TestRequest, TestResponse

_FOREIGN = {400, 401, 403, 404, 405, 413, 414, 429, 500, 503}
"""What an address or a method that there is not may answer; 500 and 503 where a test breaks the server on purpose."""


class Contract:
    """The published document, for looking answers up."""

    def __init__(self, document: bytes) -> None:
        self._document = json.loads(document)
        self._validators: dict[str, Callable[[Any], None]] = {}

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str]]:
        """Addresses as patterns, literal ones first."""
        templates = sorted(self._document["paths"], key=lambda path: path.count("{"))
        return [(_pattern(path, self._document["paths"][path]), path) for path in templates]

    def check(self, request: TestRequest, answer: TestResponse) -> None:
        """Fails for an answer that the document does not foresee."""
        method = "get" if request.method == "HEAD" else request.method.lower()
        root = request.environ.get("HTTP_X_VHM_ROOT", "")
        address = root + request.environ["PATH_INFO"]  # as it came: it may be no UTF-8
        path = next((template for pattern, template in self._paths if pattern.fullmatch(address)), None)
        operation = self._document["paths"].get(path, {}).get(method)
        said = f"{request.method} {address} → {answer.status_int}"
        if operation is None:
            assert answer.status_int in _FOREIGN or request.method == "OPTIONS", f"{said}: not in the document"
            return
        if answer.status_int == 500:
            return
        documented = operation["responses"].get(str(answer.status_int))
        assert documented is not None, f"{said}: the document has {sorted(operation['responses'])}"
        if not answer.body or request.method == "HEAD":
            return
        content = documented.get("content", {})
        assert answer.content_type in content, f"{said}: {answer.content_type} is not in {sorted(content)}"
        schema = content[answer.content_type].get("schema")
        if schema:
            self._validator(schema)(answer.json)

    def _validator(self, schema: dict[str, Any]) -> Callable[[Any], None]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = jsonschema_rs.validator_for(whole, validate_formats=True).validate
        return self._validators[key]


def _pattern(path: str, operations: dict[str, Any]) -> re.Pattern[str]:
    """An address as a pattern, with a final slash as the operations there say."""
    optional = all(operation["x-final-slash"] == "optional" for operation in operations.values())
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + ("/?" if optional else ""))


@lru_cache(maxsize=8)
def _contract(document: bytes) -> Contract:
    """The document, read once for all tests that hold answers against it."""
    return Contract(document)


class CheckedApp(TestApp):
    """A test application none of whose answers may be missing in the contract."""

    def __init__(self, application: Any) -> None:
        super().__init__(application, extra_environ={"HTTP_X_REQUEST_ID": "of-a-test"})
        self._contract = _contract(application.registry.contract)

    def do_request(self, req: TestRequest, status: Any = None, expect_errors: Any = None) -> TestResponse:
        """A request, and its answer once that was checked."""
        answer = super().do_request(req, status, expect_errors)
        self._contract.check(req, answer)
        return answer
