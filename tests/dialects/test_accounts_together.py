"""One account, wherever it was made."""

from tests.app import PASSWORD
from tests.dialects.everything import Caller, Everything

OTHER = "another password of mine"


def test_whoever_signs_up_in_vhs_signs_in_natively_and_everywhere_by_username(everything: Everything) -> None:
    everything.anybody.post("/api/auth/signup", {"username": "rick", "password": "123"})
    me = everything.native("rick", "123").get("/api/v1/me")
    assert (me["username"], me["email"]) == ("rick", None)
    assert everything.academy("rick", "123").get("/api/me/")["email"] == ""
    assert everything.cinemapi("rick", "123").get("/cinemapi/current_user/")["username"] == "rick"


def test_whoever_registers_in_site_signs_in_natively_by_address(everything: Everything) -> None:
    everything.anybody.call("POST", "/auth/register", {"email": "Anna@Example.com", "password": "x"}, 201)
    me = everything.native("anna@example.com", "x").get("/api/v1/me")
    assert (me["username"], me["email"]) == (None, "Anna@Example.com")


def test_an_address_given_in_academy_or_cinemapi_signs_nobody_in(everything: Everything) -> None:
    shared = "shared@example.com"
    for name in ("one", "two"):
        everything.anybody.post("/api/register/", {"username": name, "password": "12345", "email": shared})
    everything.anybody.post("/cinemapi/register/", {"username": "three", "password": "12345", "email": shared})
    body = {"login": shared, "password": "12345"}
    assert everything.anybody.call("POST", "/api/v1/auth/login", body).status_int == 401
    assert everything.anybody.call("POST", "/auth/login", {"email": shared, "password": "12345"}).status_int == 401
    everything.anybody.call("POST", "/auth/register", {"email": shared, "password": "mine"}, 201)
    assert everything.site(shared, "mine").get("/user/")["email"] == shared


def test_a_username_that_looks_like_an_address_yields_to_the_address(everything: Everything) -> None:
    name = "rick@example.com"
    everything.anybody.post("/api/register/", {"username": name, "password": "academy"})
    assert everything.native(name, "academy").get("/api/v1/me")["username"] == name
    everything.anybody.call("POST", "/auth/register", {"email": name, "password": "site"}, 201)
    assert everything.native(name, "site").get("/api/v1/me")["username"] is None
    assert everything.academy(name, "academy").get("/api/me/")["username"] == name


def test_a_username_is_taken_for_every_dialect_in_any_case(everything: Everything) -> None:
    everything.anybody.post("/api/auth/signup", {"username": "Rick", "password": "123"})
    taken = {"username": "rICK", "password": PASSWORD, "email": "rick@example.com"}
    for path, status in (
        ("/api/register/", 400),
        ("/api/auth/signup", 400),
        ("/cinemapi/register/", 400),
        ("/api/v1/auth/register", 409),
    ):
        assert everything.anybody.call("POST", path, taken).status_int == status, path


def callers(house: Everything, name: str) -> dict[str, tuple[Caller, str]]:
    """Somebody signed in everywhere, with an address to look at oneself."""
    return {
        "academy": (house.academy(name), "/api/me/"),
        "cinemapi": (house.cinemapi(name), "/cinemapi/current_user/"),
        "site": (house.site(f"{name}@example.com"), "/user/"),
        "native": (house.native(name), "/api/v1/me"),
    }


def test_a_superuser_enters_all_of_them_with_the_same_name_and_password(everything: Everything) -> None:
    everything.person("root", superuser=True)
    people = callers(everything, "root")
    assert {name: who.call("GET", path).status_int for name, (who, path) in people.items()} == dict.fromkeys(
        people, 200
    )
    people["academy"][0].post("/api/cinema/genres/", {"name": "Drama"})
    people["cinemapi"][0].post("/cinemapi/movie/", {"name": "Ran", "duration": "02:42:00"})
    assert people["cinemapi"][0].get("/cinemapi/user/") != []
    key = everything.anybody.post("/api/auth/login", {"username": "root", "password": PASSWORD}, 200)["token"]
    body = {"title": "Ran", "director": "Akira Kurosawa", "released": "1985-06-01"}
    Caller(everything, f"Token {key}").post("/api/cassetes/", body)


def test_a_password_changed_in_site_ends_every_session_but_that_one(everything: Everything) -> None:
    everything.person("anna")
    people = callers(everything, "anna")
    change = {"password_1": PASSWORD, "password_2": OTHER}
    assert people["site"][0].call("PUT", "/user/password", change).status_int in (200, 201, 204)
    statuses = {name: who.call("GET", path).status_int for name, (who, path) in people.items()}
    assert statuses == {"academy": 401, "cinemapi": 401, "site": 200, "native": 401}
    assert everything.native("anna", OTHER).get("/api/v1/me")["username"] == "anna"


def test_a_password_changed_in_academy_ends_every_session_but_that_one(everything: Everything) -> None:
    everything.person("anna")
    people = callers(everything, "anna")
    people["academy"][0].call("PATCH", "/api/me/", {"password": OTHER}, 200)
    statuses = {name: who.call("GET", path).status_int for name, (who, path) in people.items()}
    assert statuses == {"academy": 200, "cinemapi": 401, "site": 401, "native": 401}


def test_sessions_of_every_dialect_are_listed_natively_and_ended_there(everything: Everything) -> None:
    everything.person("anna")
    people = callers(everything, "anna")
    native = people["native"][0]
    sessions = native.get("/api/v1/me/sessions")["items"]
    assert len(sessions) == 5  # the four, and the one that `person` began
    native.call("POST", "/api/v1/auth/logout-others", {}, 204)
    statuses = {name: who.call("GET", path).status_int for name, (who, path) in people.items()}
    assert statuses == {"academy": 401, "cinemapi": 401, "site": 401, "native": 200}


def test_a_disabled_account_is_out_everywhere(everything: Everything) -> None:
    user = everything.person("anna").id
    people = callers(everything, "anna")
    everything.admin.patch(f"/users/{user}", {"is_active": False})
    assert {who.call("GET", path).status_int for who, path in people.values()} == {401}
    assert (
        everything.anybody.call("POST", "/api/login/", {"username": "anna", "password": PASSWORD}).status_int == 400
    )


def test_somebody_made_staff_natively_is_staff_in_every_dialect_at_once(everything: Everything) -> None:
    user = everything.person("anna").id
    academic, cineast = everything.academy("anna"), everything.cinemapi("anna")
    assert academic.call("POST", "/api/cinema/genres/", {"name": "Drama"}).status_int == 403
    assert cineast.call("GET", "/cinemapi/user/").status_int == 403
    everything.admin.put(f"/users/{user}/roles/staff", status=204)
    assert academic.call("POST", "/api/cinema/genres/", {"name": "Drama"}).status_int == 201
    assert cineast.call("GET", "/cinemapi/user/").status_int == 200
    assert academic.get("/api/me/")["is_staff"] is True


def test_accounts_without_a_name_or_an_address_show_empty_text(everything: Everything) -> None:
    everything.anybody.call("POST", "/auth/register", {"email": "anna@example.com", "password": "x"}, 201)
    everything.anybody.post("/api/auth/signup", {"username": "rick", "password": "123"})
    everything.person("boss", "staff")
    users = everything.cinemapi("boss").get("/cinemapi/user/")
    assert {(each["username"], each["email"]) for each in users} >= {("", "anna@example.com"), ("rick", "")}
