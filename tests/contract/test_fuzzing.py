"""schemathesis on the published document: whatever is called however, the answer was foreseen."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import CHECKS

from tests.app import Cinema
from tests.conftest import opened
from tests.databases import empty
from tests.dialects.everything import DIALECTS

_numbers = count(1)
EXAMPLES = int(os.environ.get("CINEMA_TEST_EXAMPLES", "2"))
MANY = int(os.environ.get("CINEMA_TEST_EXAMPLES", "200"))
CALLERS = (
    pytest.param("stranger", marks=pytest.mark.either_engine),  # hears little but 401 and 403
    pytest.param("member", marks=pytest.mark.either_engine),
    "admin",
)
_UNANSWERABLE = {
    # A body may fit the schema and name a genre that does not exist, and a cursor may be no cursor: rightly 400.
    "positive_data_acceptance",
}


@pytest.fixture(scope="module")
def fuzzed(new_database: Callable[[str], str]) -> Iterator[Any]:
    """An application that speaks every dialect, on a database of its own."""
    with opened(new_database("fuzzing"), **{"cinema.dialects": DIALECTS}) as router:
        yield router


@pytest.fixture
def cinema(fuzzed: Any) -> Iterator[Cinema]:
    """An empty cinema with something to find in it."""
    empty(fuzzed.registry.database)
    with Cinema(fuzzed) as house:
        house.screening()
        house.cassette()
        yield house


def credentials(cinema: Cinema, caller: str, scheme: str) -> dict[str, str]:
    """The headers of somebody new: what came before may have ended a session, an account or a password."""
    if caller == "stranger":
        return {}
    number = next(_numbers)
    person = cinema.person(f"{caller}-{number}", *(["admin"] if caller == "admin" else []))
    if scheme == "Bearer":
        return dict(person.headers)
    return {"Authorization": f"Token {cinema.key(int(person.id or 0))}"}


def bounded(examples: int, **more: Any) -> settings:
    """So many examples, without a clock; a few are the same every time, many are not."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
        derandomize=examples < MANY,
        **more,
    )


def calling(headers: dict[str, str], statuses: Counter[int], excluded: list[Any]) -> Callable[[Any], None]:
    """A call with these headers that counts and checks what is answered."""

    def call(case: Any) -> None:
        answer = case.call(headers=headers)
        statuses[answer.status_code] += 1
        case.validate_response(answer, headers=headers, excluded_checks=excluded)

    return call


def attack(cinema: Cinema, application: Any, caller: str, examples: int) -> Counter[int]:
    """Calls every operation so many times; answers how often each status came. Fails at what was not foreseen."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", application)
    excluded = [check for check in CHECKS.get_all() if check.__name__ in _UNANSWERABLE]
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        scheme = next((name for each in operation.definition.raw.get("security", []) for name in each), "Bearer")
        attempt = calling(credentials(cinema, caller, scheme), statuses, excluded)
        given(case=operation.as_strategy())(bounded(examples)(attempt))()
    return statuses


@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_is_foreseen(cinema: Cinema, fuzzed: Any, caller: str) -> None:
    statuses = attack(cinema, fuzzed, caller, EXAMPLES)
    if caller != "stranger":
        assert statuses[401] < statuses.total() / 2
        assert statuses[200] + statuses[201] + statuses[204] > statuses.total() / 10


@pytest.mark.slow
@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_is_foreseen_however_often(cinema: Cinema, fuzzed: Any, caller: str) -> None:
    statuses = attack(cinema, fuzzed, caller, MANY)
    assert caller == "stranger" or statuses[401] < statuses.total() / 2


def stories(cinema: Cinema, application: Any, examples: int) -> Counter[int]:
    """What was made is changed, used and deleted, along the links of the document."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", application)
    excluded = [check for check in CHECKS.get_all() if check.__name__ in _UNANSWERABLE]
    statuses: Counter[int] = Counter()

    class Story(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def setup(self) -> None:
            self.headers = credentials(cinema, "admin", "Bearer")

        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"headers": self.headers}

        def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
            statuses[response.status_code] += 1
            case.validate_response(response, headers=self.headers, excluded_checks=excluded)

    with suppress(FlakyStrategyDefinition):  # the database remembers: the same choices may lead elsewhere by now
        Story.run(settings=bounded(examples, stateful_step_count=8))
    return statuses


def test_every_story_is_foreseen(cinema: Cinema, fuzzed: Any) -> None:
    assert stories(cinema, fuzzed, 5 * EXAMPLES)[200]


@pytest.mark.slow
def test_every_story_is_foreseen_however_long_they_get(cinema: Cinema, fuzzed: Any) -> None:
    assert stories(cinema, fuzzed, 5 * MANY)[200]
