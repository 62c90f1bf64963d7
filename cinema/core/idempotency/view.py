"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header), and the `idempotent=` option of views."""

import hmac
import re
from collections.abc import Mapping
from typing import Any

from pyramid.predicates import RequestMethodPredicate
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.traversal import resource_path
from sqlalchemy.orm import Session

from cinema.core.dialect import NATIVE, Dialect
from cinema.core.errors import Invalid
from cinema.core.idempotency.records import KeyedRequest, RecordedAnswer, claim_key, record_answer
from cinema.core.request import Request

HEADER = "Idempotency-Key"
LONGEST = 255
PATTERN = "^[ -~]*[!-~][ -~]*$"
"""Printable ASCII, not blanks alone."""
ANONYMOUS = "anonymous"

_KEY = re.compile(PATTERN)


class _AnsweredAlready(Exception):
    """Leaves the view in which the key was to be claimed."""

    def __init__(self, answer: RecordedAnswer) -> None:
        super().__init__()
        self.answer = answer


def idempotent_view(view: Any, info: Any) -> Any:
    """View deriver for `idempotent=`, which a POST says no to when its answers must not be kept.

    The key is claimed with the first use of the request's transaction, so that what a view does before, such as
    hashing a password, happens outside of it. What a view raises takes the claim with it; what it returns is kept.
    """
    posts = any(isinstance(each, RequestMethodPredicate) and "POST" in each.val for each in info.predicates)
    if info.exception_only or not posts or not info.options.get("idempotent", True):
        return view
    asks_nobody = info.options.get("permission") == NO_PERMISSION_REQUIRED

    def repeatable_view(context: Any, request: Request) -> Response:
        key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
        if key is None or request.dialect is not NATIVE:
            answer: Response = view(context, request)
            return answer
        asked = _keyed(request, _checked(key), ANONYMOUS if asks_nobody else _caller(request))
        request.opening = lambda db: _open(db, asked, request)
        try:
            response: Response = view(context, request)
        except _AnsweredAlready as already:
            request.tm.doom()  # there is nothing to commit
            return _again(already.answer)
        if "db" in request.__dict__ and response.status_int < 500:
            record_answer(request.db, asked, _kept(response))
        return response

    return repeatable_view


idempotent_view.options = ("idempotent",)  # type: ignore[attr-defined]  # how Pyramid learns a deriver's options


def is_repeatable(view: Mapping[str, Any], dialect: Dialect) -> bool:
    """Whether a view takes a key where this dialect is spoken. The others have their own ways to come again."""
    return dialect is NATIVE and view["request_methods"] == "POST" and view.get("idempotent", True) is not False


def _checked(key: str) -> str:
    """Raises Invalid for what cannot be a key."""
    if len(key) > LONGEST or not _KEY.fullmatch(key):
        message = f"must be 1 to {LONGEST} printable ASCII characters"
        raise Invalid.field(HEADER, "bad-idempotency-key", message)
    return key


def _caller(request: Request) -> str:
    identity: Any = request.identity
    return ANONYMOUS if identity is None else f"user:{identity.user_id}"


def _keyed(request: Request, key: str, caller: str) -> KeyedRequest:
    fingerprint = hmac.digest(request.registry.idempotency_secret, request.body, "sha256")
    path = f"{resource_path(request.context)}{request.view_name}".rstrip("/")  # not as it came: several lead here
    return KeyedRequest(caller, key, request.method, path, fingerprint)


def _open(db: Session, asked: KeyedRequest, request: Request) -> None:
    """Raises _AnsweredAlready, and what `claim_key` raises."""
    answer = claim_key(db, asked, request.now)
    if answer is not None:
        raise _AnsweredAlready(answer)
    request.registry.idempotency_sweeper.sweep_if_due(db, request.now)


def _kept(response: Response) -> RecordedAnswer:
    headers = [(name, value) for name, value in response.headerlist if name.lower() != "content-length"]
    return RecordedAnswer(response.status_int, headers, response.body)


def _again(answer: RecordedAnswer) -> Response:
    headers = [*answer.headers, ("Content-Length", str(len(answer.body))), ("Idempotent-Replayed", "true")]
    return Response(status=answer.status, headerlist=headers, app_iter=[answer.body])
