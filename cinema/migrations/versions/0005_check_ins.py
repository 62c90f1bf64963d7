"""when somebody was admitted with a ticket, and how much of a payment was for cassettes"""

import sqlalchemy as sa
from alembic import op

from cinema.core.db.base import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# constraints come with the columns: SQLite can add none later
NONCE = """
    ALTER TABLE tickets ADD COLUMN check_in_nonce VARCHAR(64)
    CONSTRAINT ck_tickets_check_in
    CHECK ((check_in_nonce IS NULL) = (used_at IS NULL) AND (used_at IS NULL OR state = 'used'))
"""
CASSETTES = """
    ALTER TABLE payments ADD COLUMN cassettes_minor {whole} DEFAULT 0 NOT NULL
    CONSTRAINT ck_payments_cassettes CHECK (cassettes_minor BETWEEN 0 AND amount_minor)
"""

CAPTURED = """
    UPDATE payments SET cassettes_minor =
        (SELECT coalesce(sum(quantity * price_minor), 0) FROM order_cassettes WHERE order_id = payments.order_id)
    WHERE kind = 'capture'
"""
NEVER_SOLD = """
    UPDATE payments SET cassettes_minor =
        (SELECT coalesce(sum(quantity * price_minor), 0) FROM order_cassettes WHERE order_id = payments.order_id)
    WHERE kind = 'refund'
    AND NOT EXISTS (SELECT 1 FROM stock_movements WHERE order_id = payments.order_id AND reason = 'sale')
"""  # paid too late, and refunded in the same step
RETURNED = """
    UPDATE payments SET cassettes_minor =
        (SELECT coalesce(sum(stock_movements.change * order_cassettes.price_minor), 0)
         FROM stock_movements JOIN order_cassettes
         ON order_cassettes.order_id = stock_movements.order_id
         AND order_cassettes.cassette_id = stock_movements.cassette_id
         WHERE stock_movements.order_id = payments.order_id
         AND stock_movements.reason = 'refund' AND stock_movements.at = payments.at)
    WHERE kind = 'refund'
    AND EXISTS (SELECT 1 FROM stock_movements WHERE order_id = payments.order_id AND reason = 'sale')
"""  # what went back on the shelf went back in the transaction of the refund


def upgrade() -> None:
    op.add_column("tickets", sa.Column("used_at", UtcDateTime(), nullable=True))
    op.execute(NONCE)
    op.execute(CASSETTES.format(whole=BigId.compile(op.get_bind().dialect)))
    for share in (CAPTURED, NEVER_SOLD, RETURNED):
        op.execute(share)
    op.create_index("ix_payments_at", "payments", ["at"])


def downgrade() -> None:
    op.drop_index("ix_payments_at", "payments")
    op.drop_column("payments", "cassettes_minor")
    op.drop_column("tickets", "check_in_nonce")
    op.drop_column("tickets", "used_at")
