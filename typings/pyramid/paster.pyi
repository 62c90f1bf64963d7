from collections.abc import Mapping
from typing import Any

from pyramid.scripting import AppEnvironment

def setup_logging(config_uri: str, global_conf: Mapping[str, Any] | None = None) -> None: ...

# usually a pyramid.router.Router, but the file may well wrap it in filters
def get_app(
    config_uri: str, name: str | None = None, options: Mapping[str, Any] | None = None
) -> Any: ...
def get_appsettings(
    config_uri: str, name: str | None = None, options: Mapping[str, Any] | None = None
) -> dict[str, Any]: ...
def bootstrap(
    config_uri: str, request: Any = None, options: Mapping[str, Any] | None = None
) -> AppEnvironment: ...
