"""What every answer says, whatever it is an answer to."""

from pyramid.response import Response

from cinema.core.request import Request

_SAFETY = {
    "x-content-type-options": ("X-Content-Type-Options", "nosniff"),
    "referrer-policy": ("Referrer-Policy", "no-referrer"),
    "content-security-policy": ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
}
_NEVER_KEPT = ("Cache-Control", "no-store")
_ASKED_EACH_TIME = ("Cache-Control", "private, no-cache")
_ASKED_BY_ALL = ("Cache-Control", "no-cache")


def mark(request: Request, response: Response) -> None:
    """Puts on an answer its request's id, what keeps browsers careful, and what caches need to know.

    What the view said itself stays as it is.
    """
    headers = response.headerlist
    said = {name.lower() for name, _value in headers}
    headers.append(("X-Request-ID", request.request_id))
    headers += [header for name, header in _SAFETY.items() if name not in said]
    status = response.status_int
    signed = "HTTP_AUTHORIZATION" in request.environ
    tagged = "etag" in said  # what strangers may see changes too, and members may see more
    if "cache-control" not in said:
        if status >= 400:
            headers.append(_NEVER_KEPT)
        elif signed:
            headers.append(_ASKED_EACH_TIME)
        elif tagged:
            headers.append(_ASKED_BY_ALL)
    if (signed or tagged or status == 401) and not ("vary" in said and _varies(response)):
        headers.append(("Vary", "Authorization"))


def _varies(response: Response) -> bool:
    """Whether the answer says already that it depends on the caller."""
    words = ",".join(response.headers.getall("Vary")).lower().split(",")
    return not {"*", "authorization"}.isdisjoint(map(str.strip, words))
