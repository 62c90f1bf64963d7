"""What is served is what the document says, no more and no less."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from webtest import TestApp

from cinema.core.resources import ANY, Node, Resource

Routes = set[tuple[str, str]]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FRONT = ("GET", "/")
"""Leads to /docs, and is no operation."""


def places(node: Node, path: str = "") -> Iterator[tuple[str, type, bool]]:
    """Every place of the URL map: its path, its class, whether the path ends in a slash."""
    if node.resource is not None:
        yield path, node.resource, bool(node.slash)
    for segment, child in node.children.items():
        yield from places(child, f"{path}/{'{}' if segment == ANY else segment}")


def served(registry: Any) -> Routes:
    """Method and path of every view there is, wherever its resource lives."""
    homes: dict[type, list[tuple[str, bool]]] = {}
    for path, resource, slash in places(registry.url_map):
        homes.setdefault(resource, []).append((path, slash))
    found: Routes = set()
    for category in registry.introspector.get_category("views"):
        view = category["introspectable"]
        methods = view["request_methods"]
        for method in (methods,) if isinstance(methods, str) else methods or ():
            for path, slash in homes.get(view["context"], ()):
                name = f"/{view['name']}" if view["name"] else ""
                found.add((method, f"{path}{name}{'/' if slash else ''}" or "/"))
    return found


def address(path: str) -> str:
    """The path with something in it that can stand there."""
    return path.replace("/static/{}", "/static/docs.css").replace("/roles/{}", "/roles/staff").replace("{}", "1")


def documented(registry: Any) -> list[tuple[str, str]]:
    """Method and path of every operation in the document."""
    paths = json.loads(registry.contract)["paths"]
    return [(method.upper(), re.sub(r"\{[^}]+\}", "{}", path)) for path, item in paths.items() for method in item]


def test_the_document_has_what_is_served_and_nothing_else(everything_on: Any) -> None:
    routes, found = served(everything_on.registry), documented(everything_on.registry)
    assert len(routes) > 150
    assert set(found) - {FRONT} == routes - {FRONT}
    assert [route for route, times in Counter(found).items() if times > 1] == []


def test_every_resource_with_a_view_lives_somewhere_and_what_lives_somewhere_has_a_view(everything_on: Any) -> None:
    views = [each["introspectable"] for each in everything_on.registry.introspector.get_category("views")]
    contexts = {view["context"] for view in views if isinstance(view["context"], type)}
    seen = {context for context in contexts if issubclass(context, Resource)}
    assert seen == {resource for _path, resource, _slash in places(everything_on.registry.url_map)}
    assert len(seen) > 60


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_missing_where_the_document_has_none(everything_on: Any, method: str) -> None:
    """A stranger hears 405, or 401 before it; a documented method is never a 405."""
    http, routes = TestApp(everything_on), set(documented(everything_on.registry)) | {FRONT}
    for path in {path for _method, path in routes}:
        answer = http.request(address(path), method=method, status="*")
        if (method, path) in routes:
            assert answer.status_int != 405, path
        else:
            assert answer.status_int in (401, 405), path


def test_an_operation_has_a_name_of_its_own(everything_on: Any) -> None:
    paths = json.loads(everything_on.registry.contract)["paths"]
    names = Counter(operation["operationId"] for item in paths.values() for operation in item.values())
    assert [name for name, times in names.items() if times > 1] == []
