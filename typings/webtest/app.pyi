from collections.abc import Mapping, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeAlias

from webob.request import BaseRequest

from webtest.response import TestResponse

# 404, "404 Not Found", "4*", "*", or several acceptable codes
_Status: TypeAlias = int | str | list[int] | tuple[int, ...] | None
_Headers: TypeAlias = Mapping[str, str] | None
_Environ: TypeAlias = Mapping[str, Any] | None

class AppError(Exception):
    def __init__(self, message: Any, *args: Any) -> None: ...

class CookiePolicy(DefaultCookiePolicy): ...

class TestRequest(BaseRequest):
    application: Any

class TestApp:
    RequestClass: type[TestRequest]
    app: Any
    lint: bool
    relative_to: str | None
    extra_environ: dict[str, Any]
    use_unicode: bool
    cookiejar: CookieJar
    authorization: Any
    def __init__(
        self,
        app: Any,
        extra_environ: dict[str, Any] | None = None,
        relative_to: str | None = None,
        use_unicode: bool = True,
        cookiejar: CookieJar | None = None,
        parser_features: Any = None,
        json_encoder: Any = None,
        lint: bool = True,
    ) -> None: ...
    def get_authorization(self) -> Any: ...
    def set_authorization(self, value: Any) -> None: ...
    @property
    def cookies(self) -> dict[str, str | None]: ...
    def set_cookie(self, name: str, value: str) -> None: ...
    def reset(self) -> None: ...
    def set_parser_features(self, parser_features: Any) -> None: ...
    def get(
        self,
        url: str,
        params: Any = None,
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        expect_errors: bool = False,
        xhr: bool = False,
    ) -> TestResponse: ...
    def head(
        self,
        url: str,
        params: Any = None,
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        expect_errors: bool = False,
        xhr: bool = False,
    ) -> TestResponse: ...
    def options(
        self,
        url: str,
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        expect_errors: bool = False,
        xhr: bool = False,
    ) -> TestResponse: ...
    def post(
        self,
        url: str,
        params: Any = "",
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        upload_files: Sequence[tuple[Any, ...]] | None = None,
        expect_errors: bool = False,
        content_type: str | None = None,
        xhr: bool = False,
    ) -> TestResponse: ...
    def put(
        self,
        url: str,
        params: Any = "",
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        upload_files: Sequence[tuple[Any, ...]] | None = None,
        expect_errors: bool = False,
        content_type: str | None = None,
        xhr: bool = False,
    ) -> TestResponse: ...
    def patch(
        self,
        url: str,
        params: Any = "",
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        upload_files: Sequence[tuple[Any, ...]] | None = None,
        expect_errors: bool = False,
        content_type: str | None = None,
        xhr: bool = False,
    ) -> TestResponse: ...
    def delete(
        self,
        url: str,
        params: Any = "",
        headers: _Headers = None,
        extra_environ: _Environ = None,
        status: _Status = None,
        expect_errors: bool = False,
        content_type: str | None = None,
        xhr: bool = False,
    ) -> TestResponse: ...
    # keywords of post_json and the like: headers, extra_environ, status,
    # expect_errors, content_type, xhr
    def post_json(self, url: str, params: Any = ..., **kw: Any) -> TestResponse: ...
    def put_json(self, url: str, params: Any = ..., **kw: Any) -> TestResponse: ...
    def patch_json(self, url: str, params: Any = ..., **kw: Any) -> TestResponse: ...
    def delete_json(self, url: str, params: Any = ..., **kw: Any) -> TestResponse: ...
    def encode_multipart(self, params: Any, files: Any) -> tuple[str, bytes]: ...
    def request(
        self,
        url_or_req: str | BaseRequest,
        status: _Status = None,
        expect_errors: bool = False,
        **req_params: Any,
    ) -> TestResponse: ...
    def do_request(
        self, req: BaseRequest, status: _Status = None, expect_errors: bool | None = None
    ) -> TestResponse: ...
