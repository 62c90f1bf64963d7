"""The engine and its sessions; `DATABASE_URL` comes from the environment."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

_url = make_url(os.environ["DATABASE_URL"])
_sqlite = _url.get_backend_name() == "sqlite"

engine = create_async_engine(
    _url.set(drivername="sqlite+aiosqlite" if _sqlite else "postgresql+asyncpg"),
    pool_size=20,
    connect_args={"timeout": 30},
)
Sessions = async_sessionmaker(engine, expire_on_commit=False)

if _sqlite:

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


async def get_session() -> AsyncIterator[AsyncSession]:
    """A session for one request."""
    async with Sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
