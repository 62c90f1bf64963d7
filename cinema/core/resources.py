"""The tree of resources that a URL walks.

`root.py` says which class answers at which path. A resource costs nothing to make: it parses and range-checks
its own segment and asks no database. `__parent__` and `__name__` make it location-aware, so Pyramid finds every
`__acl__` on the way up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pyramid.exceptions import ConfigurationError

from cinema.core.dialect import NATIVE, Dialect
from cinema.core.errors import UriTooLong
from cinema.core.request import Request

ANY = "*"
EITHER_WAY = "[/]"
LONGEST_ADDRESS = 8000


@dataclass(frozen=True)
class Parameter:
    """What stands for `*` in a path: its name, what it takes as JSON Schema, and a segment that can be one."""

    name: str
    schema: Mapping[str, Any]
    example: str


@dataclass(slots=True)
class Node:
    """One place of the URL map: which class answers, and what lies below. `*` stands for an item's id."""

    resource: "type[Resource] | None" = None
    children: "dict[str, Node]" = field(default_factory=dict)
    dialect: Dialect | None = None
    """Who answers here and below, where that is one; the native dialect where several meet."""
    slash: bool | None = None
    """Whether the path has to end in a slash; None: it may."""

    def nearest(self, path: str) -> "Node":
        """The last place on the way along `path`."""
        node = self
        for segment in filter(None, path.split("/")):
            following = node.children.get(segment) or node.children.get(ANY)
            if following is None:
                break
            node = following
        return node


class Resource:
    """One place in the tree."""

    hidden_unless_viewable: ClassVar[bool] = False
    """Whether a known caller who may not view it is told 404 instead of 403."""

    parameter: ClassVar[Parameter]
    """What its segment is, where that stands for `*`."""

    fallback_permission: ClassVar[str | None] = None
    """What one has to be allowed to hear that a method is missing here (405); None: what its GET demands."""

    def __init__(self, request: Request, parent: "Resource | None", name: str, node: Node) -> None:
        self.request = request
        self.__parent__ = parent
        self.__name__ = name
        self.node = node

    def __getitem__(self, segment: str) -> "Resource":
        """The resource one segment further. Raises KeyError where there is none."""
        children = self.node.children
        node = children.get(segment)
        if node is None:
            node = children[ANY]
        return (node.resource or Resource)(self.request, self, segment, node)


class Item(Resource):
    """A resource addressed by its id. Raises KeyError, so 404, for a segment that can be no id."""

    parameter = Parameter("id", {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}, "1")

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        if len(name) > 18 or not (name.isascii() and name.isdigit()):
            raise KeyError(name)
        super().__init__(request, parent, name, node)
        self.id = int(name)


class Root(Resource):
    """The top of the tree; made for every request from the map that `add_resources` filled."""

    def __init__(self, request: Request) -> None:
        super().__init__(request, None, "", request.registry.url_map)


def root_of(request: Request) -> Root:
    """Where the walk along the path of `request` begins. Raises UriTooLong."""
    environ = request.environ
    if len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise UriTooLong(f"Path and query together may have {LONGEST_ADDRESS} characters.")
    return Root(request)


def add_resources(
    config: Any, prefix: str, resources: Mapping[str, type[Resource]], dialect: Dialect = NATIVE
) -> None:
    """Directive `config.add_resources(prefix, {path: class}, dialect)`; `prefix` goes below `config.route_prefix`.

    A path ends as its address does: `users/` only with a slash, `users` only without, `users[/]` either way. Where
    the dialect is not exact about slashes, every path is answered either way.
    Raises ConfigurationError when two classes would answer at the same path.
    """
    for path, resource in resources.items():
        node = config.registry.url_map
        whole = f"{config.route_prefix or ''}/{prefix}/{path}".removesuffix(EITHER_WAY)
        segments = [*filter(None, whole.split("/"))]
        for segment in segments:
            node = node.children.setdefault(segment, Node())
            node.dialect = dialect if node.dialect in (None, dialect) else NATIVE
        if node.resource not in (None, resource):
            two = " and ".join(f"{each.__module__}.{each.__name__}" for each in (node.resource, resource) if each)
            raise ConfigurationError(f"/{'/'.join(segments)} would be answered by two: {two}")
        node.resource = resource
        node.slash = whole.endswith("/") if dialect.exact_slashes and not path.endswith(EITHER_WAY) else None


def includeme(config: Any) -> None:
    """An empty map, the directive that fills it, and the root factory that walks it."""
    config.registry.url_map = Node(Root, dialect=NATIVE)
    config.add_directive("add_resources", add_resources)
    config.set_root_factory(root_of)
