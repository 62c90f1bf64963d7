from typing import Any

from pyramid.decorator import reify
from pyramid.registry import Registry
from pyramid.viewderivers import preserve_view_attrs as preserve_view_attrs

# what a view deriver gets as its second argument
class ViewDeriverInfo:
    original_view: Any
    registry: Registry
    package: Any
    predicates: list[Any]
    options: dict[str, Any]
    exception_only: bool
    def __init__(
        self,
        view: Any,
        registry: Registry,
        package: Any,
        predicates: Any,
        exception_only: bool,
        options: Any,
    ) -> None: ...
    @reify
    def settings(self) -> dict[str, Any]: ...

class MultiView:
    name: str
    views: list[Any]
    def __init__(self, name: str) -> None: ...
    def add(
        self, view: Any, order: int, phash: Any = None, accept: Any = None, accept_order: Any = None
    ) -> None: ...
    def get_views(self, request: Any) -> list[Any]: ...
    def match(self, context: Any, request: Any) -> Any: ...
    def __call__(self, context: Any, request: Any) -> Any: ...
