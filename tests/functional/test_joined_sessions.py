"""Sessions of requests belong to a transaction manager."""

import pytest
from sqlalchemy import insert
from transaction import TransactionManager
from transaction.interfaces import NoTransaction

from cinema.accounts.models import Role
from tests.app import Cinema

ROLE = insert(Role).values(name="usher")


def ushers(cinema: Cinema) -> int:
    return len(cinema.sql("SELECT id FROM roles WHERE name = 'usher'"))


def test_what_the_manager_commits_is_stored_and_what_it_aborts_is_not(cinema: Cinema) -> None:
    for end, stored in (("abort", 0), ("commit", 1)):
        manager = TransactionManager(explicit=True)
        manager.begin()
        cinema.database.session(manager).execute(ROLE)
        getattr(manager, end)()
        assert ushers(cinema) == stored


def test_nobody_else_commits(cinema: Cinema) -> None:
    manager = TransactionManager(explicit=True)
    manager.begin()
    db = cinema.database.session(manager)
    db.execute(ROLE)
    with pytest.raises(AssertionError, match="transaction manager"):
        db.commit()
    manager.abort()
    assert ushers(cinema) == 0


def test_a_session_does_nothing_outside_a_transaction(cinema: Cinema) -> None:
    db = cinema.database.session(TransactionManager(explicit=True))
    with pytest.raises(NoTransaction):
        db.execute(ROLE)
    db.close()
    assert ushers(cinema) == 0


def test_managers_do_not_mix_up_their_sessions(cinema: Cinema) -> None:
    kept, dropped = TransactionManager(explicit=True), TransactionManager(explicit=True)
    for manager in (kept, dropped):
        manager.begin()
    sessions = [cinema.database.session(manager) for manager in (kept, dropped)]
    sessions[0].execute(ROLE)
    dropped.abort()
    kept.commit()
    assert ushers(cinema) == 1
