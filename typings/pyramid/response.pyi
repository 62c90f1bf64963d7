from collections.abc import Iterator
from typing import IO, Any, TypeVar

import webob

_T = TypeVar("_T")

class Response(webob.Response): ...

class FileResponse(Response):
    def __init__(
        self,
        path: Any,
        request: Any = None,
        cache_max_age: int | None = None,
        content_type: str | None = None,
        content_encoding: str | None = None,
    ) -> None: ...

class FileIter:
    file: IO[bytes]
    block_size: int
    def __init__(self, file: IO[bytes], block_size: int = 262144) -> None: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def __next__(self) -> bytes: ...
    def close(self) -> None: ...

class response_adapter:
    types_or_ifaces: tuple[Any, ...]
    kwargs: dict[str, Any]
    def __init__(self, *types_or_ifaces: Any, **kwargs: Any) -> None: ...
    def register(self, scanner: Any, name: str, wrapped: Any) -> None: ...
    def __call__(self, wrapped: _T) -> _T: ...
