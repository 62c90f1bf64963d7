"""What has changed, for whoever keeps something in memory.

Transactions write down the topics they touch (`core.db.changes`), so that none gets lost; this process hears of its
own as they commit, and of everybody's from the log.
"""

from typing import Any

from cinema.core.changes.hearing import Hearing
from cinema.core.changes.versions import Versions
from cinema.core.db.changes import Changed


def includeme(config: Any) -> None:
    """What this process knows of changes, and the thread that keeps it current."""
    registry = config.registry
    registry.versions = Versions()
    registry.hearing = hearing = Hearing(registry.database, registry.versions)
    config.add_listener(hearing.committed, Changed)
