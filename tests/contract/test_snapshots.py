"""What is committed of the contract is what the code says, so that every change of it is seen in a diff."""

import json
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.contract import write

_SHOWN = 10


def differences(committed: str, said: str) -> list[str]:
    """The first lines that differ."""
    pairs = zip_longest(committed.splitlines(), said.splitlines(), fillvalue="(nothing)")
    numbered = ((number, *pair) for number, pair in enumerate(pairs, 1))
    found = [f"line {number}: {ours} | code: {theirs}" for number, ours, theirs in numbered if ours != theirs]
    return found[:_SHOWN]


@pytest.mark.parametrize(("file", "say"), [(write.DOCUMENT, write.document), (write.ACCESS, write.access)])
def test_what_is_committed_is_what_the_code_says(everything_on: Any, file: Path, say: Callable[[Any], str]) -> None:
    committed, said = file.read_text(encoding="utf-8"), say(everything_on.registry)
    assert differences(committed, said) == [], "if that is meant: make contract"
    assert committed == said


def test_a_difference_would_be_found() -> None:
    assert differences("a\nb\n", "a\nc\n") == ["line 2: b | code: c"]
    assert differences("a\n", "a\nb\n") == ["line 2: (nothing) | code: b"]


def test_nothing_of_this_machine_or_version_is_committed() -> None:
    document = json.loads(write.DOCUMENT.read_text(encoding="utf-8"))
    assert (document["info"]["version"], document["servers"]) == ("0", [{"url": "/"}])
    text = write.DOCUMENT.read_text(encoding="utf-8")
    assert [word for word in ("localhost", "127.0.0.1", "sqlite", str(Path.home())) if word in text] == []
