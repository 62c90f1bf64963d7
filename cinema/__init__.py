"""cinema: an open, self-hostable back end for cinemas."""

from typing import Any

from pyramid.config import Configurator
from pyramid.router import Router

from cinema.core.request import Request
from cinema.core.settings import SettingError


def main(global_config: dict[str, str], **settings: Any) -> Router:
    """The WSGI application (`paste.app_factory`). Exits with one line when it cannot be started as configured."""
    try:
        with Configurator(settings=settings, request_factory=Request) as config:
            config.registry.ini = global_config.get("__file__", "INI")
            config.include("cinema.core")
            config.include("cinema.accounts")
            config.include("cinema.catalogue")
            config.include("cinema.root")
            config.add_fallback_views()
            return config.make_wsgi_app()
    except (SettingError) as error:
        raise SystemExit(f"cinema: {error}") from None
