"""Accounts and roles."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
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
