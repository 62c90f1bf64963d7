"""Other people's accounts, for those who may look after them."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.app import PASSWORD, Cinema, Person, fields
from tests.functional.test_roles import kept_roles

PATHS = ("", "/roles", "/history", "/sessions")


@pytest.fixture(autouse=True)
def _roles_stay(cinema: Cinema) -> Iterator[None]:
    with kept_roles(cinema):
        yield


def register(cinema: Cinema, username: str, email: str) -> int:
    """A new account; answers its id."""
    body = {"username": username, "email": email, "password": PASSWORD}
    return int(cinema.stranger.post("/auth/register", body)["id"])


def sign_in(cinema: Cinema, login: str, password: str = PASSWORD) -> int:
    """The status that signing in answers."""
    body = {"login": login, "password": password}
    return int(cinema.stranger.call("POST", "/auth/login", body).status_int)


def refresh(cinema: Cinema, person: Person) -> int:
    """The status that refreshing answers."""
    body = {"refresh_token": person.refresh_token}
    return int(cinema.stranger.call("POST", "/auth/refresh", body).status_int)


def set_active(person: Person, other: Person, active: bool) -> tuple[int, Any]:
    """The status and the code that somebody hears who disables or enables somebody else."""
    answer = person.call("PATCH", f"/users/{other.id}", {"is_active": active})
    return answer.status_int, answer.json.get("code")


def signed_in(person: Person) -> bool:
    """Whether somebody's access token is still good."""
    return person.call("GET", "/me").status_int == 200


# -- looking -------------------------------------------------------------------------------------------------


def test_an_account_is_what_its_owner_sees_under_me(cinema: Cinema) -> None:
    staff, member = cinema.person("staff", "staff"), cinema.member
    account = staff.get(f"/users/{member.id}")
    assert account == member.get("/me")
    assert set(account) == {
        *("id", "username", "email", "name", "surname", "favorite_genre", "roles", "is_staff", "is_active"),
        "created_at",
    }


def test_accounts_come_a_page_at_a_time(cinema: Cinema) -> None:
    ids = [cinema.person(name).id for name in ("eva", "adam", "olga", "zoe", "boris")]
    staff = cinema.person("staff", "staff")
    everybody = [*ids, staff.id]
    assert [user["id"] for user in staff.walk("/users?limit=2")] == everybody
    page = staff.get("/users?limit=4&count=true")
    assert ([user["id"] for user in page["items"]], page["total"]) == (everybody[:4], 6)
    assert staff.get("/users?limit=6")["next"] is None


def test_people_are_found_by_username_and_address_in_any_case(cinema: Cinema) -> None:
    register(cinema, "Анна_К", "Tolstoy@Example.com")
    register(cinema, "Boris", "b+films@example.org")
    register(cinema, "Strauße", "s@example.net")
    admin = cinema.admin
    for text, expected in {
        "анна": ["Анна_К"],
        "АННА_к": ["Анна_К"],
        "tolstoy@EXAMPLE": ["Анна_К"],
        "bORIs": ["Boris"],
        "b+films@": ["Boris"],
        "STRAUSSE": ["Strauße"],
        "ｂｏｒｉｓ": ["Boris"],
        "_": ["Анна_К"],
        "%": [],
        "!": [],
        "@example.": ["Анна_К", "Boris", "Strauße", "admin"],
        "": ["Анна_К", "Boris", "Strauße", "admin"],
        "nobody": [],
        "argon2": [],
    }.items():
        found = admin.get(f"/users?q={quote(text)}")["items"]
        assert (text, [user["username"] for user in found]) == (text, expected)


def test_people_are_found_by_role_and_by_whether_they_are_active(cinema: Cinema) -> None:
    staff, gone = cinema.person("staff", "staff"), cinema.person("gone", "staff")
    admin, member = cinema.admin, cinema.member
    admin.patch(f"/users/{gone.id}", {"is_active": False})
    for query, expected in {
        "role=staff": [staff, gone],
        "role=member": [staff, gone, admin, member],
        "role=nobody": [],
        "role=STAFF": [],
        "is_active=false": [gone],
        "is_active=true": [staff, admin, member],
        "is_active=true&role=staff": [staff],
        "role=staff&q=GO&is_active=false": [gone],
        "q=staff@": [staff],
    }.items():
        found = admin.get(f"/users?{query}&count=true")
        ids = [user["id"] for user in found["items"]]
        assert (query, ids, found["total"]) == (query, [person.id for person in expected], len(expected))
        assert [user["id"] for user in admin.walk(f"/users?{query}&limit=1")] == ids


def test_a_bad_parameter_is_a_400_that_names_it(cinema: Cinema) -> None:
    for query in ("is_active=yes", "is_active=", "role=", "limit=0", "q=%00", "username=a", "cursor=x", "role=%00"):
        problem = cinema.admin.get(f"/users?{query}", 400)
        assert (query, fields(problem)) == (query, {query.partition("=")[0]})


def test_nobody_there_is_a_404(cinema: Cinema) -> None:
    for user_id in ("0", "999999", "9" * 18):
        for path in PATHS:
            assert cinema.admin.get(f"/users/{user_id}{path}", 404)["code"] == "not-found"
        assert cinema.admin.patch(f"/users/{user_id}", {"is_active": True}, 404)["code"] == "not-found"
        assert cinema.admin.patch(f"/users/{user_id}", {}, 404)["code"] == "not-found"
        assert cinema.admin.delete(f"/users/{user_id}/sessions", 404)["code"] == "not-found"


def test_looking_is_cheap(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    costs = {"/users": 1, "/users?count=true&role=staff&q=a": 2, f"/users/{member.id}": 1}
    costs |= {f"/users/{member.id}{path}": 2 for path in PATHS[1:]}
    for path, cost in costs.items():
        with cinema.statements() as statements:
            admin.get(path)
        assert (path, len(statements)) == (path, cost)


# -- history, sessions and roles -----------------------------------------------------------------------------


def test_somebodys_sign_ins_are_shown_newest_first_failures_too(cinema: Cinema) -> None:
    user = register(cinema, "anna", "anna@example.com")
    for password in (PASSWORD, "not the password"):
        sign_in(cinema, "anna", password)
        cinema.later(minutes=1)
    path = f"/users/{user}/history"
    history = cinema.admin.get(f"{path}?count=true")
    assert history["total"] == 2
    assert [each["result"] for each in history["items"]] == ["wrong-password", "success"]
    assert list(cinema.admin.walk(f"{path}?limit=1")) == history["items"]


def test_somebodys_sessions_are_shown_and_ended(cinema: Cinema) -> None:
    member, staff = cinema.member, cinema.person("staff", "staff")
    second, other = cinema.signed_in(int(member.id or 0)), cinema.other
    path = f"/users/{member.id}/sessions"
    sessions = staff.get(f"{path}?count=true")
    assert sessions["total"] == 2
    assert [each["sid"] for each in staff.walk(f"{path}?limit=1")] == [each["sid"] for each in sessions["items"]]
    assert not any(each["current"] for each in sessions["items"])
    assert set(sessions["items"][0]) == {"sid", "device", "ip", "created_at", "last_used_at", "current"}
    for _again in range(2):
        staff.delete(path)
        assert staff.get(path)["items"] == []
    assert [signed_in(person) for person in (member, second, other, staff)] == [False, False, True, True]
    assert [refresh(cinema, person) for person in (member, second, other)] == [401, 401, 200]


def test_ones_own_session_is_marked_as_such(cinema: Cinema) -> None:
    admin = cinema.admin
    cinema.signed_in(int(admin.id or 0))
    assert [each["current"] for each in admin.get(f"/users/{admin.id}/sessions")["items"]] == [False, True]


def test_somebodys_roles_are_shown_with_what_they_may_do(cinema: Cinema) -> None:
    admin = cinema.admin
    path = f"/users/{admin.id}/roles"
    expected = [admin.get(f"/roles/{name}") for name in ("admin", "member")]
    assert admin.get(f"{path}?count=true") == {"items": expected, "next": None, "total": 2}
    assert list(admin.walk(f"{path}?limit=1")) == expected


@pytest.mark.parametrize("path", PATHS[1:])
def test_what_belongs_to_somebody_takes_the_parameters_of_a_list_only(cinema: Cinema, path: str) -> None:
    url = f"/users/{cinema.member.id}{path}"
    for query in ("user=1", "limit=x", "cursor=x", "q=a"):
        assert fields(cinema.admin.get(f"{url}?{query}", 400)) == {query.partition("=")[0]}


# -- disabling -----------------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_everywhere_at_once(cinema: Cinema) -> None:
    member, staff = cinema.member, cinema.person("staff", "staff")
    elsewhere = cinema.signed_in(int(member.id or 0))
    for _again in range(2):
        assert staff.patch(f"/users/{member.id}", {"is_active": False})["is_active"] is False
    assert [signed_in(person) for person in (member, elsewhere, staff)] == [False, False, True]
    assert member.call("GET", "/me").json["code"] == "token-revoked"
    assert refresh(cinema, member) == 401
    assert sign_in(cinema, "member") == 401
    assert staff.get(f"/users/{member.id}/sessions")["items"] == []


def test_an_account_that_is_enabled_again_starts_afresh(cinema: Cinema) -> None:
    member, staff = cinema.member, cinema.person("staff", "staff")
    set_active(staff, member, active=False)
    for _again in range(2):
        assert staff.patch(f"/users/{member.id}", {"is_active": True})["is_active"] is True
    assert not signed_in(member)
    assert refresh(cinema, member) == 401
    assert sign_in(cinema, "member") == 200


def test_a_patch_of_nothing_changes_nothing(cinema: Cinema) -> None:
    member = cinema.member
    assert cinema.admin.patch(f"/users/{member.id}", {}) == member.get("/me")


def test_nothing_else_of_an_account_is_the_staffs_to_change(cinema: Cinema) -> None:
    before = cinema.member.get("/me")
    path = f"/users/{before['id']}"
    for field in [*before, "password", "password_hash", "is_superuser"]:
        if field != "is_active":
            problem = cinema.admin.patch(path, {"is_active": False, field: before.get(field)}, 400)
            assert (field, fields(problem)) == (field, {field})
    for wrong in (None, "false", 0, []):
        assert fields(cinema.admin.patch(path, {"is_active": wrong}, 400)) == {"is_active"}
    assert cinema.member.get("/me") == before


# -- who may -------------------------------------------------------------------------------------------------


def test_staff_look_after_accounts_and_members_do_not(cinema: Cinema) -> None:
    staff, root = cinema.person("staff", "staff"), cinema.person("root", superuser=True)
    other = f"/users/{cinema.other.id}"
    for method, path, expected in (
        ("GET", "/users", (401, 403, 200, 200, 200)),
        *(("GET", other + path, (401, 403, 200, 200, 200)) for path in PATHS),
        ("PATCH", other, (401, 403, 200, 200, 200)),
        ("DELETE", f"{other}/sessions", (401, 403, 204, 204, 204)),
        ("PUT", f"{other}/roles/staff", (401, 403, 403, 204, 204)),
        ("DELETE", f"{other}/roles/staff", (401, 403, 403, 204, 204)),
    ):
        people = (cinema.stranger, cinema.member, staff, cinema.admin, root)
        body = {} if method == "PATCH" else None
        heard = tuple(person.call(method, path, body).status_int for person in people)
        assert (method, path, heard) == (method, path, expected)


def test_a_member_may_not_look_even_at_the_own_account_here(cinema: Cinema) -> None:
    for path in PATHS:
        assert cinema.member.get(f"/users/{cinema.member.id}{path}", 403)["code"] == "forbidden"


def test_strangers_and_members_are_refused_without_a_statement(cinema: Cinema) -> None:
    for person in (cinema.stranger, cinema.member):
        for method, path in [("GET", "/users"), ("PATCH", "/users/1"), ("DELETE", "/users/1/sessions")] + [
            ("GET", f"/users/1{path}") for path in PATHS
        ]:
            with cinema.statements() as statements:
                person.call(method, path, {} if method == "PATCH" else None)
            assert statements == []


def test_nobody_disables_or_signs_out_somebody_who_may_do_more(cinema: Cinema) -> None:
    staff, root = cinema.person("staff", "staff"), cinema.person("root", superuser=True)
    for weaker, stronger in ((staff, cinema.admin), (staff, root), (cinema.admin, root)):
        assert set_active(weaker, stronger, active=False) == (403, "outranked")
        assert weaker.delete(f"/users/{stronger.id}/sessions", 403)["code"] == "outranked"
        assert signed_in(stronger)
        assert stronger.get("/me")["is_active"] is True


def test_nobody_enables_somebody_who_may_do_more(cinema: Cinema) -> None:
    staff, second = cinema.person("staff", "staff"), cinema.person("second", "admin")
    set_active(cinema.admin, second, active=False)
    assert set_active(staff, second, active=True) == (403, "outranked")
    assert sign_in(cinema, "second") == 401


def test_equals_may_disable_each_other(cinema: Cinema) -> None:
    pairs = [(cinema.person(f"{role}-1", role), cinema.person(f"{role}-2", role)) for role in ("staff", "admin")]
    for one, two in pairs:
        one.delete(f"/users/{two.id}/sessions")
        assert set_active(one, two, active=False) == (200, None)


def test_whoever_holds_every_label_outranks_a_holder_of_one(cinema: Cinema) -> None:
    cinema.admin.post("/roles", {"name": "vip", "permissions": ["label:vip"]})
    staff, vip = cinema.person("staff", "staff"), cinema.person("vip", "vip")
    staff.delete(f"/users/{vip.id}/sessions")
    assert set_active(staff, vip, active=False) == (200, None)


def test_whoever_holds_one_label_is_outranked_by_a_holder_of_every_label(cinema: Cinema) -> None:
    porter = ["users:view", "users:edit", "label:vip"]
    cinema.admin.post("/roles", {"name": "porter", "permissions": porter})
    cinema.admin.post("/roles", {"name": "all-labels", "permissions": ["label:*"]})
    person, other = cinema.person("porter", "porter"), cinema.person("other-one", "all-labels")
    assert set_active(person, other, active=False) == (403, "outranked")


def test_the_last_administrator_cannot_be_disabled(cinema: Cinema) -> None:
    admin = cinema.admin
    assert set_active(admin, admin, active=False) == (409, "last-administrator")
    assert signed_in(admin)
    assert admin.get("/me")["is_active"] is True
    second = cinema.person("second", "admin")
    assert set_active(admin, second, active=False) == (200, None)
    assert set_active(admin, admin, active=False) == (409, "last-administrator")
    assert set_active(admin, second, active=True) == (200, None)
    assert set_active(admin, admin, active=False) == (200, None)
    assert not signed_in(admin)


def test_a_superuser_counts_as_an_administrator(cinema: Cinema) -> None:
    admin, root = cinema.admin, cinema.person("root", superuser=True)
    assert set_active(admin, admin, active=False) == (200, None)
    assert set_active(root, root, active=False) == (409, "last-administrator")
    assert signed_in(root)
