from collections.abc import Callable, Iterable
from typing import Any

from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.threadlocal import RequestContext

class Router:
    debug_notfound: bool
    debug_routematch: bool
    registry: Registry
    logger: Any
    root_factory: Any
    request_factory: Any
    request_extensions: Any
    execution_policy: Any
    handle_request: Any
    routes_mapper: Any
    def __init__(self, registry: Registry) -> None: ...
    def invoke_subrequest(self, request: Any, use_tweens: bool = False) -> Response: ...
    def request_context(self, environ: dict[str, Any]) -> RequestContext: ...
    def invoke_request(self, request: Any, _use_tweens: bool = True) -> Response: ...
    def finish_request(self, request: Any) -> None: ...
    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]: ...

def default_execution_policy(environ: dict[str, Any], router: Any) -> Response: ...
