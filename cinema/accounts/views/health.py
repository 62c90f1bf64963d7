"""Whether this process can work: `health/ready`."""

from typing import TypedDict

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.accounts.knowledge import STALE_SECONDS
from cinema.accounts.resources import Ready
from cinema.core.errors import Problem
from cinema.core.health import wanted_revision
from cinema.core.request import Request


class DatabaseJson(TypedDict):
    """Whether the database answers a question in time."""

    ok: bool


class MigrationsJson(TypedDict):
    """Whether its tables are those of this version; no `revision` when nobody could ask."""

    ok: bool
    revision: str | None


class AccessJson(TypedDict):
    """Whether access events have been read lately; `age` in seconds."""

    ok: bool
    age: float


class ChecksJson(TypedDict):
    """All that is looked at."""

    database: DatabaseJson
    migrations: MigrationsJson
    access: AccessJson


class ReadyJson(TypedDict):
    """A process that can work."""

    status: str
    checks: ChecksJson


class Unready(Problem):
    """503: this process cannot work as it should; `checks` says why."""

    status = 503
    title = "Service Unavailable"
    default_code = "not-ready"


@view_config(context=Ready, request_method="GET", permission=NO_PERMISSION_REQUIRED, refuses=("not-ready",))
def ready(_context: Ready, request: Request) -> ReadyJson:
    """What there is to look at, if all of it is well. Raises Unready."""
    registry = request.registry
    revision, age = registry.database_check.revision(), registry.knowledge.age
    well = {
        "database": revision is not None,
        "migrations": revision == wanted_revision(),
        "access": age <= STALE_SECONDS,
    }
    checks: ChecksJson = {
        "database": {"ok": well["database"]},
        "migrations": {"ok": well["migrations"], "revision": revision},
        "access": {"ok": well["access"], "age": round(age, 1)},
    }
    failed = [name for name, ok in well.items() if not ok]
    if failed:
        raise Unready(f"Not well: {', '.join(failed)}.", headers={"Retry-After": "1"}, checks=checks)
    return {"status": "ok", "checks": checks}
