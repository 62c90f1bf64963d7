"""Taking seats."""

import secrets
from datetime import UTC, datetime, timedelta

from fastapi import HTTPException, status
from sqlalchemy import delete, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from bench.peers.fastapi_app.models import Order, OrderCassette, Screening, SeatClaim, Ticket, User
from bench.peers.fastapi_app.schemas import NewOrder
from bench.peers.seats import CURRENCY, HOLD_MINUTES, category_of

_SCREENING = joinedload(Ticket.screening)
WITH_ALL = (
    selectinload(Order.tickets).options(
        _SCREENING.joinedload(Screening.movie), _SCREENING.joinedload(Screening.hall)
    ),
    selectinload(Order.cassettes).joinedload(OrderCassette.cassette),
)


async def take_seats(session: AsyncSession, user: User, wanted: NewOrder) -> Order:
    """An order of the seats; 404, 409 or 422 where that cannot be."""
    now = datetime.now(UTC)
    screening = await session.get(
        Screening, wanted.screening, options=[joinedload(Screening.hall), selectinload(Screening.price_list)]
    )
    if screening is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such screening.")
    if screening.starts_at <= now:
        raise HTTPException(status.HTTP_409_CONFLICT, "Booking for this screening has closed.")
    categories = [category_of(screening.hall.layout, each.row, each.seat) for each in wanted.seats]
    if None in categories:
        raise HTTPException(422, "There is no such seat.")
    prices = {price.category: price.amount_minor for price in screening.price_list}
    if not set(categories) <= prices.keys():
        raise HTTPException(status.HTTP_409_CONFLICT, "These seats are not on sale.")
    try:
        order_id = await _write(session, user, wanted, categories, prices, now)
    except IntegrityError:
        await session.rollback()
        raise HTTPException(status.HTTP_409_CONFLICT, "Somebody else has these seats.") from None
    found = select(Order).where(Order.id == order_id).options(*WITH_ALL)
    return (await session.execute(found, execution_options={"populate_existing": True})).scalar_one()


async def _write(
    session: AsyncSession,
    user: User,
    wanted: NewOrder,
    categories: list[str],
    prices: dict[str, int],
    now: datetime,
) -> int:
    expires_at = now + timedelta(minutes=HOLD_MINUTES)
    order = Order(
        user_id=user.id,
        total_minor=sum(prices[category] for category in categories),
        currency=CURRENCY,
        expires_at=expires_at,
        created_at=now,
    )
    session.add(order)
    await session.flush()
    seats = sorted((each.row, each.seat) for each in wanted.seats)
    await session.execute(
        delete(SeatClaim)
        .where(
            SeatClaim.screening_id == wanted.screening,
            tuple_(SeatClaim.row_number, SeatClaim.seat_number).in_(seats),
            SeatClaim.state == "held",
            SeatClaim.expires_at <= now,
        )
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        SeatClaim(
            screening_id=wanted.screening,
            row_number=row,
            seat_number=seat,
            order_id=order.id,
            state="held",
            expires_at=expires_at,
        )
        for row, seat in seats
    )
    session.add_all(
        Ticket(
            order_id=order.id,
            user_id=user.id,
            screening_id=wanted.screening,
            row_number=each.row,
            seat_number=each.seat,
            category=category,
            price_minor=prices[category],
            currency=CURRENCY,
            code=secrets.token_urlsafe(16),
        )
        for each, category in zip(wanted.seats, categories, strict=True)
    )
    await session.commit()
    return order.id
