"""How users, roles, sessions and sign-ins are found."""

from sqlalchemy import and_, bindparam, func, or_, select

from cinema.accounts.models import Role, RolePermission, SignIn, User, UserRole, UserSession
from cinema.accounts.roles import ROLE_NAMES
from cinema.core.db.base import Query, UtcDateTime
from cinema.core.db.prepared import Prepared
from cinema.core.db.sql import json_values
from cinema.core.listing import Filter, Listing, SortKey, equals
from cinema.core.text import LIKE_ESCAPE, contains_pattern

USERS: Query = select(
    User.id,
    User.username,
    User.email,
    User.name,
    User.surname,
    User.favorite_genre_id,
    User.is_superuser,
    User.is_active,
    User.created_at,
    ROLE_NAMES,
)
"""Everything that is ever shown of users, one row each."""

USER = Prepared(USERS.where(User.id == bindparam("id")))

_user = User.__table__.c
_USER_ID = SortKey(_user.id, "id")
_pattern = bindparam("q", type_=User.username_key.type)
_has_role = (
    select(UserRole.user_id)
    .join(Role)
    .where(UserRole.user_id == User.id, Role.name == bindparam("role"))
    .correlate(User)
    .exists()
)

USER_LIST = Listing(
    USERS,
    sorts={"id": _USER_ID},
    tie=_USER_ID,
    sort="id",
    filters={
        "q": Filter(
            or_(
                User.username_key.like(_pattern, escape=LIKE_ESCAPE),
                User.sign_in_key.like(_pattern, escape=LIKE_ESCAPE),
                func.lower(User.email).like(_pattern, escape=LIKE_ESCAPE),
            ),
            lambda text: {"q": contains_pattern(text)},
        ),
        "is_active": equals("is_active", _user.is_active),
        "role": Filter(_has_role, lambda name: {"role": name}),
    },
)

ROLES: Query = select(
    Role.id,
    Role.name,
    Role.description,
    json_values(
        select(RolePermission.permission)
        .where(RolePermission.role_id == Role.id)
        .order_by(RolePermission.permission),
        Role.__table__,
    ).label("permissions"),
)
"""Everything that is shown of roles."""

ROLE = Prepared(ROLES.where(Role.name == bindparam("name")))

_role = Role.__table__.c
_ROLE_NAME = SortKey(_role.name, "name")
_of_user = (
    select(UserRole.role_id)
    .where(UserRole.role_id == Role.id, UserRole.user_id == bindparam("user"))
    .correlate(Role)
    .exists()
)

ROLE_LIST = Listing(
    ROLES,
    sorts={"name": _ROLE_NAME},
    tie=SortKey(_role.id, "id"),
    sort="name",
    filters={"user": Filter(_of_user, lambda user_id: {"user": user_id})},
)

_session = UserSession.__table__.c
_SESSION_ID = SortKey(_session.id, "id")
_now = bindparam("now", type_=UtcDateTime())

SESSION_LIST = Listing(
    select(
        _session.id,
        _session.device,
        _session.address,
        _session.created_at,
        _session.last_used_at,
    ).where(and_(_session.ended_at.is_(None), _session.idle_until > _now, _session.ends_at > _now)),
    sorts={"id": _SESSION_ID},
    tie=_SESSION_ID,
    sort="-id",
    filters={"user": equals("user", _session.user_id)},
)

_sign_in = SignIn.__table__.c
_SIGN_IN_ID = SortKey(_sign_in.id, "id")

HISTORY_LIST = Listing(
    select(SignIn.__table__),
    sorts={"id": _SIGN_IN_ID},
    tie=_SIGN_IN_ID,
    sort="-id",
    filters={
        "user": equals("user", _sign_in.user_id),
        "since": Filter(_sign_in.at >= bindparam("since", type_=UtcDateTime()), lambda since: {"since": since}),
    },
)
