"""What the README promises, done exactly as it stands there."""

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import cinema
from cinema.core.settings import declared_settings
from tests.processes import serving, with_demo

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """The table of settings as it has to stand in the README."""
    lines = ["| Setting | Default | What it is for |", "|---|---|---|"]
    for setting in declared_settings():
        default = f"`{setting.default}`" if setting.default else ""
        also = f" (`{setting.environment}` beats it)" if setting.environment else ""
        lines.append(f"| `{setting.name}` | {default} | {setting.purpose}{also} |")
    return "\n".join(lines)


def test_the_readme_lists_every_setting() -> None:
    for module in pkgutil.walk_packages(cinema.__path__, "cinema."):
        if not module.name.startswith("cinema.migrations"):
            importlib.import_module(module.name)
    found = re.search(r"<!-- settings -->\n(.*?)\n?<!-- /settings -->", README, re.DOTALL)
    assert found is not None
    assert found[1] == settings_table()


def test_the_seven_calls_buy_two_seats_and_a_tape(tmp_path: Path) -> None:
    script = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert script is not None
    assert len(re.findall(r"^# [1-7]\. ", script[1], re.MULTILINE)) == 7
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    url = with_demo(tmp_path)
    with serving(tmp_path / "server", url) as [server]:
        calls = script[1].replace("127.0.0.1:6543", f"127.0.0.1:{server.port}")
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", calls], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    order = json.loads(done.stdout[done.stdout.rindex('{"id"', 0, done.stdout.rindex('"total"')) :])
    assert order["state"] == "paid"
    assert len(order["tickets"]) == 2
    assert order["cassettes"][0]["quantity"] == 1
