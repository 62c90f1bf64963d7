"""The database: engines, sessions, transactions, and what every table has in common."""

from typing import Any

import pyramid_retry
from pyramid.router import default_execution_policy
from pyramid.tweens import EXCVIEW

from cinema.core.db.engines import Database, DatabaseSettings
from cinema.core.db.revision import require_head
from cinema.core.request import SAFE_METHODS, may_write
from cinema.core.settings import read

ATTEMPTS = 4  # the first and three more after a deadlock or a serialization failure


def includeme(config: Any) -> None:
    """Opens the database; transactions and retries go round whatever may write, and nothing else.

    pyramid_tm's own `includeme` would add a request method, which costs every request a class (`core.request`
    holds `tm` instead), and its tween would decode tokens to annotate transactions.
    """
    registry = config.registry
    registry.database = Database(read(DatabaseSettings, registry.settings), registry.listeners.tell)
    require_head(registry.database.readers, registry.ini)
    registry.settings.update({"tm.annotate_user": False, "tm.activate_hook": may_write})
    config.add_tween("pyramid_tm.tm_tween_factory", over=EXCVIEW)

    retrying = pyramid_retry.RetryableExecutionPolicy(ATTEMPTS)

    def execution_policy(environ: dict[str, Any], router: Any) -> Any:
        policy = default_execution_policy if environ["REQUEST_METHOD"] in SAFE_METHODS else retrying
        return policy(environ, router)

    config.set_execution_policy(execution_policy)
