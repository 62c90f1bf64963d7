"""Debian's Chromium, driven by Selenium: what it shows, what it complains of, whom it asks."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = "no chromium with chromedriver here; on Debian: apt-get install chromium chromium-driver"
_PATIENCE = 30  # seconds until something that is not shown counts as missing
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--window-size=1280,1600",
)
_NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_OWN = {"chrome", "chrome-untrusted", "data", "blob", "about"}
"""Schemes of what a browser has in itself."""


class Browser:
    """A window."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self._wait = WebDriverWait(driver, _PATIENCE)
        self._asked: set[str] = set()

    def open(self, url: str) -> None:
        """Goes to an address."""
        self.driver.get(url)

    def forget(self) -> None:
        """Goes nowhere, and forgets what was complained of and who was asked so far."""
        self.open("about:blank")
        self.complaints()
        self.asked()
        self._asked.clear()

    def see(self, css: str, within: Any = None) -> WebElement:
        """The first visible element; waits for it."""

        def visible(driver: Any) -> WebElement | None:
            found = (within or driver).find_elements(By.CSS_SELECTOR, css)
            return next((each for each in found if each.is_displayed()), None)

        element: WebElement = self._wait.until(visible, f"nothing to be seen of {css}")
        return element

    def style(self, css: str, name: str) -> str:
        """A property of an element, as it is shown."""
        return str(self.see(css).value_of_css_property(name))

    def run(self, script: str) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script)

    def complaints(self) -> list[str]:
        """Whatever is in the console: errors, warnings, breaches of the page's security policy."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> set[str]:
        """The hosts that were asked for anything."""
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                self._asked.add(event["params"].get("url") or event["params"]["request"]["url"])
        addresses = map(urlsplit, self._asked)
        return {address.netloc for address in addresses if address.scheme not in _OWN}


@contextmanager
def opened(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*_FLAGS, _NOWHERE_ELSE, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(DRIVER)))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
