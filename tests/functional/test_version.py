"""`/version`."""

from importlib.metadata import version

from tests.app import Cinema

VERSION = "http://localhost/version"


def test_anybody_hears_which_version_this_is(cinema: Cinema) -> None:
    with cinema.statements() as seen:
        answers = [person.get(VERSION) for person in (cinema.stranger,)]
    assert (answers, seen) == ([{"name": "cinema", "version": version("cinema")}], [])
    assert cinema.member.get(VERSION) == answers[0]


def test_it_is_only_read(cinema: Cinema) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert cinema.stranger.call(method, VERSION, {}, 405).headers["Allow"] == "GET, HEAD"
    assert cinema.stranger.call("GET", f"{VERSION}?x=1", status=400).json["code"] == "invalid"
