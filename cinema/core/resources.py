"""The tree of resources that a URL walks.

`root.py` says which class answers at which path. A resource costs nothing to make: it parses and range-checks
its own segment and asks no database. `__parent__` and `__name__` make it location-aware, so Pyramid finds every
`__acl__` on the way up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pyramid.exceptions import ConfigurationError

from cinema.core.request import Request

ANY = "*"


@dataclass(slots=True)
class Node:
    """One place of the URL map: which class answers, and what lies below. `*` stands for an item's id."""

    resource: "type[Resource] | None" = None
    children: "dict[str, Node]" = field(default_factory=dict)


class Resource:
    """One place in the tree."""

    hidden_unless_viewable: ClassVar[bool] = False
    """Whether a known caller who may not view it is told 404 instead of 403."""

    def __init__(self, request: Request, parent: "Resource | None", name: str, node: Node) -> None:
        self.request = request
        self.__parent__ = parent
        self.__name__ = name
        self._node = node

    def __getitem__(self, segment: str) -> "Resource":
        """The resource one segment further. Raises KeyError where there is none."""
        children = self._node.children
        node = children.get(segment)
        if node is None:
            node = children[ANY]
        return (node.resource or Resource)(self.request, self, segment, node)


class Item(Resource):
    """A resource addressed by its id. Raises KeyError, so 404, for a segment that can be no id."""

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        if len(name) > 18 or not (name.isascii() and name.isdigit()):
            raise KeyError(name)
        super().__init__(request, parent, name, node)
        self.id = int(name)


class Root(Resource):
    """The top of the tree; made for every request from the map that `add_resources` filled."""

    def __init__(self, request: Request) -> None:
        super().__init__(request, None, "", request.registry.url_map)


def add_resources(config: Any, prefix: str, resources: Mapping[str, type[Resource]]) -> None:
    """Directive `config.add_resources(prefix, {path: class})`.

    Raises ConfigurationError when two classes would answer at the same path.
    """
    for path, resource in resources.items():
        node = config.registry.url_map
        segments = [*filter(None, f"{prefix}/{path}".split("/"))]
        for segment in segments:
            node = node.children.setdefault(segment, Node())
        if node.resource not in (None, resource):
            raise ConfigurationError(f"two resources for /{'/'.join(segments)}: {node.resource} and {resource}")
        node.resource = resource


def includeme(config: Any) -> None:
    """An empty map, the directive that fills it, and the root factory that walks it."""
    config.registry.url_map = Node(Root)
    config.add_directive("add_resources", add_resources)
    config.set_root_factory(Root)
