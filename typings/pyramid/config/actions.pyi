from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

class ActionInfo:
    file: str
    line: int
    function: str
    src: str
    def __init__(self, file: str, line: int, function: str, src: str) -> None: ...

class ActionState:
    actions: list[Any]
    def __init__(self) -> None: ...
    def processSpec(self, spec: Any) -> bool: ...
    def action(
        self,
        discriminator: Any,
        callable: Any = None,
        args: Any = (),
        kw: Any = None,
        order: int = 0,
        includepath: Any = (),
        info: Any = None,
        introspectables: Any = (),
        **extra: Any,
    ) -> None: ...
    def execute_actions(self, clear: bool = True, introspector: Any = None) -> None: ...

def action_method(wrapped: _F) -> _F: ...
