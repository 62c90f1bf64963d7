from collections.abc import Iterable
from typing import Any

def get_csrf_token(request: Any) -> str: ...
def new_csrf_token(request: Any) -> str: ...
def check_csrf_token(
    request: Any,
    token: str | None = "csrf_token",
    header: str | None = "X-CSRF-Token",
    raises: bool = True,
) -> bool: ...
def check_csrf_origin(
    request: Any,
    *,
    trusted_origins: Iterable[str] | None = None,
    allow_no_origin: bool = False,
    raises: bool = True,
) -> bool: ...
