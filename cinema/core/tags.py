"""Entity tags (RFC 9110, 8.8.3): names for states, so that a caller need not be told what it knows.

A tag is a digest of what the database said, taken before anything is made of it: whatever was read shows in the tag,
and nobody has to remember to count a version up. Where an object also shows what changes without anybody changing
the object (seats left, seconds left), its tag has a second part, which does not count for `If-Match`.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import orjson
from sqlalchemy import Row

_BYTES = 9
ANY = "*"
_TAG = re.compile(r'(?:W/)?("[^"]*")')
_SEED = version("cinema").encode()  # another version may show the same state in another way


def tag(state: Any, moving: Any = None) -> str:
    """The strong tag of `state`: plain values, rows, and lists of them. `moving` is for the second part, if any."""
    return f'"{_digest(state)}"' if moving is None else f'"{_digest(state)}.{_digest(moving)}"'


def is_known(header: str, current: str) -> bool:
    """Whether an `If-None-Match` names the current tag. Weak comparison: proxies that compress weaken tags."""
    return header == current or header.strip() == ANY or current in _TAG.findall(header)


def is_unchanged(header: str, current: str) -> bool:
    """Whether an `If-Match` names the state of the current tag, whatever may have moved."""
    if header.strip() == ANY:
        return True
    named = (each.group(1) for each in _TAG.finditer(header) if not each.group().startswith("W/"))
    return _still(current) in map(_still, named)


def _still(entity_tag: str) -> str:
    """A tag without the part that moves."""
    return entity_tag.strip('"').partition(".")[0]


def _digest(state: Any) -> str:
    text = orjson.dumps(state, default=_plain)
    return urlsafe_b64encode(hashlib.blake2b(text, digest_size=_BYTES, key=_SEED).digest()).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return tuple(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} may look different where it is the same")
