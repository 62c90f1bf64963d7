import datetime
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from pyramid.authentication import CallbackAuthenticationPolicy
from pyramid.renderers import JSON

_Duration: TypeAlias = int | float | datetime.timedelta | None
_Audience: TypeAlias = str | Iterable[str] | None
# (userid, request) -> extra principals, or None for "no such user"
_Callback: TypeAlias = Callable[[Any, Any], Any] | None

class PyramidJSONEncoderFactory(JSON):
    registry: Any
    def __init__(self, pyramid_registry: Any = None, **kw: Any) -> None: ...
    # the base class takes one argument, this one what json.JSONEncoder takes
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

json_encoder_factory: PyramidJSONEncoderFactory

class JWTAuthenticationPolicy(CallbackAuthenticationPolicy):
    private_key: Any
    public_key: Any
    algorithm: str
    leeway: Any
    default_claims: dict[str, Any]
    http_header: str
    auth_type: str | None
    expiration: datetime.timedelta | None
    audience: _Audience
    json_encoder: Any
    jwt_std_claims: tuple[str, ...]
    def __init__(
        self,
        private_key: Any,
        public_key: Any = None,
        algorithm: str = "HS512",
        leeway: Any = 0,
        expiration: _Duration = None,
        default_claims: dict[str, Any] | None = None,
        http_header: str = "Authorization",
        auth_type: str | None = "JWT",
        callback: _Callback = None,
        json_encoder: Any = None,
        audience: _Audience = None,
    ) -> None: ...
    def create_token(
        self,
        principal: Any,
        expiration: Any = None,  # seconds or a timedelta
        audience: Any = None,
        **claims: Any,
    ) -> str: ...
    def get_claims(self, request: Any) -> dict[str, Any]: ...
    def jwt_decode(self, request: Any, token: Any) -> dict[str, Any]: ...
    def unauthenticated_userid(self, request: Any) -> Any: ...
    def remember(self, request: Any, principal: Any, **kw: Any) -> list[tuple[str, str]]: ...
    def forget(self, request: Any) -> list[tuple[str, str]]: ...

class ReissueError(Exception): ...

class JWTCookieAuthenticationPolicy(JWTAuthenticationPolicy):
    https_only: bool
    cookie_name: str
    max_age: float | None
    reissue_time: float | None
    cookie_profile: Any
    def __init__(
        self,
        private_key: Any,
        public_key: Any = None,
        algorithm: str = "HS512",
        leeway: Any = 0,
        expiration: _Duration = None,
        default_claims: dict[str, Any] | None = None,
        http_header: str = "Authorization",
        auth_type: str | None = "JWT",
        callback: _Callback = None,
        json_encoder: Any = None,
        audience: _Audience = None,
        cookie_name: str | None = None,
        https_only: bool = True,
        reissue_time: _Duration = None,
        cookie_path: str | None = None,
    ) -> None: ...
    @staticmethod
    def make_from(
        policy: JWTAuthenticationPolicy, **kwargs: Any
    ) -> JWTCookieAuthenticationPolicy: ...
