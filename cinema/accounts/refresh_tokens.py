"""Refresh tokens: `<session>.<generation>.<secret>`, in characters that need no escaping anywhere.

The secret part follows from a key of the server's, the session's own random secret and the generation, so the
database holds nothing that could be presented, and a retry can be given the very same successor.
"""

import base64
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

_FORM = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})", re.ASCII)


class RefreshToken(NamedTuple):
    """A token taken apart; whether it is genuine is another question."""

    session_id: int
    generation: int
    secret: str

    @classmethod
    def parse(cls, text: str) -> "RefreshToken | None":
        """None for what is no refresh token."""
        found = _FORM.fullmatch(text)
        return cls(int(found[1]), int(found[2]), found[3]) if found else None


def new_session_secret() -> str:
    """256 random bits for a new session."""
    return secrets.token_urlsafe(32)


def make(key: bytes, session_id: int, session_secret: str, generation: int) -> str:
    """The refresh token of a session's generation: always the same."""
    return f"{session_id}.{generation}.{_secret(key, session_id, session_secret, generation)}"


def is_genuine(token: RefreshToken, key: bytes, session_secret: str) -> bool:
    """Whether the token's secret part is right, in constant time."""
    return hmac.compare_digest(token.secret, _secret(key, token.session_id, session_secret, token.generation))


def _secret(key: bytes, session_id: int, session_secret: str, generation: int) -> str:
    digest = hmac.digest(key, f"{session_id}.{generation}.{session_secret}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
