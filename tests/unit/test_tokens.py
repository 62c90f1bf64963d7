"""Access tokens: which are taken, and as what the others are refused."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinema.accounts.keys import Key, KeyRing
from cinema.accounts.tokens import AccessTokens, TokenError, TokenExpired
from cinema.core.request import Request

SECRET = b"the key of the tests, 32 bytes at least"
RING = KeyRing([Key("first", SECRET, None)])
TOKENS = AccessTokens(lambda: RING, "cinema", timedelta(minutes=10))
REQUEST = Request.blank("/")
HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": "first"}
MISSING = object()


def encoded(part: Any) -> str:
    """A part of a token: bytes as they are, anything else as JSON."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def sign(header: Any, claims: Any, key: bytes = SECRET, digest: str = "sha256") -> str:
    """A token with a good signature, whatever it says."""
    parts = f"{encoded(header)}.{encoded(claims)}"
    return f"{parts}.{encoded(hmac.digest(key, parts.encode(), digest))}"


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good token, with changes; MISSING takes one away."""
    now = int(time.time())
    good = {"sub": "7", "sid": 3, "roles": ["member"], "iss": "cinema", "aud": "cinema", "iat": now, "exp": now + 60}
    return {name: value for name, value in (good | changes).items() if value is not MISSING}


def header(**changes: Any) -> dict[str, Any]:
    """The header of a good token, with changes; MISSING takes a member away."""
    return {name: value for name, value in (HEADER | changes).items() if value is not MISSING}


def refused(token: str) -> type[TokenError]:
    """As what a token is refused."""
    with pytest.raises(TokenError) as refusal:
        TOKENS.identity(REQUEST, token)
    return refusal.type


# -- good ones -----------------------------------------------------------------------------------------------


def test_a_token_says_who_is_calling() -> None:
    before = int(time.time())
    identity = TOKENS.identity(REQUEST, TOKENS.issue(7, 3, ["member", "staff"], superuser=False))
    assert (identity.user_id, identity.session_id) == (7, 3)
    assert (identity.roles, identity.superuser) == (("member", "staff"), False)
    assert before + 600 <= identity.expires_at <= time.time() + 600


def test_a_token_is_typed_and_names_its_key() -> None:
    part = TOKENS.create_token("7", sid=3).split(".")[0]
    found = json.loads(base64.urlsafe_b64decode(part + "=="))
    assert found == {"alg": "HS256", "typ": "at+jwt", "kid": "first"}


def test_the_tokens_of_these_tests_are_good_when_nothing_is_changed() -> None:
    assert TOKENS.identity(REQUEST, sign(HEADER, claims())).user_id == 7


@pytest.mark.parametrize(
    "more", [{"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/x"}, {"cty": "x"}]
)
def test_addresses_of_keys_in_the_header_mean_nothing(more: dict[str, str]) -> None:
    assert TOKENS.identity(REQUEST, sign(HEADER | more, claims())).user_id == 7
    assert refused(sign(HEADER | more, claims(), b"a key that lies at that address")) is TokenError


@pytest.mark.parametrize(
    ("superuser", "meant"), [(True, True), (False, False), (MISSING, False), ("true", False), (1, False)]
)
def test_only_true_makes_a_superuser(superuser: Any, meant: bool) -> None:
    assert TOKENS.identity(REQUEST, sign(HEADER, claims(superuser=superuser))).superuser is meant


def test_no_roles_are_no_roles() -> None:
    assert TOKENS.identity(REQUEST, sign(HEADER, claims(roles=MISSING))).roles == ()


# -- expiry --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-1, 0, -(10**9)])
def test_a_token_ends_in_the_second_it_says(seconds: int) -> None:
    assert refused(sign(HEADER, claims(exp=int(time.time()) + seconds))) is TokenExpired


def test_only_a_genuine_token_is_told_that_it_has_expired() -> None:
    past = claims(exp=int(time.time()) - 1)
    assert refused(sign(HEADER, past)) is TokenExpired
    assert refused(sign(HEADER, past, b"another key")) is TokenError
    assert refused(sign(header(kid="other"), past)) is TokenError


def test_expired_and_invalid_tokens_have_different_codes() -> None:
    assert (TokenExpired.code, TokenError.code) == ("token-expired", "token-invalid")


# -- bad claims ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "values"),
    [
        (
            "sub",
            [
                MISSING,
                None,
                "",
                7,
                7.0,
                True,
                ["7"],
                "abc",
                "-7",
                "7.0",
                " 7",
                "7\n",
                "٧",
                "²",
                "1" * 19,
                "role:admin",
            ],
        ),
        ("sid", [MISSING, None, "3", 3.0, True, [3], {}]),
        ("roles", [None, "admin", "member,admin", 1, {"admin": True}, [1], [None], [["admin"]]]),
        ("iss", [MISSING, None, "", "Cinema", "https://evil.example", ["cinema"], 1]),
        ("aud", [MISSING, None, "", "Cinema", "other", ["other"], [], 1]),
        ("exp", [MISSING, None, "soon", [], {}, float("inf"), float("nan")]),
        ("iat", [MISSING, None, "now", [], int(time.time()) + 3600]),
        ("nbf", ["now", [], int(time.time()) + 3600]),
    ],
)
def test_a_token_with_a_bad_claim_is_invalid(claim: str, values: Iterable[Any]) -> None:
    for value in values:
        assert refused(sign(HEADER, claims(**{claim: value}))) is TokenError, value


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"1", b"null", b'"7"', b"\xff", b"[" * 2000, b'{"exp": 1e400}']
)
def test_claims_that_are_no_object_are_invalid(payload: bytes) -> None:
    assert refused(sign(HEADER, payload)) is TokenError


# -- bad headers and signatures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("typ", [MISSING, None, "", "JWT", "rt+jwt", "refresh", "AT+JWT ", 1, ["at+jwt"]]),
        ("kid", [MISSING, None, "", "other", "FIRST", "../first", "first'--", 1, ["first"], {}]),
        (
            "alg",
            [MISSING, None, "", "none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", 1, []],
        ),
        ("crit", [["exp"], ["b64"], [], "exp"]),
    ],
)
def test_a_token_with_a_bad_header_is_invalid(member: str, values: Iterable[Any]) -> None:
    for value in values:
        assert refused(sign(header(**{member: value}), claims())) is TokenError, value


@pytest.mark.parametrize("name", [b"", b"{", b"[]", b"1", b"null", b"\xff", b'{"alg":' + b"[" * 2000])
def test_a_header_that_is_no_object_is_invalid(name: bytes) -> None:
    assert refused(sign(name, claims())) is TokenError


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256"])
def test_a_token_without_a_signature_is_invalid(alg: str) -> None:
    parts = f"{encoded(header(alg=alg))}.{encoded(claims())}"
    for token in (parts, f"{parts}.", f"{parts}..", f"{parts}.AAAA"):
        assert refused(token) is TokenError


@pytest.mark.parametrize(
    "key", [b"", b"another key of the same length as it", SECRET[:-1], SECRET + b"x", SECRET.hex().encode()]
)
def test_a_token_signed_with_another_key_is_invalid(key: bytes) -> None:
    assert refused(sign(HEADER, claims(), key)) is TokenError


@pytest.mark.parametrize("digest", ["sha384", "sha512"])
def test_a_longer_digest_with_our_key_is_invalid(digest: str) -> None:
    assert refused(sign(header(alg=f"HS{digest[3:]}"), claims(), digest=digest)) is TokenError


def test_a_token_changed_anywhere_is_invalid() -> None:
    good = TOKENS.create_token("7", sid=3)
    for place, character in enumerate(good[:-1]):  # the last one may hold bits that mean nothing
        other = "A" if character != "A" else "B"
        assert refused(f"{good[:place]}{other}{good[place + 1 :]}") is TokenError


def test_the_claims_of_one_token_do_not_go_with_the_signature_of_another() -> None:
    head, mine, _signature = sign(HEADER, claims()).split(".")
    other = sign(HEADER, claims(sub="1", roles=["admin"])).split(".")
    assert refused(".".join([head, other[1], _signature])) is TokenError
    assert refused(".".join([head, mine, other[2]])) is TokenError


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "x" * 1_000_000, "e30." * 1000, "токен", "é.é.é", "\ud800", "a b", "\0", "null"]
)
def test_what_is_no_token_is_invalid(token: str) -> None:
    assert refused(token) is TokenError


def test_a_token_longer_than_any_of_ours_is_invalid_though_genuine() -> None:
    assert TOKENS.identity(REQUEST, sign(HEADER, claims(x="x" * 1000))).user_id == 7
    assert refused(sign(HEADER, claims(x="x" * 1_000_000))) is TokenError


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    head=st.dictionaries(st.sampled_from([*HEADER, "crit", "b64", "jku"]), JSON, max_size=3),
    said=st.dictionaries(st.sampled_from([*claims(), "nbf", "superuser"]), JSON, max_size=3),
    tail=st.sampled_from(["", "x", "."]),
)
def test_any_header_and_claims_are_an_identity_or_refused(head: Any, said: Any, tail: str) -> None:
    for token in (sign(HEADER | head, claims(**said)) + tail, sign(head, said) + tail):
        with suppress(TokenError):
            assert TOKENS.identity(REQUEST, token).user_id >= 0


# -- keys ----------------------------------------------------------------------------------------------------


def test_after_a_rotation_old_tokens_stay_good_and_new_ones_are_signed_anew() -> None:
    a_moment_ago = datetime.now(UTC) - timedelta(seconds=2)
    ring = KeyRing([Key("first", SECRET, None)])
    tokens = AccessTokens(lambda: ring, "cinema", timedelta(minutes=10))
    old = tokens.create_token("7", sid=3)
    ring = KeyRing([Key("first", SECRET, None), Key("second", hashlib.sha256(SECRET).digest(), a_moment_ago)])
    new = tokens.create_token("8", sid=4)
    assert [tokens.identity(REQUEST, token).user_id for token in (old, new)] == [7, 8]
    assert refused(new) is TokenError


def test_a_key_signs_nothing_before_its_time() -> None:
    ring = KeyRing([Key("first", SECRET, None), Key("second", b"x" * 32, datetime.now(UTC) + timedelta(hours=1))])
    tokens = AccessTokens(lambda: ring, "cinema", timedelta(minutes=10))
    assert TOKENS.identity(REQUEST, tokens.create_token("7", sid=3)).user_id == 7
    assert tokens.identity(REQUEST, sign(header(kid="second"), claims(), b"x" * 32)).user_id == 7


def test_tokens_for_another_issuer_are_not_ours() -> None:
    theirs = AccessTokens(lambda: RING, "another cinema", timedelta(minutes=10))
    assert refused(theirs.create_token("7", sid=3)) is TokenError
    assert refused(TOKENS.create_token("7", sid=3, audience="cinemapi")) is TokenError


# -- the header of a request ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authorization", "token"),
    [
        ("Bearer a.b.c", "a.b.c"),
        ("bearer a.b.c", "a.b.c"),
        ("BEARER a.b.c", "a.b.c"),
        ("bEaReR   a.b.c ", "a.b.c"),
        ("Bearer", ""),
        ("Bearer ", ""),
        ("", None),
        ("Basic YTpi", None),
        ("JWT a.b.c", None),
        ("Bearerer a.b.c", None),
        ("a.b.c", None),
    ],
)
def test_the_token_of_a_request_comes_with_the_bearer_scheme(authorization: str, token: str | None) -> None:
    request = Request.blank("/", headers={"Authorization": authorization})
    assert TOKENS.bearer_token(request) == token
    if token is None:
        assert TOKENS.get_claims(request) == {}


def test_no_header_is_no_token() -> None:
    assert TOKENS.bearer_token(REQUEST) is None
    assert TOKENS.get_claims(REQUEST) == {}
