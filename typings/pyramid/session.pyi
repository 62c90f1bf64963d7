from collections.abc import Callable
from typing import Any

def BaseCookieSessionFactory(
    serializer: Any,
    cookie_name: str = "session",
    max_age: int | None = None,
    path: str = "/",
    domain: str | None = None,
    secure: bool = False,
    httponly: bool = False,
    samesite: str | None = "Lax",
    timeout: int | None = 1200,
    reissue_time: int | None = 0,
    set_on_exception: bool = True,
) -> Callable[[Any], Any]: ...
def SignedCookieSessionFactory(
    secret: str | bytes,
    cookie_name: str = "session",
    max_age: int | None = None,
    path: str = "/",
    domain: str | None = None,
    secure: bool = False,
    httponly: bool = False,
    samesite: str | None = "Lax",
    set_on_exception: bool = True,
    timeout: int | None = 1200,
    reissue_time: int | None = 0,
    hashalg: str = "sha512",
    salt: str = "pyramid.session.",
    serializer: Any = None,
) -> Callable[[Any], Any]: ...
