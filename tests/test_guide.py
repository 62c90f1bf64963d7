"""The examples of the guide, run as they stand there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Server, serving, with_demo

GUIDE = (Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with demo data."""
    folder = tmp_path_factory.mktemp("guide")
    url = with_demo(folder)
    with serving(folder / "server", url) as [found]:
        yield found


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def run(server: Server, command: list[str], code: str) -> str:
    code = code.replace("127.0.0.1:6543", f"127.0.0.1:{server.port}")
    done = subprocess.run([*command, code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_calls_in_curl_do_what_they_say(server: Server) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    told = run(server, ["bash", "-euo", "pipefail", "-c"], block("sh"))
    assert '"code"' not in told.replace('"code":"eyJ', "")  # no refusal anywhere
    assert "image/svg+xml" in told
    assert '"saved_at"' in told


def test_the_client_in_python_does_what_it_says(server: Server) -> None:
    lines = run(server, [sys.executable, "-c"], block("python")).splitlines()
    assert re.fullmatch(r"\d+ films are longer than three hours, .+ among them", lines[0])
    assert re.fullmatch(r"held for \d+ seconds, for \d+\.\d\d EUR", lines[1])
    assert lines[2].startswith("seats-unavailable [{")
    assert lines[3].startswith("paid [")
