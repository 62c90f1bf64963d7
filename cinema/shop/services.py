"""The rules of the shop.

What an unpaid order claims stays in the shop but is nobody else's until the claim ends. Cassettes are always
locked in the order of their ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    found = _locked(db, wanted)
    for missing in wanted.keys() - {row.id for row in found}:
        raise UnknownCassette(missing)
    for row in found:
        if row.currency != currency:
            raise Conflict(
                f"«{row.title}» has no price in {currency}: it is not on sale.", code="not-on-sale", cassette=row.id
            )
    _check_enough(found, wanted, _claimed(db, wanted, now))
    claims = [
        {"cassette_id": key, "order_id": order_id, "quantity": number, "expires_at": expires_at}
        for key, number in sorted(wanted.items())
    ]
    db.execute(insert(StockClaim), claims)
    return {row.id: Money.from_minor(row.price_minor, row.currency) for row in found}


def extend_stock_claims(db: Session, order_id: int, expires_at: datetime, now: datetime) -> bool:
    """Lets an order's claims live longer; answers False where they had ended, and others came."""
    own = select(StockClaim.cassette_id, StockClaim.quantity).where(StockClaim.order_id == order_id)
    claimed = {row.cassette_id: row.quantity for row in db.execute(own)}
    if not claimed:
        return True
    if _lacking(_locked(db, claimed), claimed, _claimed(db, claimed, now, order_id)):
        return False
    db.execute(update(StockClaim).where(StockClaim.order_id == order_id).values(expires_at=expires_at))
    return True


def release_stock(db: Session, order_id: int) -> None:
    """Gives up what an order claims."""
    db.execute(delete(StockClaim).where(StockClaim.order_id == order_id))


def lock_stock(db: Session, cassette_ids: Collection[int]) -> None:
    """Keeps cassettes as they are until the transaction ends; whoever wants to claim some waits."""
    if cassette_ids:
        _locked(db, cassette_ids)


def sell_stock(db: Session, order_id: int, sold: Mapping[int, int], now: datetime) -> None:
    """Takes what an order claimed out of the shop, or nothing.

    Raises Conflict `out-of-stock` where its claims had ended, and others came.
    """
    if not sold:
        return
    _check_enough(_locked(db, sold), sold, _claimed(db, sold, now, order_id))
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


def _locked(db: Session, cassette_ids: Iterable[int]) -> Sequence[Any]:
    columns = Cassette.id, Cassette.title, Cassette.quantity, Cassette.price_minor, Cassette.currency
    found = select(*columns).where(Cassette.id.in_(cassette_ids)).order_by(Cassette.id)
    return db.execute(found.with_for_update()).all()


def _claimed(db: Session, cassette_ids: Iterable[int], now: datetime, besides: int | None = None) -> dict[int, int]:
    """How many of each unpaid orders claim, but for the order `besides`. Read only once they are locked."""
    live = select(StockClaim.cassette_id, func.sum(StockClaim.quantity)).where(
        StockClaim.cassette_id.in_(cassette_ids), StockClaim.expires_at > now
    )
    if besides is not None:
        live = live.where(StockClaim.order_id != besides)
    return {cassette_id: int(number) for cassette_id, number in db.execute(live.group_by(StockClaim.cassette_id))}


def _lacking(found: Iterable[Any], wanted: Mapping[int, int], claimed: Mapping[int, int]) -> list[dict[str, int]]:
    """Those of the cassettes `found` that there are not enough of, with what is left of them."""
    left = {row.id: row.quantity - claimed.get(row.id, 0) for row in found}
    return [{"cassette": key, "available": max(left[key], 0)} for key in left if left[key] < wanted[key]]


def _check_enough(found: Iterable[Any], wanted: Mapping[int, int], claimed: Mapping[int, int]) -> None:
    """Raises Conflict `out-of-stock`."""
    lacking = _lacking(found, wanted, claimed)
    if lacking:
        raise Conflict("There are not enough of these cassettes.", code="out-of-stock", conflicts=lacking)


def _write(cassette: Cassette, values: Mapping[str, Any]) -> None:
    for name in ("title", "director", "released", "quantity"):
        if name in values:
            setattr(cassette, name, values[name])
    if "price" in values:
        price: Money | None = values["price"]
        cassette.price_minor = None if price is None else price.minor
        cassette.currency = None if price is None else price.currency
