from collections.abc import Iterator
from typing import Any

from webtest.response import TestResponse

class Upload:
    filename: str
    content: bytes | None
    content_type: str | None
    def __init__(
        self, filename: str, content: bytes | None = None, content_type: str | None = None
    ) -> None: ...
    def __iter__(self) -> Iterator[Any]: ...

class Field:
    form: Form
    tag: str
    name: str
    pos: int
    id: str | None
    attrs: dict[str, Any]
    value: Any
    def __init__(
        self,
        form: Form,
        tag: str,
        name: str,
        pos: int,
        value: Any = None,
        id: str | None = None,
        **attrs: Any,
    ) -> None: ...
    def force_value(self, value: Any) -> None: ...

class Select(Field):
    options: list[Any]
    def __init__(self, *args: Any, **attrs: Any) -> None: ...
    def select(self, value: Any = None, text: str | None = None) -> None: ...

class Radio(Select): ...

class Checkbox(Field):
    checked: bool
    def __init__(self, *args: Any, **attrs: Any) -> None: ...

class Text(Field): ...
class Textarea(Text): ...
class Hidden(Text): ...
class File(Field): ...

class Submit(Field):
    def value_if_submitted(self) -> Any: ...

class Form:
    response: TestResponse
    text: str
    action: str
    method: str
    id: str | None
    enctype: str
    fields: dict[str, list[Field]]
    field_order: list[tuple[str, Field]]
    def __init__(
        self, response: TestResponse, text: str, parser_features: str = "html.parser"
    ) -> None: ...
    def __setitem__(self, name: str, value: Any) -> None: ...
    def __getitem__(self, name: str) -> Field: ...
    def set(self, name: str, value: Any, index: int | None = None) -> None: ...
    def get(self, name: str, index: int | None = None, default: Any = ...) -> Any: ...
    def select(
        self, name: str, value: Any = None, text: str | None = None, index: int | None = None
    ) -> None: ...
    def submit(
        self, name: str | None = None, index: int | None = None, value: Any = None, **args: Any
    ) -> TestResponse: ...
    def upload_fields(self) -> list[Any]: ...
    def submit_fields(
        self, name: str | None = None, index: int | None = None, submit_value: Any = None
    ) -> list[tuple[str, Any]]: ...
