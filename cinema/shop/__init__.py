"""The VHS shop: cassettes and their stock."""

from typing import Any


def includeme(config: Any) -> None:
    """Registers the views."""
    config.scan(".views")
