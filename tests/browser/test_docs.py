"""The documentation in a real browser, from a real server with the demo's data, with no internet to fall back on."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser import chromium
from tests.browser.chromium import Browser
from tests.browser.proxy import below_a_prefix
from tests.dialects.everything import DIALECTS
from tests.processes import serving, with_demo

PASSWORD = "a password for the demo"
LOGIN, ME = "#operations-accounts-post-api-v1-auth-login", "#operations-accounts-get-api-v1-me"
ANSWER = ".live-responses-table"

pytestmark = pytest.mark.skipif(not (chromium.CHROMIUM and chromium.DRIVER), reason=chromium.MISSING)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with every dialect and the demo's data."""
    folder = tmp_path_factory.mktemp("browser")
    url = with_demo(folder, PASSWORD)
    with serving(folder / "server", url, dialects=DIALECTS.replace("\n", "\n  ")) as [started]:
        yield f"http://127.0.0.1:{started.port}"


@pytest.fixture(params=["at the root", "below a prefix"])
def address(request: pytest.FixtureRequest, server: str) -> Iterator[str]:
    """Where the browser finds the server: there, or behind a proxy."""
    if request.param == "at the root":
        yield server
    else:
        with below_a_prefix(urlsplit(server).port or 0) as proxy:
            yield proxy


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a fresh profile."""
    with chromium.opened(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def browser(window: Browser) -> Browser:
    """A browser on an empty page."""
    window.forget()
    return window


def assert_quiet(browser: Browser, address: str) -> None:
    """Nothing to complain of, and nobody else was asked for anything."""
    assert browser.complaints() == []
    assert browser.asked() == {urlsplit(address).netloc}


def try_out(browser: Browser, operation: str, body: object = None) -> str:
    """Tries an operation out, which may lie folded; answers what is shown of the answer's body."""
    block = browser.see(operation)
    if "is-open" not in str(block.get_attribute("class")):
        browser.see(".opblock-summary-control", block).click()
    browser.see(".try-out__btn", block).click()
    if body is not None:
        field = browser.see("textarea", block)
        field.clear()
        field.send_keys(json.dumps(body))
    browser.see(".execute", block).click()
    return browser.see(f"{ANSWER} .response-col_description pre", block).text


def authorize(browser: Browser, token: str) -> None:
    browser.see(".auth-wrapper .authorize").click()
    dialog = browser.see(".dialog-ux")
    browser.see("#auth-bearer-value", dialog).send_keys(token)
    browser.see(".auth-btn-wrapper .authorize", dialog).click()
    browser.see(".auth-btn-wrapper .btn-done", dialog).click()


def test_somebody_signs_in_and_looks_at_their_account(browser: Browser, address: str) -> None:
    browser.open(f"{address}/docs")
    browser.see("#operations-tag-accounts").click()
    tokens = json.loads(try_out(browser, LOGIN, {"login": "member", "password": PASSWORD}))
    authorize(browser, tokens["access_token"])
    assert json.loads(try_out(browser, ME))["username"] == "member"
    assert browser.run("return [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert_quiet(browser, address)


def test_the_token_is_gone_with_the_page(browser: Browser, server: str) -> None:
    browser.open(f"{server}/docs")
    authorize(browser, "a.b.c")
    assert browser.see(".auth-wrapper .authorize.locked")
    browser.driver.refresh()
    assert browser.see(".auth-wrapper .authorize.unlocked")
    assert_quiet(browser, server)


def test_a_link_to_an_operation_opens_it(browser: Browser, address: str) -> None:
    browser.open(f"{address}/docs/#/accounts/get-api-v1-me")
    assert browser.see(f"{ME}.is-open .try-out__btn")
    assert_quiet(browser, address)


def test_what_the_contract_says_of_a_refusal_leads_to_its_explanation(browser: Browser, address: str) -> None:
    browser.open(f"{address}/docs#/accounts/get-api-v1-me")
    link = str(browser.see(f"{ME} .responses-inner a[href$='#unauthenticated']").get_attribute("href"))
    assert link == f"{address}/docs/errors#unauthenticated"
    browser.open(link)
    assert "auth/login" in browser.see("section:target").text
    assert_quiet(browser, address)


def test_pages_are_readable_by_day_and_by_night(browser: Browser, server: str) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        emulated = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", emulated)
        for page, sight in (
            ("docs", "#operations-tag-accounts"),
            ("docs/errors", "#seats-taken"),
            ("docs/access", "td"),
        ):
            browser.open(f"{server}/{page}")
            colours = browser.style("body", "background-color"), browser.style(sight, "color")
            seen[page, scheme] = [brightness(colour) for colour in colours]
    for (page, scheme), (paper, ink) in seen.items():
        assert abs(paper - ink) > 100, (page, scheme)
        assert (paper > ink) == (scheme == "light"), (page, scheme)
    assert_quiet(browser, server)


def brightness(colour: str) -> float:
    """Of `rgb(…)`: 0 is black, 255 white."""
    red, green, blue = (int(each) for each in re.findall(r"\d+", colour)[:3])
    return 0.3 * red + 0.6 * green + 0.1 * blue


def test_from_the_front_door_and_from_where_older_clients_look_one_comes_here(browser: Browser, server: str) -> None:
    for path in ("", "api/swagger"):
        browser.open(f"{server}/{path}")
        assert browser.see("#operations-tag-accounts")
        assert browser.driver.current_url == f"{server}/docs"
    assert_quiet(browser, server)


def test_a_complaint_and_a_request_to_elsewhere_would_be_found(browser: Browser, server: str) -> None:
    browser.open(f"{server}/docs/errors")
    browser.run("document.body.style.color = 'red'; document.body.append(document.createElement('script'))")
    assert_quiet(browser, server)
    browser.run("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert any("Content Security Policy" in complaint for complaint in browser.complaints())
    browser.forget()
    browser.driver.execute_async_script("fetch('http://elsewhere.example/').catch(() => 0).finally(arguments[0])")
    assert browser.asked() == {"elsewhere.example"}
    assert browser.complaints()
