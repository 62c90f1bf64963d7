"""Where a request comes from: the client's address behind proxies, and the device in words."""

import re
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface, ip_network
from typing import TYPE_CHECKING

from cinema.core.request import Request

if TYPE_CHECKING:
    from ua_parser import Parser

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_THIS_MACHINE = IPv4Address("127.0.0.1")
_SITE = 64  # bits of an IPv6 address that one household or office shares
_MAX_USER_AGENT = 500
_MAX_DEVICE = 100
_UNKNOWN = "Unknown device"
_PRODUCT = re.compile(r"(?!Mozilla\b)([A-Za-z][\w.+-]*)/\d")  # RFC 9110, 10.1.5: «name/version»


# -- addresses -----------------------------------------------------------------------------------------------


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks or single addresses, separated by spaces or commas. Raises ValueError for anything else."""
    return tuple(ip_network(each) for each in re.split(r"[\s,]+", text) if each)


def client_address(request: Request, trusted: Sequence[Network]) -> str:
    """The client's address, in its normal form.

    Only a proxy in `trusted` is believed about whom it speaks for, and so on from proxy to proxy; behind one that
    says nothing usable, the client is that proxy.
    """
    found = _peer(request)
    hops = request.environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and any(found in network for network in trusted):
        try:
            found = _address(hops.pop())
        except ValueError:
            break
    return str(found)


def limit_key(address: str) -> str:
    """What limits count `address` as: itself, or for IPv6 its /64, of which one client has all addresses."""
    interface = ip_interface(address)
    return str(interface.ip if interface.version == 4 else ip_network((interface.ip, _SITE), strict=False))


def _peer(request: Request) -> Address:
    """Who is at the other end of the connection. One through a Unix socket has no address: it is this machine."""
    try:
        return _address(request.environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return _THIS_MACHINE


def _address(text: str) -> Address:
    """Reads an address, leaving out what proxies put around it: brackets, port, zone. Raises ValueError."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    address = ip_address(text.partition("%")[0])
    return (address.version == 6 and address.ipv4_mapped) or address


# -- devices -------------------------------------------------------------------------------------------------


def user_agent(request: Request) -> str:
    """What the client calls itself, "" for nothing: printable, at most 500 characters."""
    return _printable(request.environ.get("HTTP_USER_AGENT", ""))


def device(user_agent: str | None) -> str:
    """A short name for people: "Firefox on Linux", "curl", "Unknown device". At most 100 characters."""
    text = _printable(user_agent or "")
    browser, system = _browser(text), _system(text)
    return (f"{browser} on {system}" if browser and system else browser or system or _UNKNOWN)[:_MAX_DEVICE]


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text[:_MAX_USER_AGENT])).strip()


def _browser(text: str) -> str:
    """The program's name, the same on a phone as on a desk."""
    found = _parser().parse_user_agent(text)
    if found is None:
        product = _PRODUCT.match(text)
        return product[1] if product else ""
    return found.family.removeprefix("Mobile ").removesuffix(" iOS").removesuffix(" Mobile")


def _system(text: str) -> str:
    found = _parser().parse_os(text)
    family = found.family if found else ""
    return "macOS" if family == "Mac OS X" else family


@cache
def _parser() -> "Parser":
    """Reads user agents, in about a millisecond."""
    from ua_parser import Parser, load_lazy_builtins  # here: whoever serves nobody needs none of its 1,000 patterns

    return Parser.from_matchers(load_lazy_builtins())
