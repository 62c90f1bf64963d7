from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pyramid.response import Response

_T = TypeVar("_T")
_C = TypeVar("_C", bound=type[Any])

def render_view_to_response(
    context: Any, request: Any, name: str = "", secure: bool = True
) -> Response | None: ...
def render_view_to_iterable(
    context: Any, request: Any, name: str = "", secure: bool = True
) -> Iterable[bytes] | None: ...
def render_view(
    context: Any, request: Any, name: str = "", secure: bool = True
) -> bytes | None: ...

# Settings are any arguments of Configurator.add_view, plus custom predicates
# and view deriver options, plus _depth, _category and _info.

class view_config:
    def __init__(self, **settings: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

class exception_view_config:
    def __init__(self, *args: Any, **settings: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

class notfound_view_config:
    def __init__(self, **settings: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

class forbidden_view_config:
    def __init__(self, **settings: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

def view_defaults(**settings: Any) -> Callable[[_C], _C]: ...

class AppendSlashNotFoundViewFactory:
    def __init__(self, notfound_view: Any = None, redirect_class: Any = ...) -> None: ...
    def __call__(self, context: Any, request: Any) -> Response: ...

append_slash_notfound_view: AppendSlashNotFoundViewFactory

class ViewMethodsMixin:
    def invoke_exception_view(
        self,
        exc_info: Any = None,
        request: Any = None,
        secure: bool = True,
        reraise: bool = False,
    ) -> Response: ...
