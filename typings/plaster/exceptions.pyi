from collections.abc import Sequence

from plaster.interfaces import ILoaderInfo

class PlasterError(Exception): ...

class InvalidURI(PlasterError, ValueError):
    message: str
    uri: str
    def __init__(self, uri: str, message: str | None = None) -> None: ...

class LoaderNotFound(PlasterError, ValueError):
    message: str
    scheme: str
    protocols: Sequence[str] | None
    def __init__(
        self, scheme: str, protocols: Sequence[str] | None = None, message: str | None = None
    ) -> None: ...

class MultipleLoadersFound(PlasterError, ValueError):
    message: str
    scheme: str
    loaders: Sequence[ILoaderInfo]
    protocols: Sequence[str] | None
    def __init__(
        self,
        scheme: str,
        loaders: Sequence[ILoaderInfo],
        protocols: Sequence[str] | None = None,
        message: str | None = None,
    ) -> None: ...
