"""What is committed of the contract: `python -m tests.contract.write` writes it anew.

The document and the access matrix of an application that speaks every dialect, as `development.ini` has it, on a
fresh database. What depends on the version or on the server is left out.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import plaster

from cinema.contract.matrix import CALLERS, Row, matrix
from tests.conftest import opened
from tests.databases import migrated_sqlite

_TOP = Path(__file__).parents[2]
FOLDER = _TOP / "docs" / "contract"
DOCUMENT, ACCESS = FOLDER / "openapi.json", FOLDER / "access.md"
YES, NO = "✓", "–"
_TAKEN_OVER = ("cinema.dialects", "cinema.metrics")
_INTRODUCTION = f"""\
# Who may call what

Every operation, read from the access lists; the built-in roles hold what they hold in a fresh database. The owner is
a member who asks for something of their own. {YES} gets past the access lists, whatever comes then; {NO} hears 401
without a valid token and 403 with one, or 404 where a thing is hidden from those who may not see it. Whoever holds
any one of the permissions in the last column gets past too.

Written by `make contract`; `tests/contract` makes a request for every cell. With the roles as they are now:
`/docs/access` of a running server.
"""


@contextmanager
def application(folder: Path) -> Iterator[Any]:
    """The WSGI application with all dialects on, on a fresh database in `folder`."""
    ini = plaster.get_settings(str(_TOP / "development.ini"), "app:main")
    url = f"sqlite:///{migrated_sqlite(folder / 'contract.sqlite3')}"
    with opened(url, **{name: ini[name] for name in _TAKEN_OVER}) as router:
        yield router


def document(registry: Any) -> str:
    """The document, sorted and indented."""
    found = json.loads(registry.contract)
    found["info"]["version"] = "0"
    found["servers"] = [{"url": "/"}]
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def access(registry: Any) -> str:
    """The access matrix, as Markdown."""
    head = ["Method", "Path", *CALLERS, "Permission"]
    lines = [_line(head), _line(["---", "---", *[":-:"] * len(CALLERS), "---"])]
    lines += [_row(row) for row in matrix(registry, registry.knowledge.roles)]
    return "\n".join([_INTRODUCTION, *lines]) + "\n"


def _row(row: Row) -> str:
    marks = [YES if allowed else NO for allowed in row.allowed]
    return _line([row.method, f"`{row.path}`", *marks, " ".join(f"`{each}`" for each in row.permissions)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Writes both files."""
    with tempfile.TemporaryDirectory() as folder, application(Path(folder)) as router:
        FOLDER.mkdir(exist_ok=True)
        DOCUMENT.write_text(document(router.registry), encoding="utf-8")
        ACCESS.write_text(access(router.registry), encoding="utf-8")


if __name__ == "__main__":
    main()
