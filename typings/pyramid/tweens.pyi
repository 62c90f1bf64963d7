from collections.abc import Callable
from typing import Any

MAIN: str
INGRESS: str
EXCVIEW: str

def excview_tween_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]: ...
