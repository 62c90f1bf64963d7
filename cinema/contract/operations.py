"""Every operation there is: the URL map and the views of its resources, side by side."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import colander
from pyramid.response import Response

from cinema.contract.access import Access, access, place
from cinema.core.dialect import NATIVE, Dialect
from cinema.core.idempotency.view import is_repeatable
from cinema.core.rendering import Created, Json, NoContent
from cinema.core.request import METHODS, SAFE_METHODS
from cinema.core.resources import ANY, Node, Parameter, Resource
from cinema.core.schemas import Body
from cinema.core.showing import heeds_if_match
from cinema.core.validation import NoParameters


@dataclass(frozen=True)
class Operation:
    """A method at a path. `segments` are those of its resource in the URL map, `parameters` those in the path."""

    method: str
    path: str
    segments: tuple[str, ...]
    context: type[Resource]
    name: str
    dialect: Dialect
    parameters: Mapping[str, Parameter]
    permission: str
    access: Access
    view: Any
    body: colander.SchemaNode | None
    query: colander.SchemaNode | None
    example: Any
    """A body that fits, or None."""
    refuses: tuple[str | int, ...]
    slash: bool | None
    """Whether the path has to end in a slash; None: it may."""
    content_types: tuple[str, ...]
    """Of answers that are no JSON."""
    repeatable: bool
    """Whether it takes an `Idempotency-Key`."""
    conditional: bool
    """Whether it heeds `If-Match`."""

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method not in SAFE_METHODS

    @property
    def tells_tag(self) -> bool:
        """Whether its answer has an `ETag`."""
        kind = get_origin(self._hint)
        return self.dialect is NATIVE and (kind is Created or (kind is Json and self.method != "POST"))

    @property
    def tagged(self) -> bool:
        """Whether it shows an object or a list by its tag, and heeds `If-None-Match`."""
        return self.method == "GET" and get_origin(self._hint) is Json

    @property
    def description(self) -> str:
        """What the view says of itself."""
        return inspect.cleandoc(self.view.__doc__ or "")

    @property
    def answer(self) -> tuple[int, Any]:
        """The status when all goes well, and the type of what is answered; None for nothing."""
        return _answer(self._hint)

    @property
    def _hint(self) -> Any:
        return get_type_hints(self.view, include_extras=True).get("return")


def operations(registry: Any) -> list[Operation]:
    """All of them, by path."""
    views = _views(registry)
    found: list[Operation] = []
    for segments, node in _places(registry.url_map, ()):
        try:
            context = place(registry, segments)
        except KeyError:  # switched off
            continue
        found += [_operation(registry, segments, node, context, view) for view in views.get(type(context), ())]
    return sorted(found, key=lambda operation: (operation.path, METHODS.index(operation.method)))


def _places(node: Node, segments: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    if node.resource is not None and segments:
        yield segments, node
    for segment, child in node.children.items():
        yield from _places(child, (*segments, segment))


def _views(registry: Any) -> dict[type, list[dict[str, Any]]]:
    """Every view that answers a method, by the class of its resource."""
    found: dict[type, list[dict[str, Any]]] = {}
    for category in registry.introspector.get_category("views"):
        view = dict(category["introspectable"])
        if view["request_methods"] is None or view["exception_only"]:
            continue
        related = {each.category_name: each for each in category["related"]}
        view["permission"] = related["permissions"]["value"]
        found.setdefault(view["context"], []).append(view)
    return found


def _operation(
    registry: Any, segments: tuple[str, ...], node: Node, context: Resource, view: Mapping[str, Any]
) -> Operation:
    parameters = _parameters(registry, segments)
    names = iter(parameters)
    path = "/" + "/".join(f"{{{next(names)}}}" if segment == ANY else segment for segment in segments)
    path += f"/{view['name']}" if view["name"] else ""
    path += "/" if node.slash else ""
    target = view["callable"]
    body = _bound(view.get("schema", view.get("reads")), registry)
    return Operation(
        method=view["request_methods"],
        path=path,
        segments=segments,
        context=type(context),
        name=view["name"],
        dialect=node.dialect or NATIVE,
        parameters=parameters,
        permission=view["permission"],
        access=access(context, view["permission"]),
        view=getattr(target, view["attr"]) if view["attr"] else target,
        body=body,
        query=_bound(view.get("query", NoParameters), registry),
        example=in_currency(getattr(body, "example", None), registry.currency),
        refuses=view.get("refuses", ()),
        slash=node.slash,
        content_types=view.get("answers", ()),
        repeatable=is_repeatable(view, node.dialect or NATIVE),
        conditional=heeds_if_match(view["request_methods"], node.dialect or NATIVE),
    )


def _parameters(registry: Any, segments: Iterable[str]) -> dict[str, Parameter]:
    """What stands for `*`, by names that differ: the last keeps its own, others are named after what they are of."""
    found: list[tuple[str, Parameter]] = []
    node, before = registry.url_map, ""
    for segment in segments:
        node = node.children[segment]
        if segment == ANY:
            found.append((before, node.resource.parameter))
        before = segment
    names = [f"{of.rstrip('s')}_{each.name}" for of, each in found[:-1]] + [each.name for _of, each in found[-1:]]
    return dict(zip(names, (each for _of, each in found), strict=True))


def _bound(option: Any, registry: Any) -> colander.SchemaNode | None:
    if option is None:
        return None
    schema = option() if isinstance(option, type) and issubclass(option, Body) else option
    return schema.bind(currency=registry.currency)


def in_currency(example: Any, currency: str) -> Any:
    """An example, with money that this cinema takes."""
    if isinstance(example, list):
        return [in_currency(each, currency) for each in example]
    if not isinstance(example, dict):
        return example
    if example.keys() == {"amount", "currency"}:
        return example | {"currency": currency}
    return {name: in_currency(value, currency) for name, value in example.items()}


def _answer(hint: Any) -> tuple[int, Any]:
    """Of a union only what is no refusal counts."""
    if get_origin(hint) in (Union, UnionType):
        [hint] = [each for each in get_args(hint) if each is not Response]
    if hint is NoContent:
        return 204, None
    if get_origin(hint) is Created:
        return 201, get_args(hint)[0]
    return 200, get_args(hint)[0] if get_origin(hint) is Json else hint
