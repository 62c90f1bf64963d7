"""The catalogue: movies, genres, directors, actors."""

from typing import Any


def includeme(config: Any) -> None:
    """Registers the views."""
    config.include(".views")
