from collections.abc import Callable, Iterable
from typing import Any

from pyramid.response import Response

def render(renderer_name: str, value: Any, request: Any = None, package: Any = None) -> str: ...
def render_to_response(
    renderer_name: str, value: Any, request: Any = None, package: Any = None, response: Any = None
) -> Response: ...
def get_renderer(renderer_name: str, package: Any = None, registry: Any = None) -> Any: ...
def string_renderer_factory(info: Any) -> Callable[[Any, Any], str]: ...

class JSON:
    serializer: Callable[..., Any]
    kw: dict[str, Any]
    components: Any
    def __init__(
        self,
        serializer: Callable[..., Any] = ...,
        adapters: Iterable[tuple[Any, Callable[[Any, Any], Any]]] = (),
        **kw: Any,
    ) -> None: ...
    def add_adapter(self, type_or_iface: Any, adapter: Callable[[Any, Any], Any]) -> None: ...
    # a renderer factory: RendererInfo -> (value, system) -> body
    def __call__(self, info: Any) -> Any: ...
    def _make_default(self, request: Any) -> Callable[[Any], Any]: ...

class JSONP(JSON):
    param_name: str
    def __init__(self, param_name: str = "callback", **kw: Any) -> None: ...

json_renderer_factory: JSON

class RendererHelper:
    name: str | None
    package: Any
    registry: Any
    type: str
    settings: Any
    renderer: Any
    def __init__(
        self, name: str | None = None, package: Any = None, registry: Any = None
    ) -> None: ...
    def get_renderer(self) -> Any: ...
    def render_view(self, request: Any, response: Any, view: Any, context: Any) -> Response: ...
    def render(self, value: Any, system_values: Any, request: Any = None) -> Any: ...
    def render_to_response(
        self, value: Any, system_values: Any, request: Any = None
    ) -> Response: ...
    def clone(
        self, name: str | None = None, package: Any = None, registry: Any = None
    ) -> RendererHelper: ...

null_renderer: RendererHelper
