from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from webob.request import BaseRequest

from pyramid.decorator import reify
from pyramid.i18n import LocalizerRequestMixin
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.security import AuthenticationAPIMixin, SecurityAPIMixin
from pyramid.url import URLMethodsMixin
from pyramid.util import InstancePropertyMixin, Sentinel
from pyramid.view import ViewMethodsMixin

_T = TypeVar("_T")

class TemplateContext: ...

class CallbackMethodsMixin:
    @reify
    def response_callbacks(self) -> deque[Callable[[Any, Any], Any]]: ...
    @reify
    def finished_callbacks(self) -> deque[Callable[[Any], Any]]: ...
    def add_response_callback(self, callback: Callable[[Any, Any], Any]) -> None: ...
    def add_finished_callback(self, callback: Callable[[Any], Any]) -> None: ...
    def _process_response_callbacks(self, response: Any) -> None: ...
    def _process_finished_callbacks(self) -> None: ...

# Attributes that add_request_method() puts on requests (tm, jwt_claims, ...)
# belong in an application's subclass.
class Request(
    BaseRequest,
    URLMethodsMixin,
    CallbackMethodsMixin,
    InstancePropertyMixin,
    LocalizerRequestMixin,
    SecurityAPIMixin,
    AuthenticationAPIMixin,
    ViewMethodsMixin,
):
    # class attributes
    exception: Exception | None
    exc_info: tuple[type[BaseException], BaseException, TracebackType] | Any | None
    matchdict: dict[str, Any] | None
    matched_route: Any
    request_iface: Any
    # set by the router
    registry: Registry
    root: Any
    context: Any
    view_name: str
    subpath: tuple[str, ...]
    traversed: tuple[str, ...]
    virtual_root: Any
    virtual_root_path: tuple[str, ...]
    def __init__(
        self,
        environ: dict[str, Any],
        charset: str | None = None,
        unicode_errors: str | None = None,
        decode_param_names: Any = None,
        **kw: Any,
    ) -> None: ...
    # types-WebOb has dict[str, None] for environ
    @classmethod
    def blank(
        cls,
        path: str,
        environ: dict[str, Any] | None = None,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        POST: Any = None,
        **kw: Any,
    ) -> Self: ...
    @reify
    def tmpl_context(self) -> TemplateContext: ...
    @reify
    def session(self) -> Any: ...
    @reify
    def response(self) -> Response: ...
    def is_response(self, ob: Any) -> bool: ...

class RequestLocalCache(Generic[_T]):
    NO_VALUE: Sentinel
    def __init__(self, creator: Callable[[Any], _T] | None = None) -> None: ...
    def __call__(self, fn: Callable[[Any], _T]) -> Self: ...
    def get_or_create(self, request: Any, creator: Callable[[Any], _T] | None = None) -> _T: ...
    def get(self, request: Any, default: Any = ...) -> Any: ...
    def set(self, request: Any, value: _T) -> None: ...
    def clear(self, request: Any) -> None: ...

def add_global_response_headers(request: Any, headerlist: Iterable[tuple[str, str]]) -> None: ...
def apply_request_extensions(request: Any, extensions: Any = None) -> None: ...
def call_app_with_subpath_as_path_info(request: Any, app: Any) -> Any: ...
