"""labels"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ANY_LABEL = "label:*"

roles = sa.table("roles", sa.column("id"), sa.column("name"))
held = sa.table("role_permissions", sa.column("role_id"), sa.column("permission"))
THE_STAFFS = sa.select(roles.c.id).where(roles.c.name.in_(["staff", "admin"]))


def upgrade() -> None:
    op.execute(held.insert().from_select(["role_id", "permission"], THE_STAFFS.add_columns(sa.literal(ANY_LABEL))))


def downgrade() -> None:
    op.execute(held.delete().where(held.c.permission == ANY_LABEL, held.c.role_id.in_(THE_STAFFS)))
