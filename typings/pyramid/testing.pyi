from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from pyramid.config import Configurator
from pyramid.decorator import reify
from pyramid.i18n import LocalizerRequestMixin
from pyramid.registry import Registry
from pyramid.request import CallbackMethodsMixin
from pyramid.response import Response
from pyramid.security import AuthenticationAPIMixin, SecurityAPIMixin
from pyramid.url import URLMethodsMixin
from pyramid.util import InstancePropertyMixin
from pyramid.view import ViewMethodsMixin

class DummySecurityPolicy:
    userid: Any
    permissive: Any
    remember_result: Any
    forget_result: Any
    def __init__(
        self,
        userid: Any = None,
        identity: Any = None,
        permissive: Any = True,
        remember_result: Any = None,
        forget_result: Any = None,
    ) -> None: ...
    def identity(self, request: Any) -> Any: ...
    def authenticated_userid(self, request: Any) -> Any: ...
    def permits(self, request: Any, context: Any, permission: str) -> Any: ...
    def remember(self, request: Any, userid: Any, **kw: Any) -> Any: ...
    def forget(self, request: Any, **kw: Any) -> Any: ...

class DummyResource:
    __name__: Any
    __parent__: Any
    subs: dict[str, Any]
    def __init__(
        self, __name__: Any = None, __parent__: Any = None, __provides__: Any = None, **kw: Any
    ) -> None: ...
    def __setitem__(self, name: str, val: Any) -> None: ...
    def __getitem__(self, name: str) -> Any: ...
    def __delitem__(self, name: str) -> None: ...
    def __contains__(self, name: object) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def get(self, name: str, default: Any = None) -> Any: ...
    def values(self) -> Any: ...
    def items(self) -> Any: ...
    def keys(self) -> Any: ...
    def clone(self, __name__: Any = ..., __parent__: Any = ..., **kw: Any) -> DummyResource: ...
    # keyword arguments of the constructor become attributes
    def __getattr__(self, name: str) -> Any: ...

class DummySession(dict[str, Any]):
    created: Any
    new: bool
    def changed(self) -> None: ...
    def invalidate(self) -> None: ...
    def flash(self, msg: Any, queue: str = "", allow_duplicate: bool = True) -> None: ...
    def pop_flash(self, queue: str = "") -> list[Any]: ...
    def peek_flash(self, queue: str = "") -> list[Any]: ...
    def new_csrf_token(self) -> str: ...
    def get_csrf_token(self) -> str: ...

class DummyRequest(
    URLMethodsMixin,
    CallbackMethodsMixin,
    InstancePropertyMixin,
    LocalizerRequestMixin,
    SecurityAPIMixin,
    AuthenticationAPIMixin,
    ViewMethodsMixin,
):
    method: str
    application_url: str
    host: str
    domain: str
    content_length: int
    query_string: str
    charset: str
    script_name: str
    environ: dict[str, Any]
    headers: Any
    params: Any
    GET: Any
    POST: Any
    cookies: Any
    path: str
    path_info: str
    view_name: str
    subpath: Any
    traversed: Any
    context: Any
    root: Any
    virtual_root: Any
    matchdict: dict[str, Any]
    body: Any
    accept: Any
    session: DummySession
    registry: Registry
    def __init__(
        self,
        params: Any = None,
        environ: dict[str, Any] | None = None,
        headers: Any = None,
        path: str = "/",
        cookies: Any = None,
        post: Any = None,
        accept: Any = None,
        **kw: Any,
    ) -> None: ...
    @reify
    def response(self) -> Response: ...
    # keyword arguments of the constructor become attributes
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

def setUp(
    registry: Registry | None = None,
    request: Any = None,
    hook_zca: bool = True,
    autocommit: bool = True,
    settings: dict[str, Any] | None = None,
    package: Any = None,
) -> Configurator: ...
def tearDown(unhook_zca: bool = True) -> None: ...
def cleanUp(*arg: Any, **kw: Any) -> Configurator: ...
def testConfig(
    registry: Registry | None = None,
    request: Any = None,
    hook_zca: bool = True,
    autocommit: bool = True,
    settings: dict[str, Any] | None = None,
) -> AbstractContextManager[Configurator]: ...
