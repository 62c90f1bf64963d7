"""The committed access matrix, asked of a running application: every cell is a request."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import pytest

from cinema.contract.matrix import CALLERS
from cinema.security import Permission
from tests.contract.world import World, everything_but
from tests.contract.write import ACCESS, YES

NOT_THEIRS = {
    ("DELETE", "/api/v1/me/sessions/{id}"): {"member": 404, "staff": 404, "admin": 404},
    ("PATCH", "/cinemapi/pay/{id}/"): {"member": 403},
    ("GET", "/cinemapi/ticket/{id}/"): {"member": 404},
}
"""Where the access list lets every member in, and the operation then refuses what is somebody else's."""

HIDDEN = re.compile(r"/api/v1/(orders|tickets)/\{id\}")
"""What does not exist for those who may not see it."""


class Line(NamedTuple):
    """A line of the matrix."""

    method: str
    path: str
    allowed: dict[str, bool]
    permissions: list[str]


def lines() -> Iterator[Line]:
    """All of them, as they are committed."""
    for line in ACCESS.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and "`/" in line:
            method, path, *marks, permissions = (cell.strip() for cell in line.strip("|").split("|"))
            allowed = dict(zip(CALLERS, (mark == YES for mark in marks), strict=True))
            yield Line(method, path.strip("`"), allowed, re.findall("`([^`]+)`", permissions))


MATRIX = {f"{line.method} {line.path}": line for line in lines()}
LET_IN = {200, 201, 204, 400, 409}


@pytest.fixture(scope="module")
def world(everything_on: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A cinema with one of everything."""
    with World.furnished(everything_on, tmp_path_factory.mktemp("world")) as found:
        yield found


def refusals(path: str, name: str | None) -> set[int]:
    """The statuses of a refusal: a stranger's, or that of somebody known."""
    if name is None:
        return {401}
    return {403, 404} if HIDDEN.match(path) else {403}


@pytest.mark.parametrize("operation", MATRIX)
def test_whoever_may_gets_past_401_and_403_and_nobody_else(world: World, operation: str) -> None:
    line = MATRIX[operation]
    for caller, allowed in line.allowed.items():
        name = None if caller == "anonymous" else caller
        expected = LET_IN if allowed else refusals(line.path, name)
        refused_later = NOT_THEIRS.get((line.method, line.path), {}).get(caller)
        status = world.status(line.method, line.path, name)
        assert status in ({refused_later} if refused_later else expected), (caller, status)


@pytest.mark.parametrize(
    "operation", [operation for operation, line in MATRIX.items() if not line.allowed["member"] and line.permissions]
)
def test_any_one_of_the_permissions_is_enough_and_all_others_together_are_not(world: World, operation: str) -> None:
    line = MATRIX[operation]
    for permission in line.permissions:
        status = world.status(line.method, line.path, "member", [permission])
        assert status in LET_IN, (permission, status)
    assert world.status(line.method, line.path, "member", everything_but(line.permissions)) in refusals(
        line.path, "member"
    )


def test_the_matrix_has_every_kind_of_cell() -> None:
    cells = {tuple(line.allowed.values()) for line in MATRIX.values()}
    assert len(MATRIX) > 150
    assert cells >= {
        (True, True, True, True, True),
        (False, True, True, True, True),
        (False, False, True, True, True),
        (False, False, False, True, True),
        (False, False, False, False, True),
    }
    assert (False,) * len(CALLERS) not in cells


def test_every_permission_opens_something_but_those_that_need_no_operation() -> None:
    named = set(chain.from_iterable(line.permissions for line in MATRIX.values()))
    assert named | {Permission.LABELS_VIEW_ANY} == set(Permission)


def test_a_stranger_may_look_where_the_operator_says_so(world: World) -> None:
    """The last column holds for strangers too: their role is `anonymous`."""
    operation = ("GET", "/api/v1/movies")
    assert "movies:view" in MATRIX[" ".join(operation)].permissions
    assert world.status(*operation, None) == 401
    assert world.status(*operation, None, ["movies:view"], role="anonymous") == 200
    assert world.status(*operation, None) == 401
