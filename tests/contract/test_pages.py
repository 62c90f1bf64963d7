"""The pages for people: what is on them, that nothing foreign is, and that they work wherever a proxy puts them."""

import re
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from webtest import TestApp

import cinema.contract
from cinema.contract.assets import ASSETS
from cinema.contract.matrix import CALLERS, Row
from cinema.contract.pages import access_page
from cinema.problems import FIELD_CODES, PROBLEMS
from tests.app import Cinema

STATIC = Path(cinema.contract.__file__).parent / "static"
PAGES = ["/docs", "/docs/errors", "/docs/access"]
SPELLINGS = [f"{page}{ending}" for page in PAGES for ending in ("", "/")]
VENDORED = re.findall(r"`([^`]+)` \| `([0-9a-f]{64})`", (STATIC / "swagger-ui" / "README.md").read_text())


class Page(HTMLParser):
    """A page, read as a browser does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.cells: list[list[str]] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids += [str(known["id"])] if "id" in known else []
        self.links += [str(known[name]) for name in ("href", "src", "data-root") if name in known]
        if tag == "style" or (tag == "script" and "src" not in known):
            self.inline.append(tag)
        self.inline += [name for name in known if name == "style" or name.startswith("on")]
        if tag == "tr":
            self.cells.append([])
        if tag == "td":
            self.cells[-1].append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.cells and self.cells[-1]:
            self.cells[-1][-1] += data.strip()


@pytest.fixture
def http(everything_on: Any) -> TestApp:
    """A browser without credentials."""
    return TestApp(everything_on)


def policy(answer: Any) -> dict[str, list[str]]:
    [header] = answer.headers.getall("Content-Security-Policy")
    return {words[0]: words[1:] for words in map(str.split, header.split(";"))}


# -- the front door ------------------------------------------------------------------------------------------


def test_the_front_door_leads_to_the_documentation(http: TestApp) -> None:
    for method in ("HEAD", "GET"):
        answer = http.request("/", method=method, status=303)
        assert (answer.headers["Location"], answer.body) == ("http://localhost/docs", b"")
    assert answer.follow().content_type == "text/html"
    below = http.get("/", extra_environ={"SCRIPT_NAME": "/some/prefix"}, status=303)
    assert below.headers["Location"] == "http://localhost/some/prefix/docs"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_one_can_only_look_at_it(http: TestApp, method: str) -> None:
    assert http.request("/", method=method, status=405).headers["Allow"] == "GET, HEAD"


# -- every page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_nothing_but_its_own_files(http: TestApp, path: str) -> None:
    answer = http.get(path)
    assert (answer.content_type, answer.charset) == ("text/html", "UTF-8")
    assert Page(answer.text).inline == []
    rules = policy(answer)
    scripts = ["'self'"] if path == "/docs" else None
    assert (rules["default-src"], rules.get("script-src"), rules["style-src"]) == (["'none'"], scripts, ["'self'"])
    assert [rules[name] for name in ("frame-ancestors", "base-uri", "form-action")] == [["'none'"]] * 3
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert {word for words in rules.values() for word in words} <= {"'none'", "'self'", "data:", "blob:"}


@pytest.mark.parametrize("prefix", ["", "/below/some/prefix"])
@pytest.mark.parametrize("path", SPELLINGS)
def test_whatever_a_page_refers_to_is_there_wherever_a_proxy_puts_it(http: TestApp, path: str, prefix: str) -> None:
    """A proxy that takes the prefix away and says nothing of it."""
    links = Page(http.get(path).text).links
    assert len(links) > 5
    for link in links:
        found = urlsplit(urljoin(f"https://proxy.example{prefix}{path}", link))
        assert (found.netloc, found.path[: len(prefix)]) == ("proxy.example", prefix), link
        assert http.get(found.path[len(prefix) :] or "/").status_int in (200, 303), link


@pytest.mark.parametrize("path", [*PAGES, "/", "/docs/static/docs.css"])
def test_no_page_asks_the_database(cinema: Cinema, path: str) -> None:
    for person in (cinema.stranger, cinema.member):
        with cinema.statements() as statements:
            assert TestApp(cinema.http.app).get(path, headers=person.headers).status_int in (200, 303)
        assert statements == []


# -- the files they are made of ------------------------------------------------------------------------------


def test_every_file_is_served_as_what_it_is(http: TestApp) -> None:
    kinds = {"docs.js": "text/javascript", "swagger-ui.css": "text/css", "icon.svg": "image/svg+xml"}
    assert set(kinds) < set(ASSETS)
    for name in ASSETS:
        file = next(STATIC.rglob(name))
        answer = http.get(f"/docs/static/{name}")
        assert answer.body == file.read_bytes()
        assert answer.content_type == kinds.get(name, answer.content_type)
        assert answer.charset == "utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert http.head(f"/docs/static/{name}").content_length == len(answer.body)


def test_a_file_that_did_not_change_is_not_sent_again(http: TestApp) -> None:
    first = http.get("/docs/static/swagger-ui-bundle.js")
    assert first.headers["Cache-Control"] == "no-cache"
    tag = first.headers["ETag"]
    again = http.get("/docs/static/swagger-ui-bundle.js", headers={"If-None-Match": tag}, status=304)
    assert (again.body, again.headers["ETag"]) == (b"", tag)
    assert http.get("/docs/static/docs.js").headers["ETag"] != tag
    assert http.get("/docs/static/docs.js", headers={"If-None-Match": tag}, status=200).body


NOT_SERVED = ["", ".", "LICENSE", "README.md", "swagger-ui", "swagger-ui/swagger-ui.css", "docs.css/x", "DOCS.CSS"]
NOT_SERVED += ["docs.html", "../pages.py", "..%2Fpages.py", "%2e%2e/pages.py", "..%5Cpages.py", "docs.css%00"]
NOT_SERVED += ["docs.css%20", "docs.css.map", "*", "1", "@@", "@@docs.css"]


@pytest.mark.parametrize("name", NOT_SERVED)
def test_nothing_else_is_served(http: TestApp, name: str) -> None:
    assert http.get(f"/docs/static/{name}", status=404).content_type == "application/problem+json"


def test_swagger_ui_is_as_it_was_published() -> None:
    assert {name for name, _digest in VENDORED} == {
        file.name for file in (STATIC / "swagger-ui").iterdir() if file.name != "README.md"
    }
    for name, digest in VENDORED:
        assert sha256((STATIC / "swagger-ui" / name).read_bytes()).hexdigest() == digest, name


# -- errors --------------------------------------------------------------------------------------------------


@pytest.fixture
def errors(http: TestApp) -> Page:
    """The page of errors."""
    return Page(http.get("/docs/errors").text)


def plain(words: str) -> str:
    return words.replace("`", "")


def test_every_code_is_explained_where_its_documents_point_to(errors: Page) -> None:
    counted = Counter(errors.ids)
    assert [name for name, times in counted.items() if times > 1] == []
    assert set(PROBLEMS) <= set(counted)
    for cause in PROBLEMS.values():
        whole = f"{cause.code} {cause.title} {cause.status} {plain(cause.cause)} {plain(cause.cure)}"
        assert whole in errors.text


def test_every_code_of_a_field_is_explained(errors: Page) -> None:
    for code, meaning in FIELD_CODES.items():
        assert f"field-{code}" in errors.ids
        assert f"{code} {plain(meaning)}" in errors.text


def test_what_looks_like_a_tag_is_text(errors: Page) -> None:
    assert "Bearer <access token>" in errors.text  # of `unauthenticated`


def test_a_refusal_points_to_its_explanation(http: TestApp, errors: Page) -> None:
    for path in ("/api/v1/me", "/nothing", "/%FF", "/api/v1/movies?x=1"):
        kind = urlsplit(http.get(path, status="*").json["type"])
        assert kind.path == "/docs/errors"
        assert kind.fragment in errors.ids


# -- access --------------------------------------------------------------------------------------------------


def cells(http: TestApp, method: str, path: str) -> list[str]:
    """The marks of one operation, in the order of CALLERS."""
    table = Page(http.get("/docs/access").text).cells
    [row] = [row for row in table if row[:2] == [method, path]]
    return row[2 : 2 + len(CALLERS)]


def test_the_page_has_every_operation(http: TestApp, everything_on: Any) -> None:
    table = Page(http.get("/docs/access").text).cells
    operations = {(each.method, each.path) for each in everything_on.registry.operations}
    assert {(row[0], row[1]) for row in table if row} == operations
    assert {len(row) for row in table if row} == {3 + len(CALLERS)}


def test_the_page_shows_what_roles_may_do_today(cinema: Cinema) -> None:
    http = TestApp(cinema.http.app)
    listed = ("GET", "/api/v1/movies")
    assert cells(http, *listed) == ["–", "✓", "✓", "✓", "✓"]
    cinema.admin.patch("/roles/anonymous", {"permissions": ["movies:view"]})
    try:
        assert cells(http, *listed) == ["✓"] * 5
        assert http.get("/api/v1/movies").status_int == 200
        assert cells(http, "GET", "/api/v1/halls")[0] == "–"
    finally:
        cinema.admin.patch("/roles/anonymous", {"permissions": []})
    assert cells(http, *listed)[0] == "–"


def test_a_path_that_looks_like_a_tag_would_be_text() -> None:
    page = access_page([Row("<b>", '/"<script>', (True,) * 5, ("<i>",))])
    assert not {"<b>", "<script>", "<i>"} & set(re.findall("<[^ >]+>", page))
    assert Page(page).cells[-1] == ["<b>", '/"<script>', *["✓"] * 5, "<i>"]
