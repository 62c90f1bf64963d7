import abc
from collections.abc import Mapping, Sequence
from typing import Any

from plaster.uri import PlasterURL

class ILoader(metaclass=abc.ABCMeta):
    uri: PlasterURL
    @abc.abstractmethod
    def get_sections(self) -> Sequence[str]: ...
    @abc.abstractmethod
    def get_settings(
        self, section: str | None = None, defaults: Mapping[str, Any] | None = None
    ) -> dict[str, Any]: ...
    @abc.abstractmethod
    def setup_logging(self, defaults: Mapping[str, Any] | None = None) -> None: ...

class ILoaderFactory(metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def __call__(self, uri: PlasterURL) -> ILoader: ...

class ILoaderInfo(metaclass=abc.ABCMeta):
    scheme: str
    protocols: Sequence[str] | None
    @abc.abstractmethod
    def load(self, config_uri: str | PlasterURL) -> ILoader: ...
