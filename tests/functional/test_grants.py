"""Who gives which role to whom, and what nobody can give or take."""

from collections.abc import Iterator
from typing import Any

import pytest
from pyramid.authorization import ALL_PERMISSIONS, Allow

from cinema.core.request import Request
from cinema.core.resources import Node
from cinema.root import NATIVE
from cinema.security import SUPERUSER, Permission
from tests.app import Cinema, Person
from tests.functional.test_roles import kept_roles, may_add_genres

OWN_RULES = ("users:view", "users:edit", "roles:edit")


@pytest.fixture(autouse=True)
def _roles_stay(cinema: Cinema) -> Iterator[None]:
    with kept_roles(cinema):
        yield


def role(cinema: Cinema, name: str, *permissions: str) -> str:
    """A new role; answers its name."""
    cinema.person(f"maker-of-{name}", superuser=True).post("/roles", {"name": name, "permissions": permissions})
    return name


def someone(cinema: Cinema, name: str, *permissions: str) -> Person:
    """Somebody with just these permissions, through a role of the same name."""
    return cinema.person(name, role(cinema, name, *permissions))


def grant(person: Person, other: Person, name: str) -> tuple[int, Any]:
    """The status and the code that somebody hears who gives somebody a role."""
    return heard(person, "PUT", f"/users/{other.id}/roles/{name}")


def revoke(person: Person, other: Person, name: str) -> tuple[int, Any]:
    """The same for who takes it away."""
    return heard(person, "DELETE", f"/users/{other.id}/roles/{name}")


def heard(person: Person, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """The status and the code of an answer."""
    answer = person.call(method, path, body)
    return answer.status_int, answer.json.get("code") if answer.body else None


DONE = (204, None)
NOT_YOURS, OUTRANKED, LAST = (403, "not-yours-to-give"), (403, "outranked"), (409, "last-administrator")
NOT_FOUND = (404, "not-found")


# -- granting and revoking -----------------------------------------------------------------------------------


def test_a_role_is_granted_and_revoked_as_often_as_one_likes(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    path = f"/users/{member.id}"
    for change, roles in ((grant, ["member", "staff"]), (revoke, ["member"])):
        for _again in range(2):
            assert change(admin, member, "staff") == DONE
            assert admin.get(path)["roles"] == member.get("/me")["roles"] == roles
            assert [held["name"] for held in admin.get(f"{path}/roles")["items"]] == roles
    assert cinema.other.get("/me")["roles"] == ["member"]


def test_an_unknown_account_or_role_is_a_404(cinema: Cinema) -> None:
    nobody = Person(cinema.http, 999_999)
    for change in (grant, revoke):
        assert change(cinema.admin, nobody, "staff") == NOT_FOUND
        for name in ("nobody", "STAFF", "a%00", "a" * 51, "%D1%80"):
            assert change(cinema.admin, cinema.member, name) == NOT_FOUND
    assert cinema.member.get("/me")["roles"] == ["member"]


def test_a_grant_has_one_address_and_nothing_to_read(cinema: Cinema) -> None:
    answer = cinema.admin.call("GET", f"/users/{cinema.member.id}/roles/member", status=405)
    assert answer.headers["Allow"] == "PUT, DELETE"


def test_a_grant_works_for_tokens_that_are_out_and_so_does_taking_it_back(cinema: Cinema) -> None:
    admin, member = cinema.admin, cinema.member
    elsewhere = cinema.signed_in(int(member.id or 0))
    body = {"title": "Сталкер"}
    assert member.call("POST", "/movies", body).status_int == 403
    grant(admin, member, "staff")
    assert [person.call("POST", "/movies", body).status_int for person in (member, elsewhere)] == [201, 201]
    revoke(admin, member, "staff")
    assert [person.call("POST", "/movies", body).status_int for person in (member, elsewhere)] == [403, 403]
    assert cinema.other.call("POST", "/movies", body).status_int == 403


def test_a_refreshed_token_has_the_roles_of_today(cinema: Cinema) -> None:
    member = cinema.member
    grant(cinema.admin, member, "staff")
    pair = cinema.stranger.post("/auth/refresh", {"refresh_token": member.refresh_token}, 200)
    fresh = Person(cinema.http, member.id, pair["access_token"])
    assert may_add_genres(fresh, "a")
    revoke(cinema.admin, member, "staff")
    assert not may_add_genres(fresh, "b")


def test_somebody_without_any_role_is_still_somebody(cinema: Cinema) -> None:
    movie, member = cinema.movie(), cinema.member
    assert revoke(cinema.admin, member, "member") == DONE
    assert member.get("/me")["roles"] == []
    assert member.get(f"/movies/{movie}")["id"] == movie


# -- what nobody gives ---------------------------------------------------------------------------------------


def test_nobody_grants_what_they_do_not_hold(cinema: Cinema) -> None:
    manager, member = someone(cinema, "manager", *OWN_RULES, "movies:edit"), cinema.member
    role(cinema, "editor", "movies:edit")
    role(cinema, "seller", "movies:edit", "orders:refund")
    assert grant(manager, member, "editor") == DONE
    for name in ("seller", "staff", "admin"):
        assert grant(manager, member, name) == NOT_YOURS
        assert grant(manager, manager, name) == NOT_YOURS
    assert member.get("/me")["roles"] == ["editor", "member"]


def test_nobody_makes_or_changes_a_role_to_get_what_they_do_not_hold(cinema: Cinema) -> None:
    manager = someone(cinema, "manager", *OWN_RULES, "movies:edit")
    more = {"permissions": [*OWN_RULES, "movies:edit", "orders:refund"]}
    assert heard(manager, "POST", "/roles", {"name": "seller"} | more) == NOT_YOURS
    assert cinema.admin.get("/roles/seller", 404)
    for name in ("manager", "member", "anonymous"):
        before = cinema.admin.get(f"/roles/{name}")
        for method in ("PUT", "PATCH"):
            assert heard(manager, method, f"/roles/{name}", more) == NOT_YOURS
        assert cinema.admin.get(f"/roles/{name}") == before
    assert not cinema.registry.policy.holds(_request(cinema, manager), Permission.ORDERS_REFUND)


def test_a_refusal_names_what_is_lacking(cinema: Cinema) -> None:
    manager = someone(cinema, "manager", *OWN_RULES)
    body = {"name": "x", "permissions": ["roles:edit", "orders:refund", "label:a", "movies:edit"]}
    problem = manager.post("/roles", body, 403)
    assert problem["detail"] == "You do not hold this yourself: label:a, movies:edit, orders:refund."


def test_a_label_is_given_by_holders_of_it_or_of_all(cinema: Cinema) -> None:
    for number, (held, given, expected) in enumerate(
        [
            ("label:vip", "label:vip", True),
            ("label:vip", "label:*", False),
            ("label:vip", "label:horror", False),
            ("label:vip", "label:vip2", False),
            ("label:*", "label:*", True),
            ("label:*", "label:horror", True),
            ("label:*", "movies:edit", False),
            ("movies:view", "label:vip", False),
        ]
    ):
        manager = someone(cinema, f"manager-{number}", *OWN_RULES, held)
        made = heard(manager, "POST", "/roles", {"name": f"x-{number}", "permissions": [given]})
        assert (held, given, made) == (held, given, (201, None) if expected else NOT_YOURS)
        granted = grant(manager, cinema.member, role(cinema, f"y-{number}", given))
        assert (held, given, granted) == (held, given, DONE if expected else NOT_YOURS)


def test_what_a_role_held_before_may_stay_whoever_changes_it(cinema: Cinema) -> None:
    manager = someone(cinema, "manager", *OWN_RULES, "movies:edit")
    role(cinema, "seller", "orders:refund")
    changed = {"description": "Sells.", "permissions": ["movies:edit", "orders:refund"]}
    assert manager.put("/roles/seller", changed) == {"name": "seller"} | changed


def test_a_superuser_gives_everything(cinema: Cinema) -> None:
    root = cinema.person("root", superuser=True)
    everything = sorted([*Permission, "label:vip"])
    assert root.post("/roles", {"name": "all", "permissions": everything})["permissions"] == everything
    assert grant(root, cinema.member, "all") == DONE
    assert grant(root, cinema.member, "admin") == DONE


# -- what nobody takes ---------------------------------------------------------------------------------------


def test_nobody_takes_a_role_from_somebody_who_may_do_more(cinema: Cinema) -> None:
    manager = someone(cinema, "manager", *OWN_RULES)
    staff, root = cinema.person("staff", "staff"), cinema.person("root", superuser=True)
    for stronger in (staff, cinema.admin, root):
        assert revoke(manager, stronger, "member") == OUTRANKED
        assert "member" in stronger.get("/me")["roles"]
    assert revoke(manager, cinema.member, "member") == DONE


def test_nobody_takes_from_a_role_what_they_do_not_hold(cinema: Cinema) -> None:
    """Or the way to rule over somebody who may do more would lead through the role."""
    manager = someone(cinema, "manager", *OWN_RULES)
    role(cinema, "seller", "orders:refund", "roles:edit")
    for method, path, body in (
        ("PUT", "/roles/admin", {}),
        ("PATCH", "/roles/admin", {"permissions": ["roles:edit"]}),
        ("PATCH", "/roles/seller", {"permissions": ["roles:edit"]}),
        ("DELETE", "/roles/seller", None),
    ):
        assert heard(manager, method, path, body) == OUTRANKED
    assert manager.get("/roles/seller")["permissions"] == ["orders:refund", "roles:edit"]
    assert manager.patch("/roles/seller", {"permissions": ["orders:refund"]})["permissions"] == ["orders:refund"]


# -- the last administrator ----------------------------------------------------------------------------------


def test_the_last_administrator_stays_one(cinema: Cinema) -> None:
    admin = cinema.admin
    assert revoke(admin, admin, "admin") == LAST
    assert admin.get("/me")["roles"] == ["admin", "member"]
    assert revoke(admin, admin, "member") == DONE
    second = cinema.person("second", "admin")
    assert revoke(admin, second, "admin") == DONE
    assert revoke(admin, admin, "admin") == LAST


def test_a_disabled_administrator_does_not_count(cinema: Cinema) -> None:
    admin, second = cinema.admin, cinema.person("second", "admin")
    admin.patch(f"/users/{second.id}", {"is_active": False})
    assert revoke(admin, admin, "admin") == LAST
    admin.patch(f"/users/{second.id}", {"is_active": True})
    assert revoke(admin, admin, "admin") == DONE


def test_a_superuser_counts_as_an_administrator(cinema: Cinema) -> None:
    admin, root = cinema.admin, cinema.person("root", superuser=True)
    assert revoke(admin, admin, "admin") == DONE
    assert heard(root, "PUT", "/roles/admin", {}) == (200, None)


def test_no_role_is_changed_so_that_nobody_is_left(cinema: Cinema) -> None:
    admin = cinema.admin
    before = admin.get("/roles/admin")
    kept = [each for each in before["permissions"] if each != "roles:edit"]
    for method, body in (("PUT", {}), ("PATCH", {"permissions": []}), ("PATCH", {"permissions": kept})):
        assert heard(admin, method, "/roles/admin", body) == LAST
    assert admin.get("/roles/admin") == before
    assert admin.patch("/roles/admin", {"permissions": ["roles:edit", "users:view"]})


def test_no_role_is_deleted_so_that_nobody_is_left(cinema: Cinema) -> None:
    admin = cinema.admin
    admin.post("/roles", {"name": "chief", "permissions": admin.get("/roles/admin")["permissions"]})
    chief = cinema.person("chief", "chief")
    assert revoke(chief, admin, "admin") == DONE
    assert heard(chief, "DELETE", "/roles/chief") == LAST
    assert heard(chief, "PATCH", "/roles/chief", {"permissions": []}) == LAST
    assert grant(chief, admin, "admin") == DONE
    assert heard(chief, "DELETE", "/roles/chief") == DONE
    assert heard(chief, "GET", "/roles") == (403, "forbidden")


# -- superusers ----------------------------------------------------------------------------------------------


def test_a_superuser_needs_no_role(cinema: Cinema) -> None:
    root = cinema.person("root", superuser=True)
    assert revoke(root, root, "member") == DONE
    assert root.get("/me")["roles"] == []
    assert may_add_genres(root, "a")
    assert heard(root, "PATCH", "/roles/staff", {"permissions": []}) == (200, None)
    assert len(root.get("/users")["items"]) == 1


def test_superusers_come_first_in_every_access_list(cinema: Cinema) -> None:
    request = _request(cinema, cinema.stranger)
    lists = 0
    for resource in NATIVE.values():
        acl = getattr(resource(request, None, "1" if "Item" in _families(resource) else "x", Node()), "__acl__", None)
        acl = acl() if callable(acl) else acl
        assert acl is None or acl[0] == (Allow, SUPERUSER, ALL_PERMISSIONS)
        lists += acl is not None
    assert lists > 10


def _families(resource: type) -> set[str]:
    return {each.__name__ for each in resource.__mro__}


def _request(cinema: Cinema, person: Person) -> Request:
    """A request of somebody's, outside the router."""
    request = Request.blank("/", headers=person.headers)
    request.registry = cinema.registry
    return request
