"""cinema: an open, self-hostable back end for cinemas."""

from typing import Any

from pyramid.config import Configurator
from pyramid.router import Router

from cinema.core.db.revision import NotReady
from cinema.core.request import Request
from cinema.core.settings import SettingError, refuse_unknown

FLOORS = (
    "cinema.core",
    "cinema.accounts",
    "cinema.catalogue",
    "cinema.schedule",
    "cinema.shop",
    "cinema.booking",
    "cinema.bookmarks",
    "cinema.reports",
    "cinema.contract",
    "cinema.root",
    "cinema.dialects",  # last: whether a place is free for one, all others have to have said
)


def main(global_config: dict[str, str], **settings: Any) -> Router:
    """The WSGI application (`paste.app_factory`). Exits with one line when it cannot be started as configured."""
    config = Configurator(settings=settings, request_factory=Request)
    try:
        with config:
            config.registry.ini = global_config.get("__file__", "INI")
            for floor in FLOORS:
                config.include(floor)
            config.add_fallback_views()
            config.write_contract()
            refuse_unknown(settings)
        application = config.make_wsgi_app()
        config.registry.knowledge.start()
        config.registry.hearing.start()
        return application
    except (SettingError, NotReady) as error:
        if hasattr(config.registry, "database"):
            config.registry.database.dispose()
        raise SystemExit(f"cinema: {error}") from None
