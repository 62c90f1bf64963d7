from collections.abc import Mapping, Sequence
from typing import Any, overload

from plaster.interfaces import ILoader, ILoaderInfo
from plaster.uri import PlasterURL

def get_sections(config_uri: str | PlasterURL) -> Sequence[str]: ...
def get_settings(
    config_uri: str | PlasterURL,
    section: str | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> dict[str, Any]: ...
def setup_logging(
    config_uri: str | PlasterURL, defaults: Mapping[str, Any] | None = None
) -> None: ...

# With ``protocols`` the loader has methods beyond ILoader.
@overload
def get_loader(config_uri: str | PlasterURL, protocols: None = None) -> ILoader: ...
@overload
def get_loader(config_uri: str | PlasterURL, protocols: Sequence[str]) -> Any: ...
def find_loaders(scheme: str, protocols: Sequence[str] | None = None) -> list[ILoaderInfo]: ...
