from typing import Any

from pyramid.config import Configurator

from pyramid_jwt.policy import (
    JWTAuthenticationPolicy as JWTAuthenticationPolicy,
    JWTCookieAuthenticationPolicy as JWTCookieAuthenticationPolicy,
    _Audience,
    _Callback,
    _Duration,
    json_encoder_factory as json_encoder_factory,
)

def includeme(config: Configurator) -> None: ...
def create_jwt_authentication_policy(
    config: Configurator,
    private_key: Any = None,
    public_key: Any = None,
    algorithm: str | None = None,
    expiration: _Duration = None,
    leeway: Any = None,
    http_header: str | None = None,
    auth_type: str | None = None,
    callback: _Callback = None,
    json_encoder: Any = None,
    audience: _Audience = None,
) -> JWTAuthenticationPolicy: ...
def set_jwt_authentication_policy(
    config: Configurator,
    private_key: Any = None,
    public_key: Any = None,
    algorithm: str | None = None,
    expiration: _Duration = None,
    leeway: Any = None,
    http_header: str | None = None,
    auth_type: str | None = None,
    callback: _Callback = None,
    json_encoder: Any = None,
    audience: _Audience = None,
) -> None: ...
def set_jwt_cookie_authentication_policy(
    config: Configurator,
    private_key: Any = None,
    public_key: Any = None,
    algorithm: str | None = None,
    expiration: _Duration = None,
    leeway: Any = None,
    http_header: str | None = None,
    auth_type: str | None = None,
    callback: _Callback = None,
    json_encoder: Any = None,
    audience: _Audience = None,
    cookie_name: str | None = None,
    https_only: bool = True,
    reissue_time: _Duration = None,
    cookie_path: str | None = None,
) -> None: ...
