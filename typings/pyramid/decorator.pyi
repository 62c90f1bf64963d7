from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

_T_co = TypeVar("_T_co", covariant=True)

class reify(Generic[_T_co]):
    wrapped: Callable[[Any], _T_co]
    __name__: str
    def __init__(self, wrapped: Callable[[Any], _T_co]) -> None: ...
    @overload
    def __get__(self, inst: None, objtype: Any = None) -> Self: ...
    @overload
    def __get__(self, inst: object, objtype: Any = None) -> _T_co: ...
