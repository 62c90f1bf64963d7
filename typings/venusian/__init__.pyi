from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_T = TypeVar("_T")

class AttachInfo:
    scope: str
    module: Any
    locals: dict[str, Any]
    globals: dict[str, Any]
    category: str | None
    codeinfo: tuple[str, int, str, str]
    def __init__(self, **kw: Any) -> None: ...

class Scanner:
    def __init__(self, **kw: Any) -> None: ...
    def scan(
        self,
        package: Any,
        categories: Iterable[str] | None = None,
        onerror: Callable[[str], Any] | None = None,
        ignore: Any = None,
    ) -> None: ...
    # keyword arguments given to the constructor become attributes
    def __getattr__(self, name: str) -> Any: ...

def attach(
    wrapped: Any,
    callback: Callable[[Scanner, str, Any], Any],
    category: str | None = None,
    depth: int = 1,
    name: str | None = None,
) -> AttachInfo: ...

class lift:
    def __init__(self, categories: Iterable[str] | None = None) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...

class onlyliftedfrom:
    def __call__(self, wrapped: _T) -> _T: ...
