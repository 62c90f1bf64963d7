"""Whether everybody answers the same: before anything is measured, each answer is held against cinema's."""

from collections.abc import Iterable
from typing import Any

from bench.contenders import Contender
from bench.scenarios import Scenario, ask

_OWN = {"next", "version"}
"""Members that each application words in its own way."""
_OF_AN_ORDER = {"id", "order", "code", "row", "seat", "created_at", "expires_at", "expires_in"}
"""Members that differ from one order to the next."""


def first_answers(scenario: Scenario, contenders: Iterable[Contender]) -> tuple[bytes, dict[str, str | None]]:
    """cinema's answer, and the tag each contender gave its own. Ends the run where anybody answers otherwise."""
    shared = next(scenario.asks)
    model: Any = None
    body, tags = b"", {}
    for contender in contenders:
        one = shared if shared.body is None else next(scenario.asks)
        answer = ask(contender, one)
        if answer.status_code != scenario.status:
            raise SystemExit(
                f"{scenario.name}: {contender.name} answers {answer.status_code} to {one.path}: {answer.text[:500]}"
            )
        own = _OWN if shared.body is None else _OWN | _OF_AN_ORDER
        found = _masked(answer.json(), own)
        model, body = (model, body) if model else (found, answer.content)
        if difference := _difference(model, found):
            raise SystemExit(f"{scenario.name}: {contender.name} answers otherwise than cinema: {difference}")
        tags[contender.name] = answer.headers.get("ETag") if scenario.tagged else None
    return body, tags


def _masked(value: Any, own: set[str]) -> Any:
    """The same, with the type of a member in place of what nobody else can say."""
    if isinstance(value, list):
        return [_masked(each, own) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: type(each).__name__ if key in own else _masked(each, own) for key, each in value.items()}


def _difference(ours: Any, theirs: Any, path: str = "") -> str | None:
    """Where two answers differ first."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = [(f"{path}.{key}", ours[key], theirs[key]) for key in ours]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = [(f"{path}[{place}]", *pair) for place, pair in enumerate(zip(ours, theirs, strict=True))]
    else:
        return None if ours == theirs else f"at {path or 'the top'}: {ours!r:.300}, {theirs!r:.300}"
    return next(filter(None, (_difference(one, other, where) for where, one, other in pairs)), None)
