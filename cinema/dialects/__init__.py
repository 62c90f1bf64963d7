"""Older wire formats that existing clients already speak, one folder each.

Which of them are spoken, and below which prefix, is a setting. A dialect holds resources, schemas, presenters and
views; rules and data are those of the rooms below.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.exceptions import ConfigurationError

from cinema.core.settings import SettingError, read, setting

SETTING = "cinema.dialects"


def _prefixes(text: str) -> Mapping[str, str]:
    """Reads `name = prefix`, one a line; an empty prefix is the root."""
    known = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    prefixes: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, prefix = (part.strip() for part in line.partition("="))
        if not equals:
            raise ValueError(f"must be lines such as «site = /», not {line!r}")
        if name not in known:
            raise ValueError(f"there is no dialect {name!r}; there are {', '.join(known)}")
        if name in prefixes:
            raise ValueError(f"{name} stands there twice")
        prefixes[name] = prefix.strip("/")
    return prefixes


@dataclass(frozen=True)
class DialectSettings:
    """Which dialects are spoken where."""

    prefixes: Mapping[str, str] = setting(
        SETTING, "", _prefixes, "Older wire formats to speak besides: `name = prefix`, one a line"
    )


def includeme(config: Any) -> None:
    """Includes each dialect at its prefix. Raises SettingError when one path would mean two things."""
    for name, prefix in read(DialectSettings, config.registry.settings).prefixes.items():
        try:
            config.include(f"{__name__}.{name}", route_prefix=prefix)
        except ConfigurationError as clash:
            raise SettingError(f"setting {SETTING}: {name} cannot be at {prefix or '/'}: {clash}") from None
