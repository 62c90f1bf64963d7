from typing import Any, TypeVar

from pyramid.request import Request
from pyramid.router import Router

_T = TypeVar("_T")

class subscriber:
    ifaces: tuple[Any, ...]
    predicates: dict[str, Any]
    depth: int
    category: str
    def __init__(self, *ifaces: Any, **predicates: Any) -> None: ...
    def register(self, scanner: Any, name: str, wrapped: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

class NewRequest:
    request: Request
    def __init__(self, request: Request) -> None: ...

class NewResponse:
    request: Request
    response: Any
    def __init__(self, request: Request, response: Any) -> None: ...

class BeforeTraversal:
    request: Request
    def __init__(self, request: Request) -> None: ...

class ContextFound:
    request: Request
    def __init__(self, request: Request) -> None: ...

AfterTraversal = ContextFound

class ApplicationCreated:
    app: Router
    object: Router
    def __init__(self, app: Router) -> None: ...

WSGIApplicationCreatedEvent = ApplicationCreated

class BeforeRender(dict[str, Any]):
    rendering_val: Any
    def __init__(self, system: dict[str, Any], rendering_val: Any = None) -> None: ...
