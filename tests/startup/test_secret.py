"""The development secret: made once, private, and never by halves."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cinema.core import secrets
from cinema.core.settings import SettingError
from tests.processes import environment

LOAD = """
import sys
from cinema.core import secrets
print("ready", flush=True)
sys.stdin.readline()
sys.stdout.buffer.write(secrets.load({"cinema.jwt_secret_file": sys.argv[1]}))
"""
PROCESSES = 3


@pytest.fixture(autouse=True)
def no_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would beat the file."""
    monkeypatch.delenv("CINEMA_JWT_SECRET", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the secret is to be."""
    return tmp_path / "development.secret"


def load(file: Path) -> bytes:
    return secrets.load({"cinema.jwt_secret_file": str(file)})


def test_a_missing_file_is_made_private_and_keeps_what_was_loaded(file: Path) -> None:
    before = os.umask(0)
    try:
        secret = load(file)
    finally:
        os.umask(before)
    assert len(secret) >= secrets.MINIMUM_BYTES
    assert file.read_bytes() == secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_an_existing_file_is_kept_as_it_is(file: Path) -> None:
    file.write_text("an older secret, long enough for everybody\n")
    assert load(file) == b"an older secret, long enough for everybody"
    assert load(file) == b"an older secret, long enough for everybody"
    assert file.read_text() == "an older secret, long enough for everybody\n"


def test_every_file_gets_a_secret_of_its_own(tmp_path: Path) -> None:
    assert load(tmp_path / "one") != load(tmp_path / "other")


@pytest.mark.parametrize("content", ["", "too short", "changeme-changeme-changeme-changeme"])
def test_a_file_that_holds_no_secret_is_refused_and_kept(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingError, match=r"cinema\.jwt_secret"):
        load(file)
    assert file.read_text() == content


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"cinema\.jwt_secret_file"):
        load(tmp_path / "no" / "folder.secret")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"cinema\.jwt_secret_file"):
        load(tmp_path)


def test_processes_that_start_at_once_all_get_the_same_secret(file: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
        )
        for _number in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    with ThreadPoolExecutor(PROCESSES) as pool:
        loaded = list(pool.map(lambda process: process.communicate(b"go\n", timeout=30)[0], processes))
    assert {process.returncode for process in processes} == {0}
    assert set(loaded) == {file.read_bytes()}
    assert list(file.parent.iterdir()) == [file]


def test_threads_that_start_at_once_all_get_the_same_secret(tmp_path: Path) -> None:
    """Closer together than processes can be."""
    for number in range(50):
        file = tmp_path / f"{number}.secret"
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(load, [file] * 8)) == {file.read_bytes()}
