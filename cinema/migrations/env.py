"""How alembic runs the migrations: on the connection that the caller hands over."""

from alembic import context

import cinema.accounts.attempt_models
import cinema.accounts.models
import cinema.booking.models
import cinema.bookmarks.models
import cinema.catalogue.models
import cinema.core.db.changes
import cinema.core.idempotency.models
import cinema.schedule.models
import cinema.shop.models  # noqa: F401
from cinema.core.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
