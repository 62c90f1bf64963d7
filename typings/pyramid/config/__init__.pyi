from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from types import ModuleType, TracebackType
from typing import Any, Self

from pyramid.config.actions import ActionInfo
from pyramid.config.predicates import not_ as not_
from pyramid.interfaces import (
    PHASE0_CONFIG as PHASE0_CONFIG,
    PHASE1_CONFIG as PHASE1_CONFIG,
    PHASE2_CONFIG as PHASE2_CONFIG,
    PHASE3_CONFIG as PHASE3_CONFIG,
)
from pyramid.registry import Introspectable, Introspector, Registry
from pyramid.router import Router
from pyramid.util import WeakOrderedSet

class Configurator:
    registry: Registry
    introspector: Introspector
    introspectable: type[Introspectable]
    introspection: bool
    package: ModuleType
    root_package: ModuleType
    package_name: str
    autocommit: bool
    route_prefix: str | None
    basepath: str | None
    includepath: tuple[str, ...]
    info: Any
    @property
    def action_info(self) -> ActionInfo: ...
    action_state: Any
    def __init__(
        self,
        registry: Any = None,
        package: Any = None,
        settings: Mapping[str, Any] | None = None,
        root_factory: Any = None,
        security_policy: Any = None,
        authentication_policy: Any = None,
        authorization_policy: Any = None,
        renderers: Any = None,
        debug_logger: Any = None,
        locale_negotiator: Any = None,
        request_factory: Any = None,
        response_factory: Any = None,
        default_permission: str | None = None,
        session_factory: Any = None,
        default_view_mapper: Any = None,
        autocommit: bool = False,
        exceptionresponse_view: Any = ...,
        route_prefix: str | None = None,
        introspection: bool = True,
        root_package: Any = None,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        exc_traceback: TracebackType | None,
    ) -> None: ...
    # directives added by add_directive()
    def __getattr__(self, name: str) -> Any: ...
    def setup_registry(
        self,
        settings: Mapping[str, Any] | None = None,
        root_factory: Any = None,
        security_policy: Any = None,
        authentication_policy: Any = None,
        authorization_policy: Any = None,
        renderers: Any = None,
        debug_logger: Any = None,
        locale_negotiator: Any = None,
        request_factory: Any = None,
        response_factory: Any = None,
        default_permission: str | None = None,
        session_factory: Any = None,
        default_view_mapper: Any = None,
        exceptionresponse_view: Any = ...,
    ) -> None: ...
    def include(self, callable: Any, route_prefix: str | None = None) -> None: ...
    def add_directive(self, name: str, directive: Any, action_wrap: bool = True) -> None: ...
    def with_package(self, package: Any) -> Configurator: ...
    def maybe_dotted(self, dotted: Any) -> Any: ...
    def absolute_asset_spec(self, relative_spec: str) -> str: ...
    def begin(self, request: Any = ...) -> None: ...
    def end(self) -> None: ...
    def scan(
        self,
        package: Any = None,
        categories: Iterable[str] | None = ("pyramid",),
        onerror: Any = None,
        ignore: Any = None,
        **kw: Any,
    ) -> None: ...
    def make_wsgi_app(self) -> Router: ...
    def action(
        self,
        discriminator: Any,
        callable: Any = None,
        args: Any = (),
        kw: Any = None,
        order: int = 0,
        introspectables: Any = (),
        **extra: Any,
    ) -> None: ...
    def commit(self) -> None: ...
    def route_prefix_context(self, route_prefix: str | None) -> AbstractContextManager[None]: ...
    def add_view(
        self,
        view: Any = None,
        name: str = "",
        for_: Any = None,
        permission: Any = None,
        request_type: Any = None,
        route_name: Any = None,
        request_method: Any = None,
        request_param: Any = None,
        containment: Any = None,
        attr: str | None = None,
        renderer: Any = None,
        wrapper: Any = None,
        xhr: Any = None,
        accept: Any = None,
        header: Any = None,
        path_info: Any = None,
        custom_predicates: Any = (),
        context: Any = None,
        decorator: Any = None,
        mapper: Any = None,
        http_cache: Any = None,
        match_param: Any = None,
        require_csrf: Any = None,
        exception_only: bool = False,
        **view_options: Any,
    ) -> None: ...
    def add_exception_view(
        self,
        view: Any = None,
        context: Any = None,
        **view_options: Any,
    ) -> None: ...
    def add_notfound_view(
        self,
        view: Any = None,
        attr: str | None = None,
        renderer: Any = None,
        wrapper: Any = None,
        route_name: Any = None,
        request_type: Any = None,
        request_method: Any = None,
        request_param: Any = None,
        containment: Any = None,
        xhr: Any = None,
        accept: Any = None,
        header: Any = None,
        path_info: Any = None,
        custom_predicates: Any = (),
        decorator: Any = None,
        mapper: Any = None,
        match_param: Any = None,
        append_slash: Any = False,
        **view_options: Any,
    ) -> None: ...
    def add_forbidden_view(
        self,
        view: Any = None,
        attr: str | None = None,
        renderer: Any = None,
        wrapper: Any = None,
        route_name: Any = None,
        request_type: Any = None,
        request_method: Any = None,
        request_param: Any = None,
        containment: Any = None,
        xhr: Any = None,
        accept: Any = None,
        header: Any = None,
        path_info: Any = None,
        custom_predicates: Any = (),
        decorator: Any = None,
        mapper: Any = None,
        match_param: Any = None,
        **view_options: Any,
    ) -> None: ...
    def add_view_deriver(
        self,
        deriver: Any,
        name: str | None = None,
        under: Any = None,
        over: Any = None,
    ) -> None: ...
    def add_view_predicate(
        self,
        name: str,
        factory: Any,
        weighs_more_than: Any = None,
        weighs_less_than: Any = None,
    ) -> None: ...
    def add_accept_view_order(
        self,
        value: Any,
        weighs_more_than: Any = None,
        weighs_less_than: Any = None,
    ) -> None: ...
    def derive_view(self, view: Any, attr: str | None = None, renderer: Any = None) -> Any: ...
    def set_view_mapper(self, mapper: Any) -> None: ...
    def add_static_view(self, name: str, path: str, **kw: Any) -> None: ...
    def add_cache_buster(self, path: str, cachebust: Any, explicit: bool = False) -> None: ...
    def add_route(
        self,
        name: str,
        pattern: str | None = None,
        factory: Any = None,
        for_: Any = None,
        header: Any = None,
        xhr: Any = None,
        accept: Any = None,
        path_info: Any = None,
        request_method: Any = None,
        request_param: Any = None,
        traverse: Any = None,
        custom_predicates: Any = (),
        use_global_views: bool = False,
        path: str | None = None,
        pregenerator: Any = None,
        static: bool = False,
        inherit_slash: Any = None,
        **predicates: Any,
    ) -> None: ...
    def add_route_predicate(
        self,
        name: str,
        factory: Any,
        weighs_more_than: Any = None,
        weighs_less_than: Any = None,
    ) -> None: ...
    def add_subscriber(self, subscriber: Any, iface: Any = None, **predicates: Any) -> None: ...
    def add_subscriber_predicate(
        self,
        name: str,
        factory: Any,
        weighs_more_than: Any = None,
        weighs_less_than: Any = None,
    ) -> None: ...
    def add_response_adapter(self, adapter: Any, type_or_iface: Any) -> None: ...
    def add_traverser(self, adapter: Any, iface: Any = None) -> None: ...
    def add_resource_url_adapter(self, adapter: Any, resource_iface: Any = None) -> None: ...
    def add_tween(self, tween_factory: str, under: Any = None, over: Any = None) -> None: ...
    def add_renderer(self, name: str | None, factory: Any) -> None: ...
    def add_request_method(
        self,
        callable: Any = None,
        name: str | None = None,
        property: bool = False,
        reify: bool = False,
    ) -> None: ...
    def add_permission(self, permission_name: str) -> None: ...
    def add_settings(self, settings: Mapping[str, Any] | None = None, **kw: Any) -> None: ...
    def get_settings(self) -> dict[str, Any]: ...
    def add_translation_dirs(self, *specs: Any, **kw: Any) -> None: ...
    def override_asset(
        self,
        to_override: str,
        override_with: str,
        _override: Any = None,
    ) -> None: ...
    def set_root_factory(self, factory: Any) -> None: ...
    def set_request_factory(self, factory: Any) -> None: ...
    def set_response_factory(self, factory: Any) -> None: ...
    def set_session_factory(self, factory: Any) -> None: ...
    def set_execution_policy(self, policy: Any) -> None: ...
    def set_locale_negotiator(self, negotiator: Any) -> None: ...
    def set_security_policy(self, policy: Any) -> None: ...
    def set_authentication_policy(self, policy: Any) -> None: ...
    def set_authorization_policy(self, policy: Any) -> None: ...
    def set_default_permission(self, permission: str) -> None: ...
    def set_csrf_storage_policy(self, policy: Any) -> None: ...
    def set_default_csrf_options(
        self,
        require_csrf: Any = True,
        token: Any = "csrf_token",
        header: Any = "X-CSRF-Token",
        safe_methods: Any = ("GET", "HEAD", "OPTIONS", "TRACE"),
        check_origin: bool = True,
        allow_no_origin: bool = False,
        callback: Any = None,
    ) -> None: ...
    def hook_zca(self) -> None: ...
    def unhook_zca(self) -> None: ...
    def get_predlist(self, name: str) -> Any: ...
    def testing_securitypolicy(
        self,
        userid: Any = None,
        identity: Any = None,
        permissive: Any = True,
        remember_result: Any = None,
        forget_result: Any = None,
    ) -> Any: ...
    def testing_resources(self, resources: Any) -> Any: ...
    def testing_add_subscriber(self, event_iface: Any = None) -> list[Any]: ...
    def testing_add_renderer(self, path: str, renderer: Any = None) -> Any: ...
    def add_default_renderers(self) -> None: ...
    def add_default_response_adapters(self) -> None: ...
    def add_default_security(self) -> None: ...
    def add_default_tweens(self) -> None: ...
    def add_default_view_derivers(self) -> None: ...
    def add_default_view_predicates(self) -> None: ...
    def add_default_route_predicates(self) -> None: ...
    def add_default_accept_view_order(self) -> None: ...

global_registries: WeakOrderedSet
