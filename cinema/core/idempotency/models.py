"""What was answered to whom, for when they ask again."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cinema.core.db.base import Base, UtcDateTime


class IdempotencyKey(Base):
    """A key that a caller used, for which request, and the answer.

    It is written in the transaction of the request: whoever can read it can rely on what was answered. `fingerprint`
    is a keyed digest of the request's body, which itself is not kept; `body` is the answer's. `headers` is JSON: a
    list of pairs.
    """

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    method: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
