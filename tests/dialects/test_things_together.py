"""Films, halls and cassettes: entered in one dialect, seen in the others."""

import pytest

from tests.dialects.everything import Everything


@pytest.fixture
def staff(everything: Everything) -> Everything:
    everything.person("boss", "staff")
    return everything


def test_a_film_entered_in_cinemapi_appears_in_site_with_its_placeholders(staff: Everything) -> None:
    film = staff.cinemapi("boss").post("/cinemapi/movie/", {"name": "Ran", "duration": "02:42:00"})["id"]
    assert staff.anybody.get(f"/movies/{film}/") == {
        "id": film,
        "title": "Ran",
        "description": "",
        "trailer": "",
        "year": None,
        "rating": None,
        "genre_id": None,
        "director_id": None,
        "genre": {"id": None, "name": ""},
        "director": {"id": None, "name": ""},
    }


def test_a_film_entered_in_cinemapi_keeps_its_seconds_there_and_is_rounded_up_elsewhere(staff: Everything) -> None:
    film = staff.cinemapi("boss").post("/cinemapi/movie/", {"name": "Ran", "duration": "01:30:01"})["id"]
    assert staff.member.get(f"/movies/{film}")["duration"] == 91
    assert staff.academy("boss").get(f"/api/cinema/movies/{film}/")["duration"] == 91
    staff.admin.patch(f"/movies/{film}", {"year": 1985, "duration": 91})
    assert staff.anybody.get(f"/cinemapi/movie/{film}/")["duration"] == "01:30:01"
    staff.admin.patch(f"/movies/{film}", {"duration": 92})
    assert staff.anybody.get(f"/cinemapi/movie/{film}/")["duration"] == "01:32:00"


def test_a_film_entered_in_academy_is_whole_natively(staff: Everything) -> None:
    boss = staff.academy("boss")
    genre = boss.post("/api/cinema/genres/", {"name": "Drama"})["id"]
    actor = boss.post("/api/cinema/actors/", {"first_name": "Tatsuya", "last_name": "Nakadai"})["id"]
    body = {"title": "Ran", "description": "乱", "duration": 162, "genres": [genre], "actors": [actor]}
    film = boss.post("/api/cinema/movies/", body)["id"]
    native = staff.member.get(f"/movies/{film}")
    assert native["genres"] == [{"id": genre, "name": "Drama"}]
    assert [each["full_name"] for each in native["actors"]] == ["Tatsuya Nakadai"]
    assert staff.anybody.get(f"/movies/{film}")["genre"] == {"id": genre, "name": "Drama"}
    assert staff.anybody.get(f"/cinemapi/movie/{film}/") == {"id": film, "name": "Ran", "duration": "02:42:00"}


def test_a_film_without_a_duration_lasts_nothing_in_the_others_and_only_academy_schedules_it(
    staff: Everything,
) -> None:
    film, hall = staff.movie(duration=None), staff.hall()
    assert staff.anybody.get(f"/cinemapi/movie/{film}/")["duration"] == "00:00:00"
    assert staff.academy("boss").get(f"/api/cinema/movies/{film}/")["duration"] == 0
    session = {"hall": hall, "movie": film, "started_at": "2026-05-02T10:00:00Z", "price": "1.00"}
    staff.cinemapi("boss").call("POST", "/cinemapi/session/", session, 400)
    body = {"show_time": "2026-05-02T10:00:00Z", "movie": film, "cinema_hall": hall}
    shown = staff.academy("boss").post("/api/cinema/movie_sessions/", body)["id"]
    assert staff.member.get(f"/screenings/{shown}")["ends_at"] == "2026-05-02T10:00:00Z"


def test_a_name_has_to_be_new_in_cinemapi_only(staff: Everything) -> None:
    staff.movie("Ran")
    staff.movie("Ran")
    staff.cinemapi("boss").call("POST", "/cinemapi/movie/", {"name": "Ran", "duration": "1:00:00"}, 400)


def test_a_film_with_a_label_is_hidden_from_whoever_lacks_it_in_every_dialect(staff: Everything) -> None:
    film = staff.movie("Secret", label="vip")
    screening = staff.screening(movie=film)
    staff.person("anna")
    academic, cineast = staff.academy("anna"), staff.cinemapi("anna")
    assert staff.anybody.get("/movies/") == []
    assert staff.anybody.call("GET", f"/movies/{film}").status_int == 404
    assert academic.get("/api/cinema/movies/") == academic.get("/api/cinema/movie_sessions/") == []
    assert academic.call("GET", f"/api/cinema/movie_sessions/{screening}/").status_int == 404
    assert cineast.get("/cinemapi/movie/") == cineast.get("/cinemapi/session/") == []
    body = {"tickets": [{"row": 1, "seat": 1, "movie_session": screening}]}
    assert academic.call("POST", "/api/cinema/orders/", body).status_int == 400
    boss = staff.cinemapi("boss")
    assert [each["id"] for each in boss.get("/cinemapi/movie/")] == [film]
    assert staff.site("boss@example.com").get("/movies/") == []


def test_a_hall_with_gaps_is_the_rectangle_round_it(staff: Everything) -> None:
    hall = staff.hall(layout="A|..__..\nB|......")
    [shown] = staff.academy("boss").get("/api/cinema/cinema_halls/")
    assert (shown["rows"], shown["seats_in_row"], shown["capacity"]) == (2, 6, 12)
    assert staff.anybody.get(f"/cinemapi/hall/{hall}/")["seat_count"] == 6
    screening = staff.screening(hall=hall)
    [session] = staff.academy("boss").get("/api/cinema/movie_sessions/")
    assert (session["cinema_hall_capacity"], session["tickets_available"]) == (12, 10)
    body = {"tickets": [{"row": 1, "seat": 5, "movie_session": screening}]}
    assert staff.academy("boss").call("POST", "/api/cinema/orders/", body).status_int == 400


def test_a_cassette_changed_in_vhs_shows_natively_and_keeps_its_price(staff: Everything) -> None:
    tape = staff.cassette(quantity=3)
    key = staff.anybody.post("/api/auth/signup", {"username": "rick", "password": "123"})["token"]
    staff.http.patch_json(
        f"/api/cassetes/{tape}", {"quantity": 7}, headers={"Authorization": f"Token {key}"}, status=204
    )
    native = staff.member.get(f"/cassettes/{tape}")
    assert (native["quantity"], native["price"]["amount"]) == (7, "5.00")
    assert staff.sql("SELECT sum(change) FROM stock_movements") == [(7,)]


def test_a_bookmark_made_in_site_is_natively_there(staff: Everything) -> None:
    film = staff.movie("Ran")
    staff.person("anna")
    visitor = staff.site("anna@example.com")
    assert visitor.call("POST", f"/favorites/movies/{film}/").status_int < 300
    saved = staff.native("anna").get("/api/v1/me/bookmarks")["items"]
    assert [each["movie"]["id"] for each in saved] == [film]


def test_an_error_is_told_in_the_words_of_the_place_it_happened_at(everything: Everything) -> None:
    words = {
        "/api/cinema/nothing/": "detail",
        "/api/auth/nothing": "detail",
        "/movies/nothing": "message",
        "/favorites/nothing": "message",
        "/cinemapi/nothing/": "detail",
        "/api/v1/nothing": "title",
        "/api/nothing": "title",
        "/nothing": "title",
    }
    for path, word in words.items():
        answer = everything.anybody.call("GET", path)
        assert answer.status_int == 404, path
        assert word in answer.json, path
