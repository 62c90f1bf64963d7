"""How long a permission check takes: ours through a real request, pycasbin's decision alone beside it.

Both know 20 roles of 50 permissions each. Ours includes looking up the token and whether its session has ended, and
walks the access lists of /movies; pycasbin is only asked whether somebody may do something.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from casbin import FastEnforcer
from casbin.model import FastModel

from cinema import main
from cinema.accounts import services as accounts
from cinema.accounts import sessions
from cinema.accounts.administration import CONSOLE, create_role, grant_role
from cinema.core.request import Request
from cinema.core.resources import Root
from cinema.security import Permission, Verb
from tests.databases import migrate

ROLES = 20
PERMISSIONS = 50
CHECKS = 5_000
ROUNDS = 7
SETTINGS = {"cinema.jwt_secret": "the-benchmark-has-no-secrets-0123456789-abcdef"}
ORIGIN = sessions.Origin("127.0.0.1", "bench", "Bench")
HASH = "nobody signs in here with a password"
RBAC = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
"""
_BY_OBJECT_AND_ACTION = [1, 2]

Check = Callable[[], object]


def report() -> None:
    """Measures and prints."""
    print(f"permission checks, {ROLES} roles of {PERMISSIONS} permissions")
    for name, microseconds in [*_ours(), *_casbins()]:
        print(f"  {name:50} {microseconds:8.1f} µs")


# -- ours ----------------------------------------------------------------------------------------------------


def _ours() -> Iterable[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'checks.sqlite3'}"
        migrate(url)
        registry = main({}, **SETTINGS, **{"cinema.database_url": url}).registry
        try:
            member, editor = _tokens(registry)
            for token, verb, what in (
                (member, Verb.VIEW, "allowed to members"),
                (editor, Verb.EDIT, "allowed by a new role"),
                (member, Verb.EDIT, "refused"),
            ):
                checks = partial(_checks, registry, token, verb)
                yield f"cinema: {verb} /movies, {what}", _median(checks)
        finally:
            registry.knowledge.stop()
            registry.database.dispose()


def _tokens(registry: Any) -> tuple[str, str]:
    """The tokens of a member, and of somebody with one of the roles. Each role holds `movies:edit` and labels."""
    now = datetime.now(UTC)
    with registry.database.plain_session() as db, db.begin():
        for role in range(ROLES):
            labels = [f"label:{role}-{number}" for number in range(PERMISSIONS - 1)]
            create_role(db, f"role-{role}", "", [Permission.MOVIES_EDIT, *labels], CONSOLE, now)
    return _token(registry, "member"), _token(registry, "editor", "role-7")


def _token(registry: Any, username: str, *roles: str) -> str:
    now, email = datetime.now(UTC), f"{username}@example.com"
    with registry.database.plain_session() as db, db.begin():
        user_id = accounts.register(db, username=username, email=email, password_hash=HASH, now=now)
        for role in roles:
            grant_role(db, user_id, role, CONSOLE, now)
        grant = sessions.begin(db, user_id, HASH, ORIGIN, registry.refresh_key, registry.accounts.lease, now)
    assert grant is not None
    token: str = registry.tokens.issue(user_id, grant.session_id, grant.roles, grant.superuser)
    return token


def _checks(registry: Any, token: str, verb: str) -> list[Check]:
    """A check for each of many requests: one request decides once who is calling."""

    def check() -> Check:
        request = Request.blank("/api/v1/movies", headers={"Authorization": f"Bearer {token}"})
        request.registry = registry
        movies = Root(request)["api"]["v1"]["movies"]
        return lambda: registry.policy.permits(request, movies, verb)

    return [check() for _check in range(CHECKS)]


# -- pycasbin ------------------------------------------------------------------------------------------------


def _casbins() -> Iterable[tuple[str, float]]:
    model = FastModel(_BY_OBJECT_AND_ACTION)
    model.load_model_from_text(RBAC)
    enforcer = FastEnforcer(model, cache_key_order=_BY_OBJECT_AND_ACTION)
    enforcer.add_policies([(f"role-{role}", "movies", "edit") for role in range(ROLES)])
    for role in range(ROLES):
        enforcer.add_policies([(f"role-{role}", f"label-{role}-{each}", "view") for each in range(PERMISSIONS - 1)])
    enforcer.add_grouping_policy("bench", "role-7")
    for action, what, allowed in (("edit", "allowed by a role", True), ("refund", "refused", False)):
        assert enforcer.enforce("bench", "movies", action) is allowed
        check = partial(enforcer.enforce, "bench", "movies", action)
        yield f"pycasbin FastEnforcer: {action} movies, {what}", _median(lambda check=check: [check] * (CHECKS // 10))


# -- measuring -----------------------------------------------------------------------------------------------


def _median(checks: Callable[[], list[Check]]) -> float:
    """Microseconds of CPU per check. The first round warms up."""
    return statistics.median([_round(checks()) for _round_number in range(ROUNDS + 1)][1:])


def _round(checks: list[Check]) -> float:
    started = time.process_time()
    for check in checks:
        check()
    return (time.process_time() - started) / len(checks) * 1e6


if __name__ == "__main__":
    report()
