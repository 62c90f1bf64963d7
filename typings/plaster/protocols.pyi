import abc
from collections.abc import Callable, Mapping
from typing import Any

class IWSGIProtocol(metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def get_wsgi_app(
        self, name: str | None = None, defaults: Mapping[str, Any] | None = None
    ) -> Any: ...
    @abc.abstractmethod
    def get_wsgi_app_settings(
        self, name: str | None = None, defaults: Mapping[str, Any] | None = None
    ) -> dict[str, Any]: ...
    @abc.abstractmethod
    def get_wsgi_filter(
        self, name: str | None = None, defaults: Mapping[str, Any] | None = None
    ) -> Callable[[Any], Any]: ...
    @abc.abstractmethod
    def get_wsgi_server(
        self, name: str | None = None, defaults: Mapping[str, Any] | None = None
    ) -> Callable[[Any], Any]: ...
