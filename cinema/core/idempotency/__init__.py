"""Requests that may be sent again: whoever repeats a key gets the first answer, and nothing happens twice."""

from typing import Any

from cinema.core.idempotency.records import Sweeper
from cinema.core.idempotency.view import idempotent_view
from cinema.core.secrets import derive


def includeme(config: Any) -> None:
    """Derives the key that bodies are told apart by, and registers the deriver; every native POST has it."""
    registry = config.registry
    registry.idempotency_secret = derive(registry.secret, "idempotency")
    registry.idempotency_sweeper = Sweeper()
    config.add_view_deriver(idempotent_view, "idempotent", under=("body", "query"), over="rendered_view")
