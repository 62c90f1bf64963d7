"""what older clients need: keys that are no tokens, bookings that do not expire, films timed to the second"""

import sqlalchemy as sa
from alembic import op

from cinema.core.db.base import BigId, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SECONDS = """
    ALTER TABLE movies ADD COLUMN seconds INTEGER
    CONSTRAINT ck_movies_seconds CHECK (seconds > (duration - 1) * 60 AND seconds <= duration * 60)
"""  # the constraint comes with the column: SQLite can add none later
NEVER = "'9999-12-31 00:00:00.000000'"


def upgrade() -> None:
    op.execute(SECONDS)
    op.add_column("sessions", sa.Column("key_hash", sa.String(64), nullable=True))
    op.create_index("ix_sessions_key_hash", "sessions", ["key_hash"], unique=True)
    deadline(nullable=True)


def downgrade() -> None:
    op.execute(f"UPDATE orders SET expires_at = {NEVER} WHERE expires_at IS NULL")  # noqa: S608
    deadline(nullable=False)
    op.drop_index("ix_sessions_key_hash", "sessions")
    op.drop_column("sessions", "key_hash")
    op.drop_column("movies", "seconds")


def deadline(*, nullable: bool) -> None:
    """Whether an order may be without one. SQLite makes the table anew, and has to be told all that is in it."""
    table = orders(nullable=not nullable)
    with op.batch_alter_table("orders", copy_from=table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("expires_at", existing_type=UtcDateTime(), nullable=nullable)


def orders(*, nullable: bool) -> sa.Table:
    return sa.Table(
        "orders",
        sa.MetaData(),
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("total_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=nullable),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('held', 'paid', 'cancelled', 'refunded')", name=op.f("ck_orders_state")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_orders_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.Index("ix_orders_unpaid", "user_id", "expires_at", sqlite_where=sa.text("state = 'held'")),
        sa.Index("ix_orders_user_id_id", "user_id", "id"),
    )
