from collections.abc import Iterable
from typing import Any

from pyramid import security as _security

Everyone: str
Authenticated: str
Allow: str
Deny: str

class AllPermissionsList(_security.AllPermissionsList): ...

ALL_PERMISSIONS: AllPermissionsList
DENY_ALL: tuple[str, str, AllPermissionsList]

class ACLAllowed(_security.ACLAllowed): ...
class ACLDenied(_security.ACLDenied): ...

class ACLAuthorizationPolicy:
    helper: ACLHelper
    def __init__(self) -> None: ...
    def permits(
        self, context: Any, principals: Iterable[str], permission: str
    ) -> ACLAllowed | ACLDenied: ...
    def principals_allowed_by_permission(self, context: Any, permission: str) -> set[str]: ...

class ACLHelper:
    def permits(
        self, context: Any, principals: Iterable[str], permission: str
    ) -> ACLAllowed | ACLDenied: ...
    def principals_allowed_by_permission(self, context: Any, permission: str) -> set[str]: ...
