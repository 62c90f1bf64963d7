"""Saved movies."""

from typing import Any


def includeme(config: Any) -> None:
    """Registers the views."""
    config.scan(".views")
