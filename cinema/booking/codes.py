"""Ticket codes that can be verified without asking this server: signed with Ed25519 (RFC 8032).

`cinema1.<payload>.<signature>`, both parts base64url without padding (RFC 4648). The payload is a JSON array: ticket
id, screening id, row, seat, start in seconds since 1970, and the plain code that the database knows. The signature is
over everything before the last point. `docs/tickets.md` shows how to verify one.
"""

import base64
import hashlib
import re
from datetime import datetime
from typing import Protocol

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cinema.core.errors import BadRequest
from cinema.core.secrets import derive

ALGORITHM = "Ed25519"
_PREFIX = "cinema1"
_SIGNED = re.compile(rf"({_PREFIX}\.([A-Za-z0-9_-]+))\.([A-Za-z0-9_-]+)")
_POINT = "."  # no plain code holds one
_KEY_ID_BYTES = 6


class SignedTicket(Protocol):
    """What a code says of its ticket."""

    id: int
    screening_id: int
    row_number: int
    seat_number: int
    starts_at: datetime
    code: str


class TicketCodes:
    """Signs ticket codes and reads them, with a key that follows from the server's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(derive(secret, "ticket-signature"))
        public = self._key.public_key()
        self._public = public
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public_key = _text(raw)
        self.pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        self.key_id = hashlib.sha256(raw).hexdigest()[: 2 * _KEY_ID_BYTES]

    def sign(self, ticket: SignedTicket) -> str:
        """The signed code of a ticket."""
        starts_at = int(ticket.starts_at.timestamp())
        place = (ticket.id, ticket.screening_id, ticket.row_number, ticket.seat_number)
        signed = f"{_PREFIX}.{_text(orjson.dumps([*place, starts_at, ticket.code]))}"
        return f"{signed}.{_text(self._key.sign(signed.encode()))}"

    def plain(self, code: str) -> str:
        """The plain code in a signed one; a plain one as it is.

        Raises BadRequest `bad-signature` for a code that this server has not signed exactly so.
        """
        if _POINT not in code:
            return code
        found = _SIGNED.fullmatch(code)
        if found is None or not self._has_signed(found[1].encode(), found[3]):
            raise BadRequest("This code was not made here, or was altered.", code="bad-signature")
        plain: str = orjson.loads(_bytes(found[2]))[-1]
        return plain

    def _has_signed(self, signed: bytes, signature: str) -> bool:
        raw = _bytes(signature)
        try:
            self._public.verify(raw, signed)
        except InvalidSignature:
            return False
        return _text(raw) == signature  # the last character has bits that no byte keeps


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Whatever cannot be decoded reads as nothing, which nobody has signed."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
