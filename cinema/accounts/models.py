"""Accounts and roles."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from cinema.core.db.base import Base, BigId, UtcDateTime
from cinema.core.text import fold


class User(Base):
    """A person with an account.

    `username` and the sign-in address are unique in any case: `username_key` and `sign_in_key` hold them folded.
    Either may be missing, since older clients register with one of them only. `email` is for contact; two accounts
    may share it as long as only one signs in with it.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str | None] = mapped_column(String(150))
    username_key: Mapped[str | None] = mapped_column(String(600), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    sign_in_key: Mapped[str | None] = mapped_column(String(1000), unique=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    surname: Mapped[str] = mapped_column(String(255), default="")
    favorite_genre_id: Mapped[int | None] = mapped_column(ForeignKey("genres.id", ondelete="SET NULL"), index=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("username IS NOT NULL OR sign_in_key IS NOT NULL", name="can_sign_in"),
        CheckConstraint("(username IS NULL) = (username_key IS NULL)", name="username_has_key"),
    )

    @validates("username")
    def _key_username(self, _name: str, username: str | None) -> str | None:
        self.username_key = None if username is None else fold(username)
        return username


class Role(Base):
    """A named set of permissions."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    description: Mapped[str] = mapped_column(String(500), default="")


class RolePermission(Base):
    """One permission of a role."""

    __tablename__ = "role_permissions"

    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(100), primary_key=True)


class UserRole(Base):
    """A role somebody has."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index(None, "role_id"),)


class UserSession(Base):
    """A signed-in device. Its refresh tokens follow from `secret` and `generation`; none of them is stored."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    secret: Mapped[str] = mapped_column(String(64))
    generation: Mapped[int] = mapped_column(Integer, default=0)
    rotates: Mapped[bool] = mapped_column(Boolean, default=True)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    """Of the key that its client signs in with, where that cannot refresh."""
    stepped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the generation last went up."""
    address: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(500))
    device: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("generation >= 0", name="generation"),
        Index(None, "user_id", "id"),
    )


class SignIn(Base):
    """An attempt to sign in. One on no known account is kept too, so that both cost the same."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(500))
    device: Mapped[str] = mapped_column(String(100))
    result: Mapped[str] = mapped_column(String(20))

    __table_args__ = (Index(None, "user_id", "id"), Index(None, "user_id", "address"))


class AccessEvent(Base):
    """Something that changes what tokens already out may do. Only ever appended to."""

    __tablename__ = "access_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    session_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(BigId)


class SigningKey(Base):
    """A key of the ring. The key itself follows from the server's secret and `salt`: neither is enough alone."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
