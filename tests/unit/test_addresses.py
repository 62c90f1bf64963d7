"""Addresses behind proxies, and devices in words."""

import pytest

from cinema.accounts.addresses import client_address, device, limit_key, parse_networks, user_agent
from cinema.core.request import Request

PROXIES = "10.0.0.0/8, 2001:db8:ffff::/48 127.0.0.1"
CLIENT = "198.51.100.7"

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


def seen(peer: str | None, forwarded: str | None = None, trusted: str = PROXIES) -> str:
    """The client's address in a request from `peer`."""
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    request = Request.blank("/", environ={name: value for name, value in environ.items() if value is not None})
    return client_address(request, parse_networks(trusted))


# -- addresses -----------------------------------------------------------------------------------------------


def test_without_a_trusted_proxy_the_client_is_whoever_is_connected() -> None:
    assert seen(CLIENT) == CLIENT
    assert seen(CLIENT, forwarded="203.0.113.1") == CLIENT
    assert seen("10.0.0.1", forwarded="203.0.113.1", trusted="") == "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (CLIENT, CLIENT),
        (f"203.0.113.1, {CLIENT}", CLIENT),  # what the client says itself stands on the left
        (f"203.0.113.1,{CLIENT} , 10.1.1.1,2001:db8:ffff::1", CLIENT),
        ("10.3.3.3, 10.2.2.2", "10.3.3.3"),
        ("2001:DB8:0:0::00AB", "2001:db8::ab"),
        (f"::ffff:{CLIENT}", CLIENT),
        (f"{CLIENT}, ::ffff:10.0.0.2", CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_a_trusted_proxy_is_believed_about_its_client(forwarded: str, client: str) -> None:
    assert seen("10.0.0.1", forwarded) == client


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("", "10.0.0.1"),
        ("unknown", "10.0.0.1"),
        (f"{CLIENT}, unknown", "10.0.0.1"),
        (f"{CLIENT}, <script>, 10.2.2.2", "10.2.2.2"),
        (f"{CLIENT}, , 10.2.2.2", "10.2.2.2"),
        ("1" * 5000, "10.0.0.1"),
        ("999.1.1.1", "10.0.0.1"),
        ("010.1.1.1", "10.0.0.1"),
        ("1", "10.0.0.1"),
        ("[", "10.0.0.1"),
    ],
)
def test_behind_what_is_no_address_the_client_is_the_last_proxy(forwarded: str, client: str) -> None:
    assert seen("10.0.0.1", forwarded) == client


@pytest.mark.parametrize(
    ("peer", "address"), [("::ffff:198.51.100.7", CLIENT), ("2001:DB8:0::1", "2001:db8::1"), ("::1", "::1")]
)
def test_an_address_comes_in_its_normal_form(peer: str, address: str) -> None:
    assert seen(peer) == address


@pytest.mark.parametrize("peer", ["localhost", "", None])
def test_a_unix_socket_is_this_machine_and_can_be_a_trusted_proxy(peer: str | None) -> None:
    assert seen(peer, forwarded=CLIENT) == CLIENT
    assert seen(peer, forwarded=CLIENT, trusted="") == "127.0.0.1"


def test_an_address_fits_its_column() -> None:
    assert len(seen("fe80:1111:2222:3333:4444:5555:6666:7777%" + "x" * 500)) <= 64


def test_limits_count_an_ipv6_address_as_its_network() -> None:
    assert limit_key("2001:db8:1:2:3:4:5:6") == limit_key("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert limit_key("2001:db8:1:3::1") != limit_key("2001:db8:1:2::1")
    assert limit_key(CLIENT) == CLIENT
    assert limit_key(limit_key("2001:db8::1")) == "2001:db8::/64"


@pytest.mark.parametrize("text", ["", "  ", " , "])
def test_nobody_is_trusted_unless_named(text: str) -> None:
    assert parse_networks(text) == ()


@pytest.mark.parametrize(
    "text", ["proxy.example.com", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/8; ::1", "5", "10.0.0.0-10.0.0.9"]
)
def test_a_network_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|host bits set"):
        parse_networks(text)


# -- devices -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox on Android"),
        (f"{ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{IPHONE} CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome on iOS"),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iOS"),
        (f"{MAC} Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (f"{WINDOWS} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge on Windows"),
        ("curl/8.5.0", "curl"),
        ("python-httpx/0.27.0", "python-httpx"),
        ("CinemaKiosk/2.1 (hall 3)", "CinemaKiosk"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("Mozilla/5.0", "Unknown device"),
        ("something else", "Unknown device"),
        ("\x00\x1b[31m", "Unknown device"),
        ("", "Unknown device"),
        (None, "Unknown device"),
    ],
)
def test_a_device_has_a_name_for_people(agent: str | None, name: str) -> None:
    assert device(agent) == name


@pytest.mark.parametrize("agent", ["K" * 300 + "/1", "x" * 600, "App\x00\n" * 200 + "/1", FIREFOX * 20])
def test_a_device_is_short_and_printable_whatever_the_client_says(agent: str) -> None:
    name = device(agent)
    assert 0 < len(name) <= 100
    assert name.isprintable()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, ""),
        (FIREFOX, FIREFOX),
        (" curl/8.5.0\t", "curl/8.5.0"),
        ("a\x00b\x1b[31mc\x7f\x85d", "ab[31mcd"),
        ("x" * 501, "x" * 500),
    ],
)
def test_a_user_agent_is_kept_printable_and_at_most_500_characters_long(sent: str | None, kept: str) -> None:
    environ = {} if sent is None else {"HTTP_USER_AGENT": sent}
    assert user_agent(Request.blank("/", environ=environ)) == kept
