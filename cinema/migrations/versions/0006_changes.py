"""the log of changes, and an index that tells when the next hold of a screening ends"""

import sqlalchemy as sa
from alembic import op

from cinema.core.db.base import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_at", "changes", ["at"])
    held = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "ix_seat_claims_screening_id_expires_at",
        "seat_claims",
        ["screening_id", "expires_at"],
        sqlite_where=held,
        postgresql_where=held,
    )


def downgrade() -> None:
    op.drop_index("ix_seat_claims_screening_id_expires_at", "seat_claims")
    op.drop_table("changes")
