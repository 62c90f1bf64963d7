"""The pages for people, as HTML. `{{root}}` in them is the way back to the root of the application."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from weakref import WeakKeyDictionary

from cinema.accounts.roles import RoleBook
from cinema.contract.matrix import CALLERS, Row
from cinema.problems import FIELD_CODES, PROBLEMS, Cause

_TEMPLATES = files(__package__) / "templates"
_CODE = re.compile("`([^`]+)`")


def relative_root(path: str) -> str:
    """The way from a page at `path` to the root, wherever a proxy may have put that: `./` or `../`."""
    return "../" * (path.count("/") - 1) or "./"


def _page(title: str, template: str, **content: str) -> str:
    html = (_TEMPLATES / "page.html").read_text(encoding="utf-8")
    html = html.replace("{{content}}", (_TEMPLATES / template).read_text(encoding="utf-8").strip())
    for name, value in (("title", escape(title)), *content.items()):
        html = html.replace(f"{{{{{name}}}}}", value)
    return html


def _text(words: str) -> str:
    """A sentence, with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(words))


def _cause(cause: Cause) -> str:
    return (
        f'<section id="{escape(cause.code)}">\n'
        f'<h2><a href="#{escape(cause.code)}"><code>{escape(cause.code)}</code></a> {_text(cause.title)}'
        f' <span class="status">{cause.status}</span></h2>\n'
        f"<p>{_text(cause.cause)}</p>\n"
        f"<p>{_text(cause.cure)}</p>\n"
        "</section>"
    )


def _errors(causes: Iterable[Cause]) -> str:
    ordered = sorted(causes, key=lambda cause: (cause.status, cause.code))
    links = [
        f'<a href="#{escape(cause.code)}">{cause.status} <code>{escape(cause.code)}</code></a>' for cause in ordered
    ]
    fields = [
        f'<dt id="field-{escape(code)}"><code>{escape(code)}</code></dt>\n<dd>{_text(meaning)}</dd>'
        for code, meaning in FIELD_CODES.items()
    ]
    return _page(
        "Errors – cinema",
        "errors.html",
        index="\n".join(links),
        causes="\n".join(map(_cause, ordered)),
        fields="\n".join(fields),
    )


DOCS = _page("Operations – cinema", "docs.html")
"""Swagger UI."""

ERRORS = _errors(PROBLEMS.values())
"""Every code there is; `#code` is where a problem document's `type` leads."""


# -- who may call what ---------------------------------------------------------------------------------------

ACCESS_PAGES: WeakKeyDictionary[RoleBook, str] = WeakKeyDictionary()
"""The access page, by the roles that it shows: those are replaced by others when they change."""


def access_page(rows: Sequence[Row]) -> str:
    """A table of who may call what."""
    return _page(
        "Access – cinema",
        "access.html",
        callers="".join(f'<th scope="col">{escape(caller)}</th>' for caller in CALLERS),
        rows="\n".join(map(_row, rows)),
    )


def _row(row: Row) -> str:
    cells = "".join('<td class="yes">✓</td>' if allowed else '<td class="no">–</td>' for allowed in row.allowed)
    permissions = ", ".join(f"<code>{escape(each)}</code>" for each in row.permissions)
    path = f"<code>{escape(row.path)}</code>"
    return f"<tr><td>{escape(row.method)}</td><td>{path}</td>{cells}<td>{permissions}</td></tr>"
