# Marker-like classes: an interface is something to register, look up or pass to
# @implementer. Nothing implements one nominally for a type checker, so annotate
# with concrete classes; methods are left out.
from typing import Any

from zope.interface import Interface

class IContextFound(Interface):
    request: Any

IAfterTraversal = IContextFound

class IBeforeTraversal(Interface):
    request: Any

class INewRequest(Interface):
    request: Any

class INewResponse(Interface):
    request: Any
    response: Any

class IApplicationCreated(Interface):
    app: Any

IWSGIApplicationCreatedEvent = IApplicationCreated

class IResponse(Interface):
    RequestClass: Any
    accept_ranges: Any
    age: Any
    allow: Any
    app_iter: Any
    identity: Any
    authenticated_userid: Any
    body: Any
    body_file: Any
    cache_control: Any
    cache_expires: Any
    charset: Any
    content_disposition: Any
    content_encoding: Any
    content_language: Any
    content_length: Any
    content_location: Any
    content_md5: Any
    content_range: Any
    content_type: Any
    content_type_params: Any
    date: Any
    environ: Any
    etag: Any
    expires: Any
    headerlist: Any
    headers: Any
    is_authenticated: Any
    last_modified: Any
    location: Any
    pragma: Any
    request: Any
    retry_after: Any
    server: Any
    status: Any
    status_int: Any
    unicode_body: Any
    vary: Any
    www_authenticate: Any

class IException(Interface): ...
class IExceptionResponse(IException, IResponse): ...
class IDict(Interface): ...

class IBeforeRender(IDict):
    rendering_val: Any

class IRendererInfo(Interface):
    name: Any
    package: Any
    type: Any
    registry: Any
    settings: Any

class IRendererFactory(Interface): ...
class IRenderer(Interface): ...
class IViewMapper(Interface): ...
class IViewMapperFactory(Interface): ...
class ISecurityPolicy(Interface): ...
class IAuthenticationPolicy(Interface): ...
class IAuthorizationPolicy(Interface): ...
class IMultiDict(IDict): ...
class IRequest(Interface): ...
class ITweens(Interface): ...
class IRequestHandler(Interface): ...

class IRequestExtensions(Interface):
    descriptors: Any
    methods: Any

class IRouteRequest(Interface): ...
class IAcceptOrder(Interface): ...
class IStaticURLInfo(Interface): ...
class IResponseFactory(Interface): ...
class IRequestFactory(Interface): ...
class IViewClassifier(Interface): ...
class IExceptionViewClassifier(Interface): ...
class IView(Interface): ...
class ISecuredView(IView): ...
class IMultiView(ISecuredView): ...
class IRootFactory(Interface): ...
class IDefaultRootFactory(Interface): ...
class ITraverser(Interface): ...

ITraverserFactory = ITraverser

class IViewPermission(Interface): ...

class IRouter(Interface):
    registry: Any

class IExecutionPolicy(Interface): ...
class ISettings(IDict): ...

class ILocation(Interface):
    __parent__: Any
    __name__: Any

class IDebugLogger(Interface): ...

ILogger = IDebugLogger

class IRoutePregenerator(Interface): ...

class IRoute(Interface):
    name: Any
    pattern: Any
    factory: Any
    predicates: Any
    pregenerator: Any

class IRoutesMapper(Interface): ...

class IResourceURL(Interface):
    virtual_path: Any
    physical_path: Any
    virtual_path_tuple: Any
    physical_path_tuple: Any

class IPEP302Loader(Interface): ...
class IPackageOverrides(IPEP302Loader): ...

VH_ROOT_KEY: str

class ILocalizer(Interface): ...
class ILocaleNegotiator(Interface): ...
class ITranslationDirectories(Interface): ...
class IDefaultPermission(Interface): ...

class IDefaultCSRFOptions(Interface):
    require_csrf: Any
    token: Any
    header: Any
    safe_methods: Any
    callback: Any
    allow_no_origin: Any

class ISessionFactory(Interface): ...

class ISession(IDict):
    created: Any
    new: Any

class ICSRFStoragePolicy(Interface): ...
class IIntrospector(Interface): ...

class IIntrospectable(Interface):
    title: Any
    type_name: Any
    order: Any
    category_name: Any
    discriminator: Any
    discriminator_hash: Any
    action_info: Any

class IActionInfo(Interface):
    file: Any
    line: Any

class IAssetDescriptor(Interface): ...
class IJSONAdapter(Interface): ...
class IPredicateList(Interface): ...

class IPredicateInfo(Interface):
    package: Any
    registry: Any
    settings: Any

class IPredicateFactory(Interface): ...
class IPredicate(Interface): ...
class IRoutePredicate(IPredicate): ...
class ISubscriberPredicate(IPredicate): ...
class IViewPredicate(IPredicate): ...

class IViewDeriver(Interface):
    options: Any

class IViewDeriverInfo(Interface):
    registry: Any
    package: Any
    settings: Any
    options: Any
    predicates: Any
    original_view: Any
    exception_only: Any

class IViewDerivers(Interface): ...
class ICacheBuster(Interface): ...

PHASE0_CONFIG: int
PHASE1_CONFIG: int
PHASE2_CONFIG: int
PHASE3_CONFIG: int
