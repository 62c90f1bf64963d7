from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

INGRESS: str
VIEW: str

def preserve_view_attrs(view: Any, wrapper: _F) -> _F: ...
def view_description(view: Any) -> str: ...
def requestonly(view: Any, attr: str | None = None) -> bool: ...
