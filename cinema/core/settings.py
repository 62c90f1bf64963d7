"""Settings, read once at start into frozen dataclasses.

A domain declares what it can be told:

    @dataclass(frozen=True)
    class BookingSettings:
        hold_minutes: int = setting("cinema.hold_minutes", "15", whole(1, 1440), "How long a hold lasts")

and reads it with `read(BookingSettings, settings)`. Every declared name is known to `refuse_unknown`, so a
misspelt one stops the start instead of being ignored.
"""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

PREFIX = "cinema."
T = TypeVar("T")


class SettingError(Exception):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the ini, its default as it would stand there, how to read it, what it is for."""

    name: str
    default: str
    parse: Callable[[str], Any]
    purpose: str
    environment: str | None = None


_declared: dict[str, Setting] = {}


def setting(
    name: str,
    default: str,
    parse: Callable[[str], Any],
    purpose: str,
    *,
    environment: str | None = None,
) -> Any:
    """A dataclass field that is filled from the ini, or from an environment variable that beats it."""
    declared = Setting(name, default, parse, purpose, environment)
    _declared[name] = declared
    return field(metadata={"setting": declared})


def read(cls: type[T], settings: Mapping[str, str]) -> T:
    """An instance of the settings class `cls`.

    Raises SettingError with the name of the setting and what is wrong with it.
    """
    values = {}
    for each in fields(cls):  # type: ignore[arg-type]  # every settings class is a dataclass
        declared: Setting = each.metadata["setting"]
        values[each.name] = _value(declared, settings)
    return cls(**values)


def _value(declared: Setting, settings: Mapping[str, str]) -> Any:
    text = settings.get(declared.name, declared.default)
    if declared.environment:
        text = os.environ.get(declared.environment) or text
    try:
        return declared.parse(str(text).strip())
    except (ValueError, KeyError) as error:
        raise SettingError(f"setting {declared.name}: {error}") from None


def refuse_unknown(settings: Mapping[str, str]) -> None:
    """Raises SettingError for a `cinema.*` setting that nobody declared."""
    for name in settings:
        if name.startswith(PREFIX) and name not in _declared:
            close = difflib.get_close_matches(name, _declared, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise SettingError(f"setting {name} is unknown{hint}")


def declared_settings() -> list[Setting]:
    """Every setting there is, by name: the README's table is tested against it."""
    return sorted(_declared.values(), key=lambda declared: declared.name)


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number between `low` and `high`, both included."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """Reads one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(repr(choice) for choice in choices)}, not {text!r}")
        return text

    return parse


def switch(text: str) -> bool:
    """Reads `on` or `off`."""
    return one_of("on", "off")(text) == "on"
