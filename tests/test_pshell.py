"""`pshell development.ini`, as an administrator types into it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.databases import migrate, open_database
from tests.processes import environment, script

REPOSITORY = Path(__file__).parents[1]
ADD_A_HALL = "db.add(Hall(name='Red', name_key='red', layout='A|.', rows=1, seats_in_row=1, capacity=1)); db.flush()"
COUNT_HALLS = "print(db.query(Hall).count())"


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    """The settings file that comes along, beside a database with tables."""
    migrate(f"sqlite:///{tmp_path / 'cinema.sqlite3'}")
    return Path(shutil.copy(REPOSITORY / "development.ini", tmp_path))


def typed(ini: Path, *lines: str) -> list[str]:
    """What the shell prints when these lines are typed; nothing may go wrong."""
    command = [script("pshell"), "-p", "python", str(ini)]
    ended = subprocess.run(
        command,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
        check=False,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    return [line for line in ended.stdout.replace(">>> ", "").splitlines() if line]


def halls(ini: Path) -> int:
    """How many halls the database has afterwards."""
    database = open_database(f"sqlite:///{ini.with_name('cinema.sqlite3')}")
    with database.readers.connect() as connection:
        number: int = connection.exec_driver_sql("SELECT count(*) FROM halls").scalar_one()
    database.dispose()
    return number


def test_models_services_and_a_session_are_at_hand(ini: Path) -> None:
    printed = typed(
        ini,
        "print(sorted(m.__tablename__ for m in (User, Role, Movie, Hall, Screening, SeatClaim, Order, Ticket)))",
        "print(orders.take_order.__module__, paying.pay_order.__module__, halls.create_hall.__module__)",
        "print([role.name for role in db.query(Role).order_by(Role.id)])",
        "print(request.registry.currency)",
    )
    assert printed == [
        "['halls', 'movies', 'orders', 'roles', 'screenings', 'seat_claims', 'tickets', 'users']",
        "cinema.booking.orders cinema.booking.paying cinema.schedule.halls",
        "['anonymous', 'member', 'staff', 'admin']",
        "EUR",
    ]


def test_what_was_changed_is_undone_on_exit(ini: Path) -> None:
    assert typed(ini, ADD_A_HALL, COUNT_HALLS) == ["1"]
    assert halls(ini) == 0


def test_what_was_committed_stays(ini: Path) -> None:
    typed(ini, ADD_A_HALL, "tm.commit()")
    assert halls(ini) == 1


def test_after_a_commit_there_can_be_more(ini: Path) -> None:
    assert typed(ini, ADD_A_HALL, "tm.commit()", ADD_A_HALL, COUNT_HALLS) == ["2"]
    assert halls(ini) == 1


def test_a_session_in_which_nothing_was_asked_ends_quietly(ini: Path) -> None:
    assert typed(ini) == []
