"""The rules of the shop.

What an unpaid order claims stays in the shop but is nobody else's until the claim ends. Cassettes are always
locked in the order of their ids.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from cinema.core.db import rows
from cinema.core.db.base import Reader
from cinema.core.errors import Conflict, NotFound
from cinema.core.money import Money
from cinema.shop.models import Cassette, StockClaim, StockMovement
from cinema.shop.queries import CASSETTE

STOCKED, ADJUSTED, SALE, REFUND = "stocked", "adjusted", "sale", "refund"


class UnknownCassette(Exception):
    """There is no cassette with the id in `args[0]`."""


def get_cassette(db: Reader, cassette_id: int, now: datetime) -> Row[Any]:
    """A cassette, for presenting. Raises NotFound."""
    row = CASSETTE.run(db, id=cassette_id, now=now).one_or_none()
    if row is None:
        raise NotFound
    return row


def create_cassette(db: Session, values: Mapping[str, Any], now: datetime) -> int:
    """Puts a cassette on the shelf; answers its id."""
    cassette = Cassette(quantity=0)
    _write(cassette, values)
    quantity, cassette.quantity = cassette.quantity, 0
    db.add(cassette)
    db.flush()
    move_stock(db, cassette.id, quantity, STOCKED, now)
    return cassette.id


def change_cassette(db: Session, cassette_id: int, values: Mapping[str, Any], now: datetime) -> None:
    """Changes a cassette.

    Raises NotFound, and Conflict `stock-claimed` for a quantity below what unpaid orders hold.
    """
    cassette = rows.locked(db, Cassette, cassette_id)
    before = cassette.quantity
    _write(cassette, values)
    wanted, cassette.quantity = cassette.quantity, before
    db.flush()
    if wanted < before:
        claimed = _claimed(db, [cassette_id], now).get(cassette_id, 0)
        if wanted < claimed:
            detail = f"Unpaid orders hold {claimed} of them: it cannot be less before they are paid or have expired."
            raise Conflict(detail, code="stock-claimed", claimed=claimed)
    move_stock(db, cassette_id, wanted - before, ADJUSTED, now)


def delete_cassette(db: Session, cassette_id: int) -> None:
    """Deletes a cassette that nobody ever ordered. Raises NotFound, Conflict `in-use`."""
    rows.delete(db, rows.locked(db, Cassette, cassette_id))


def claim_stock(
    db: Session, order_id: int, wanted: Mapping[int, int], currency: str, expires_at: datetime, now: datetime
) -> dict[int, Money]:
    """Claims `{cassette id: quantity}` for an order in `currency`; answers what each of them costs.

    Raises UnknownCassette, Conflict `not-on-sale`, and Conflict `out-of-stock` with what is left.
    """
    if not wanted:
        return {}
    found = db.execute(
        select(Cassette.id, Cassette.title, Cassette.quantity, Cassette.price_minor, Cassette.currency)
        .where(Cassette.id.in_(wanted))
        .order_by(Cassette.id)
        .with_for_update()
    ).all()
    for missing in wanted.keys() - {row.id for row in found}:
        raise UnknownCassette(missing)
    claimed = _claimed(db, wanted, now)
    lacking = []
    for row in found:
        if row.currency != currency:
            raise Conflict(
                f"«{row.title}» has no price in {currency}: it is not on sale.", code="not-on-sale", cassette=row.id
            )
        left = row.quantity - claimed.get(row.id, 0)
        if left < wanted[row.id]:
            lacking.append({"cassette": row.id, "available": max(left, 0)})
    if lacking:
        raise Conflict("There are not enough of these cassettes.", code="out-of-stock", conflicts=lacking)
    claims = [
        {"cassette_id": key, "order_id": order_id, "quantity": number, "expires_at": expires_at}
        for key, number in sorted(wanted.items())
    ]
    db.execute(insert(StockClaim), claims)
    return {row.id: Money.from_minor(row.price_minor, row.currency) for row in found}


def extend_stock_claims(db: Session, order_id: int, expires_at: datetime) -> None:
    """Lets an order's claims live longer."""
    db.execute(update(StockClaim).where(StockClaim.order_id == order_id).values(expires_at=expires_at))


def release_stock(db: Session, order_id: int) -> None:
    """Gives up what an order claims."""
    db.execute(delete(StockClaim).where(StockClaim.order_id == order_id))


def sell_stock(db: Session, order_id: int, sold: Mapping[int, int], now: datetime) -> None:
    """Takes what an order claimed out of the shop."""
    for cassette_id, number in sorted(sold.items()):
        move_stock(db, cassette_id, -number, SALE, now, order_id)
    release_stock(db, order_id)


def return_stock(db: Session, order_id: int, returned: Mapping[int, int], now: datetime) -> None:
    """Puts refunded cassettes back."""
    for cassette_id, number in sorted(returned.items()):
        move_stock(db, cassette_id, number, REFUND, now, order_id)


def move_stock(
    db: Session, cassette_id: int, change: int, reason: str, now: datetime, order_id: int | None = None
) -> None:
    """Changes a quantity and writes down why. The database refuses a quantity below zero."""
    if not change:
        return
    db.execute(update(Cassette).where(Cassette.id == cassette_id).values(quantity=Cassette.quantity + change))
    db.execute(
        insert(StockMovement).values(cassette_id=cassette_id, order_id=order_id, change=change, reason=reason, at=now)
    )


def _claimed(db: Session, cassette_ids: Iterable[int], now: datetime) -> dict[int, int]:
    rows = db.execute(
        select(StockClaim.cassette_id, func.sum(StockClaim.quantity))
        .where(StockClaim.cassette_id.in_(cassette_ids), StockClaim.expires_at > now)
        .group_by(StockClaim.cassette_id)
    )
    return {cassette_id: int(number) for cassette_id, number in rows}


def _write(cassette: Cassette, values: Mapping[str, Any]) -> None:
    for name in ("title", "director", "released", "quantity"):
        if name in values:
            setattr(cassette, name, values[name])
    if "price" in values:
        price: Money | None = values["price"]
        cassette.price_minor = None if price is None else price.minor
        cassette.currency = None if price is None else price.currency
