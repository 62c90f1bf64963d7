"""FastAPI as fast as it goes, on PostgreSQL: `uvicorn bench.peers.tuned:app`.

SQL by hand through asyncpg, JSON made by the database and orjson, no response models, no ORM; the token is checked,
but nobody is looked up.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import asyncpg
import jwt
import orjson
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response

from bench.peers.fastapi_app.schemas import NewOrder
from bench.peers.seats import CURRENCY, HOLD_MINUTES, Money, category_of, one_price, seat_map

_SECRET = os.environ["JWT_SECRET"]

_MOVIES = """
SELECT m.id, m.title, m.description, m.trailer, m.year, m.rating, m.duration, m.poster, m.age_rating, m.label,
  (SELECT coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) ORDER BY l.position), '[]')::text
   FROM movie_genres l JOIN genres g ON g.id = l.genre_id WHERE l.movie_id = m.id) AS genres,
  (SELECT coalesce(json_agg(json_build_object('id', d.id, 'name', d.name) ORDER BY l.position), '[]')::text
   FROM movie_directors l JOIN directors d ON d.id = l.director_id WHERE l.movie_id = m.id) AS directors,
  (SELECT coalesce(json_agg(json_build_object('id', a.id, 'first_name', a.first_name, 'last_name', a.last_name,
     'full_name', trim(a.first_name || ' ' || a.last_name)) ORDER BY l.position), '[]')::text
   FROM movie_actors l JOIN actors a ON a.id = l.actor_id WHERE l.movie_id = m.id) AS actors
FROM movies m
WHERE m.id > $1 AND ($2::int IS NULL OR m.year >= $2) AND ($3::int IS NULL OR m.year <= $3)
ORDER BY m.id LIMIT $4
"""
_SCREENING = """
SELECT s.id, s.starts_at, m.id AS movie_id, m.title, m.duration, h.id AS hall_id, h.name AS hall_name, h.capacity,
  h.layout,
  (SELECT json_agg(json_build_array(p.category, p.amount_minor, p.currency) ORDER BY p.category)::text
   FROM screening_prices p WHERE p.screening_id = s.id) AS prices
"""
_JOINED = " FROM screenings s JOIN movies m ON m.id = s.movie_id JOIN halls h ON h.id = s.hall_id "
_LIVE = "c.screening_id = s.id AND NOT (c.state = 'held' AND c.expires_at <= now())"
_SCREENINGS = f"""{_SCREENING}, (SELECT count(*) FROM seat_claims c WHERE {_LIVE}) AS taken
{_JOINED} WHERE $1::timestamptz IS NULL OR s.starts_at >= $1 ORDER BY s.starts_at, s.id LIMIT $2
"""
_SEATS = f"""{_SCREENING},
  (SELECT coalesce(json_agg(json_build_array(c.row_number, c.seat_number, c.state)), '[]')::text
  FROM seat_claims c WHERE {_LIVE}) AS claims
{_JOINED} WHERE s.id = $1
"""
_ONE = f"{_SCREENING} {_JOINED} WHERE s.id = $1"
_ORDER = """
INSERT INTO orders (user_id, state, total_minor, currency, expires_at, extended, created_at)
VALUES ($1, 'held', $2, $3, $4, false, $5) RETURNING id
"""
_FREE = """
DELETE FROM seat_claims WHERE screening_id = $1
AND (row_number, seat_number) IN (SELECT * FROM unnest($2::int[], $3::int[]))
AND state = 'held' AND expires_at <= now()
"""
_CLAIM = """
INSERT INTO seat_claims (screening_id, row_number, seat_number, order_id, state, expires_at)
SELECT $1, r, s, $4, 'held', $5 FROM unnest($2::int[], $3::int[]) AS w(r, s)
"""
_TICKETS = """
INSERT INTO tickets
  (order_id, user_id, screening_id, row_number, seat_number, category, price_minor, currency, state, code)
SELECT $1, $2, $3, r, s, c, p, $4, 'held', k FROM unnest($5::int[], $6::int[], $7::text[], $8::bigint[], $9::text[])
AS w(r, s, c, p, k) RETURNING id
"""


async def _as_it_is(_connection: asyncpg.Connection) -> None:
    """Nothing here changes a connection: it need not be reset after each request."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=16, max_size=16, reset=_as_it_is)
    async with pool as app.state.pool:
        yield


app = FastAPI(lifespan=_lifespan)


async def caller(request: Request) -> int:
    """The id of the caller, or 401."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        return int(jwt.decode(token, _SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})["sub"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None


Caller = Annotated[int, Depends(caller)]


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value, option=orjson.OPT_UTC_Z), status, media_type="application/json")


def _page(request: Request, items: list[Any], limit: int) -> Response:
    following = str(request.url.include_query_params(after=items[limit - 1]["id"])) if len(items) > limit else None
    return _json({"items": items[:limit], "next": following})


@app.get("/api/v1/movies")
async def movies(
    request: Request,
    _caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: int = 0,
    year_from: int | None = None,
    year_to: int | None = None,
) -> Response:
    """A page of films."""
    rows = await request.app.state.pool.fetch(_MOVIES, after, year_from, year_to, limit + 1)
    items = [
        {
            key: orjson.Fragment(value) if key in ("genres", "directors", "actors") else value
            for key, value in row.items()
        }
        for row in rows
    ]
    return _page(request, items, limit)


def _prices(row: asyncpg.Record) -> dict[str, Money]:
    return {category: Money.from_minor(*amount) for category, *amount in orjson.loads(row["prices"] or "[]")}


def _short(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "movie": {"id": row["movie_id"], "title": row["title"]},
        "hall": {"id": row["hall_id"], "name": row["hall_name"]},
        "starts_at": row["starts_at"],
        "ends_at": row["starts_at"] + timedelta(minutes=row["duration"] or 0),
    }


@app.get("/api/v1/screenings")
async def screenings(
    request: Request,
    _caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    starts_from: Annotated[datetime | None, Query(alias="from")] = None,
) -> Response:
    """A page of screenings, by start."""
    rows = await request.app.state.pool.fetch(_SCREENINGS, starts_from, limit + 1)
    items = []
    for row in rows:
        prices = _prices(row)
        left = max(row["capacity"] - row["taken"], 0)
        items.append(
            _short(row)
            | {"price": one_price(prices), "prices": prices, "seats_total": row["capacity"], "seats_left": left}
        )
    return _page(request, items, limit)


@app.get("/api/v1/screenings/{screening_id}/seats")
async def seats(request: Request, _caller: Caller, screening_id: int) -> Response:
    """The seat map."""
    row = await request.app.state.pool.fetchrow(_SEATS, screening_id)
    if row is None:
        raise HTTPException(404)
    return _json(seat_map(row["layout"], _prices(row), orjson.loads(row["claims"])))


@app.post("/api/v1/orders")
async def create_order(request: Request, user_id: Caller, wanted: NewOrder) -> Response:
    """Takes seats."""
    now = datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        row = await connection.fetchrow(_ONE, wanted.screening)
        if row is None:
            raise HTTPException(404)
        prices = {category: minor for category, minor, _currency in orjson.loads(row["prices"] or "[]")}
        seats = sorted((each.row, each.seat) for each in wanted.seats)
        categories = [category_of(row["layout"], *seat) for seat in seats]
        if row["starts_at"] <= now or not set(categories) <= prices.keys():
            raise HTTPException(409)
        places = [list(numbers) for numbers in zip(*seats, strict=True)]
        amounts = [prices[category] for category in categories]
        codes = [secrets.token_urlsafe(16) for _seat in seats]
        expires_at = now + timedelta(minutes=HOLD_MINUTES)
        try:
            async with connection.transaction():
                order_id = await connection.fetchval(_ORDER, user_id, sum(amounts), CURRENCY, expires_at, now)
                await connection.execute(_FREE, wanted.screening, *places)
                await connection.execute(_CLAIM, wanted.screening, *places, order_id, expires_at)
                ids = await connection.fetch(
                    _TICKETS, order_id, user_id, wanted.screening, CURRENCY, *places, categories, amounts, codes
                )
        except asyncpg.UniqueViolationError:
            raise HTTPException(409) from None
    short = _short(row)
    tickets = [
        {
            "id": ticket["id"],
            "order": order_id,
            "screening": short,
            "row": place[0],
            "seat": place[1],
            "category": category,
            "price": Money.from_minor(amount, CURRENCY),
            "state": "held",
            "code": code,
        }
        for ticket, place, category, amount, code in zip(ids, seats, categories, amounts, codes, strict=True)
    ]
    order = {
        "id": order_id,
        "user": user_id,
        "state": "held",
        "total": Money.from_minor(sum(amounts), CURRENCY),
        "expires_at": expires_at,
        "expires_in": HOLD_MINUTES * 60,
        "screening": short,
        "tickets": tickets,
        "cassettes": [],
        "created_at": now,
    }
    return _json(order, 201)
