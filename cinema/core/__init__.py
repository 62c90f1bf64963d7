"""Plumbing that knows no cinema word: database, resources, validation, errors, rendering, paging."""

import re
from dataclasses import dataclass
from typing import Any

from cinema.core import clock, secrets
from cinema.core.settings import read, setting


def _currency(code: str) -> str:
    if not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(f"must be three capital letters, such as EUR, not {code!r}")
    return code


@dataclass(frozen=True)
class CoreSettings:
    """What every floor needs to know."""

    currency: str = setting("cinema.currency", "EUR", _currency, "The currency of every price (ISO 4217)")


def includeme(config: Any) -> None:
    """Clock, currency, secret; then the database and the rules that hold for every view."""
    registry = config.registry
    registry.clock = clock.utcnow
    registry.currency = read(CoreSettings, registry.settings).currency
    registry.secret = secrets.load(registry.settings)
    registry.cursor_key = secrets.derive(registry.secret, "cursor")
    config.include(".events")
    config.include(".db")
    config.include(".changes")
    config.include(".resources")
    config.include(".views")
    config.include(".validation")
    config.include(".ready")
    config.include(".showing")
    config.include(".idempotency")
    config.include(".rendering")
    config.include(".error_views")
    config.include(".cors")
    config.include(".limits")
    config.include(".observing")
    config.include(".health")
