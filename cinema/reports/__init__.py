"""Reports: what was sold, counted from the money that moved."""

from typing import Any


def includeme(config: Any) -> None:
    """Registers the views."""
    config.scan(".views")
