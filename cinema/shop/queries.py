"""How cassettes are found."""

from sqlalchemy import and_, bindparam, func, select

from cinema.core.db.base import Query, UtcDateTime
from cinema.core.db.prepared import Prepared
from cinema.core.listing import Filter, Listing, SortKey, contains, equals
from cinema.shop.models import Cassette, StockClaim

_CLAIMED = (
    select(func.coalesce(func.sum(StockClaim.quantity), 0))
    .where(StockClaim.cassette_id == Cassette.id, StockClaim.expires_at > bindparam("now", type_=UtcDateTime()))
    .correlate(Cassette)
    .scalar_subquery()
)

CASSETTES: Query = select(Cassette.__table__, _CLAIMED.label("claimed"))
"""Everything that is shown of cassettes, with how many are claimed at `now`."""

CASSETTE = Prepared(CASSETTES.where(Cassette.id == bindparam("id")))

_cassette = Cassette.__table__.c
_BY_ID = SortKey(_cassette.id, "id")

CASSETTE_LIST = Listing(
    CASSETTES,
    sorts={
        "id": _BY_ID,
        "title": SortKey(_cassette.title_key, "title_key"),
        "released": SortKey(_cassette.released, "released"),
    },
    tie=_BY_ID,
    sort="id",
    filters={
        "title": contains("title", _cassette.title_key),
        "director": contains("director", _cassette.director_key),
        "exact_title": equals("exact_title", _cassette.title),
        "exact_director": equals("exact_director", _cassette.director),
        "released": equals("released", _cassette.released),
        "released_from": Filter(_cassette.released >= bindparam("released_from"), lambda day: {"released_from": day}),
        "released_to": Filter(_cassette.released <= bindparam("released_to"), lambda day: {"released_to": day}),
        "quantity": equals("quantity", _cassette.quantity),
        "price": Filter(
            and_(_cassette.currency == bindparam("currency"), _cassette.price_minor == bindparam("price_minor")),
            lambda money: {"currency": money.currency, "price_minor": money.minor},
        ),
    },
)
