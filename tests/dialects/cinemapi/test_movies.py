"""Films: a name of their own and a length, frozen as soon as somebody has scheduled them."""

from typing import Any

import pytest

from tests.dialects.cinemapi.house import House, detail, ids

RAN = {"name": "Ran", "duration": "02:42:00"}
WRITES = ["POST", "PUT", "PATCH"]


def path_for(method: str, film: int) -> str:
    """Where a write of a film goes."""
    return "movie/" if method == "POST" else f"movie/{film}/"


# -- what the document shows ---------------------------------------------------------------------------------


def test_a_film_is_entered_and_everybody_sees_it(house: House) -> None:
    answer = house.boss.call("POST", "movie/", RAN, 201)
    film = answer.json["id"]
    assert answer.json == {"id": film, **RAN}
    assert type(film) is int
    for caller in (house.nobody, house.anna, house.boss, house.root):
        assert caller.get(f"movie/{film}/") == answer.json
        assert caller.get("movie/") == [answer.json]


def test_a_film_is_replaced(house: House) -> None:
    film, other = house.film(), house.film()
    untouched = house.nobody.get(f"movie/{other}/")
    assert house.boss.put(f"movie/{film}/", RAN) == {"id": film, **RAN}
    assert house.nobody.get("movie/") == [{"id": film, **RAN}, untouched]


@pytest.mark.parametrize("change", [{"name": "Ikiru"}, {"duration": "02:23:00"}, {"name": "A", "duration": "1"}, {}])
def test_a_film_is_changed_and_the_rest_of_it_stays(house: House, change: dict[str, str]) -> None:
    film = house.boss.post("movie/", RAN)["id"]
    changed = {"id": film, **RAN, **change, "duration": change.get("duration", "02:42:00")}
    if change.get("duration") == "1":
        changed["duration"] = "00:00:01"
    assert house.boss.patch(f"movie/{film}/", change) == changed
    assert house.nobody.get(f"movie/{film}/") == changed


def test_a_film_is_deleted_once(house: House) -> None:
    film, kept = house.film(), house.film()
    assert house.boss.delete(f"movie/{film}/").body == b""
    assert detail(house.boss.call("DELETE", f"movie/{film}/", status=404))
    assert detail(house.nobody.call("GET", f"movie/{film}/", status=404))
    assert ids(house.nobody.get("movie/")) == [kept]


def test_the_superuser_writes_as_staff_do(house: House) -> None:
    film = house.root.post("movie/", RAN)["id"]
    assert house.root.put(f"movie/{film}/", RAN | {"name": "Ikiru"})["name"] == "Ikiru"
    assert house.root.patch(f"movie/{film}/", {"name": "Dodeskaden"})["name"] == "Dodeskaden"
    house.root.delete(f"movie/{film}/")


@pytest.mark.parametrize("method", [*WRITES, "DELETE"])
def test_only_staff_write(house: House, method: str) -> None:
    film = house.film()
    before = house.stored()
    for caller, status in ((house.nobody, 401), (house.anna, 403)):
        for body in (RAN, {}, {"name": ""}):
            sent = None if method == "DELETE" else body
            assert detail(caller.call(method, path_for(method, film), sent, status))
    assert house.stored() == before


def test_the_list_is_bare_whole_and_in_the_order_of_entry(house: House) -> None:
    assert house.nobody.call("GET", "movie/", status=200).body == b"[]"
    films = [house.film(name=f"film {120 - number}") for number in range(120)]
    assert ids(house.nobody.get("movie/")) == films


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("name", ["x", "x" * 100, "Сталкер: «Зона»", "🎞" * 100, "<b>&amp;", "' OR 1=1 --", " Ran "])
def test_a_name_has_up_to_a_hundred_characters_and_is_kept_as_it_is(house: House, method: str, name: str) -> None:
    film = house.film()
    answer = house.boss.call(method, path_for(method, film), {"name": name, "duration": "5"})
    assert (answer.status_int, answer.json["name"]) == (201 if method == "POST" else 200, name)
    assert house.nobody.get(f"movie/{answer.json['id']}/")["name"] == name


@pytest.mark.either_engine
@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": "", "duration": ""}, {"name", "duration"}),
        ({"name": None, "duration": None}, {"name", "duration"}),
        ({"name": 7, "duration": True}, {"name", "duration"}),
        ({"name": [], "duration": {}}, {"name", "duration"}),
        ({"name": " "}, {"name"}),
        ({"name": "x" * 101}, {"name"}),
        ({"name": "R\0an"}, {"name"}),
        ({"name": "\ud800"}, {"name"}),
    ],
)
def test_every_bad_field_is_named_and_nothing_changes(
    house: House, method: str, changes: dict[str, Any], wrong: set[str]
) -> None:
    film = house.film()
    before = house.stored()
    assert house.boss.refused(method, path_for(method, film), RAN | changes) == wrong
    assert house.stored() == before


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("missing", ["name", "duration"])
def test_both_fields_are_needed(house: House, method: str, missing: str) -> None:
    film = house.film()
    body = {name: value for name, value in RAN.items() if name != missing}
    assert house.boss.refused(method, path_for(method, film), body) == {missing}


@pytest.mark.parametrize("method", WRITES)
def test_a_name_is_given_once_here(house: House, method: str) -> None:
    film = house.film()
    house.film(name="Ran")
    before = house.stored()
    assert house.boss.refused(method, path_for(method, film), RAN) == {"name"}
    assert house.stored() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_film_may_keep_its_own_name(house: House, method: str) -> None:
    film = house.film(name="Ran")
    assert house.boss.call(method, f"movie/{film}/", RAN, 200).json == {"id": film, **RAN}


def test_a_name_is_free_again_when_its_film_is_gone(house: House) -> None:
    film = house.boss.post("movie/", RAN)["id"]
    house.boss.delete(f"movie/{film}/")
    assert house.boss.post("movie/", RAN)["name"] == "Ran"


def test_a_native_film_may_share_its_name_and_still_be_changed_here(house: House) -> None:
    film = house.film(name="Ran")
    native = [house.movie("Ran"), house.movie("Ran")]
    assert [each["name"] for each in house.nobody.get("movie/")] == ["Ran"] * 3
    assert house.boss.patch(f"movie/{native[0]}/", {"duration": "02:42:00"}) == {"id": native[0], **RAN}
    assert house.boss.refused("POST", "movie/", RAN) == {"name"}
    assert house.boss.patch(f"movie/{film}/", {"name": "Ikiru"})["name"] == "Ikiru"


def test_a_native_film_with_a_long_name_is_shown_whole(house: House) -> None:
    film = house.movie("x" * 255)
    assert house.nobody.get(f"movie/{film}/")["name"] == "x" * 255
    assert house.boss.patch(f"movie/{film}/", {"duration": "5"})["name"] == "x" * 255


# -- frozen --------------------------------------------------------------------------------------------------


def assert_frozen(house: House, film: int) -> None:
    """Neither changes nor deletion, and nothing changed by trying."""
    before = house.stored()
    for method, body in (
        ("PUT", RAN),
        ("PUT", {}),
        ("PATCH", {"name": "Ran"}),
        ("PATCH", {"duration": "1"}),
        ("DELETE", None),
    ):
        assert house.boss.warned(method, f"movie/{film}/", body)
    assert house.stored() == before


def test_a_film_with_a_session_is_frozen(house: House) -> None:
    film = house.film()
    house.session(movie=film)
    assert_frozen(house, film)


def test_a_past_session_freezes_its_film_too(house: House) -> None:
    film = house.film()
    house.session(movie=film, started_at="2020-02-29T12:00:00Z")
    assert_frozen(house, film)


def test_a_session_of_another_dialect_freezes_its_film_too(house: House) -> None:
    native, academys = house.movie("a"), house.movie("b")
    house.screening(movie=native)
    house.academys_session(academys, house.hall(), house.now)
    assert_frozen(house, native)
    assert_frozen(house, academys)


def test_a_film_thaws_when_its_last_session_is_gone(house: House) -> None:
    film = house.film()
    session = house.session(movie=film)
    house.boss.delete(f"session/{session}/")
    assert house.boss.put(f"movie/{film}/", RAN)["name"] == "Ran"
    house.boss.delete(f"movie/{film}/")


# -- budgets -------------------------------------------------------------------------------------------------


def test_films_take_one_statement(house: House) -> None:
    film = [house.film() for _film in range(3)][-1]
    for caller in (house.nobody, house.anna):
        for path in ("movie/", f"movie/{film}/"):
            with house.statements() as seen:
                caller.get(path)
            assert len(seen) == 1, path
