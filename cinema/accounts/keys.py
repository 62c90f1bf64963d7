"""The keys that sign access tokens.

The ring lies in the database, the secret it is derived from does not. A new key verifies at once and signs a little
later, when every process has heard of it; old ones verify as long as a token of theirs can live.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cinema.accounts import access_events
from cinema.accounts.models import SigningKey
from cinema.core.db.base import Reader
from cinema.core.secrets import derive

FIRST = "first"
"""The key there is before any rotation."""

_HEARD_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its `kid`."""

    id: str
    secret: bytes
    signs_from: datetime | None


class KeyRing:
    """All keys that verify, and which of them signs."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._newest_first = sorted(keys, key=lambda key: (key.signs_from is not None, key.signs_from), reverse=True)
        self._by_id: Mapping[str, Key] = {key.id: key for key in self._newest_first}

    @classmethod
    def load(cls, secret: bytes, db: Reader) -> "KeyRing":
        """The ring as the database has it."""
        first = Key(FIRST, derive(secret, "access-token"), None)
        ring = db.execute(select(SigningKey.id, SigningKey.salt, SigningKey.signs_from))
        return cls(
            [first, *(Key(each.id, derive(secret, f"access-token:{each.salt}"), each.signs_from) for each in ring)]
        )

    def get(self, key_id: object) -> Key | None:
        """The key with that `kid`."""
        return self._by_id.get(key_id) if isinstance(key_id, str) else None

    def signing(self, now: datetime) -> Key:
        """The key that signs at `now`."""
        return next(key for key in self._newest_first if key.signs_from is None or key.signs_from <= now)


def rotate(db: Session, now: datetime) -> str:
    """Adds a key to the ring; answers its id. Tokens that are out stay good."""
    key = SigningKey(id=secrets.token_hex(6), salt=secrets.token_hex(32), signs_from=now + _HEARD_AFTER)
    db.add(key)
    db.flush()
    access_events.record(db, access_events.KEYS_CHANGED, now)
    return key.id
