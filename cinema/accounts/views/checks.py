"""Asking what one may do."""

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.accounts import schemas, services
from cinema.accounts.checks import DISABLED, CheckJson, check_permission, check_verb
from cinema.accounts.policy import challenge
from cinema.accounts.resources import PermissionCheck
from cinema.accounts.roles import role_names
from cinema.core.errors import Forbidden
from cinema.core.request import Request
from cinema.security import Permission


@view_config(
    context=PermissionCheck,
    request_method="POST",
    permission=NO_PERMISSION_REQUIRED,
    schema=schemas.Question,
    idempotent=False,
    refuses=("unauthenticated", "token-expired", "token-invalid", "token-revoked", "forbidden", "not-found"),
)
def check(_context: PermissionCheck, request: Request) -> CheckJson:
    """Whether the caller, or another user, may do something. For the caller no database is asked."""
    question = request.validated
    principals = _principals(request, question.get("user"))
    if "path" in question:
        return check_verb(request, principals, question["permission"], question["path"])
    return check_permission(principals, question["permission"])


def _principals(request: Request, user_id: int | None) -> frozenset[str]:
    policy = request.registry.policy
    policy.require_good_token(request)
    own: frozenset[str] = request.principals
    if user_id is None or (request.identity is not None and user_id == request.identity.user_id):
        return own
    if not policy.holds(request, Permission.USERS_VIEW):
        refusal = Forbidden(f"Other people's permissions are for holders of {Permission.USERS_VIEW}.")
        raise challenge(request) or refusal
    user = services.get_user(request.reader, user_id)
    if not user.is_active:
        return DISABLED
    theirs: frozenset[str] = policy.principals_of(user.id, role_names(user), user.is_superuser)
    return theirs
