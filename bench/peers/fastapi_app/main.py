"""The endpoints."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, status
from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from bench.peers.fastapi_app.booking import take_seats
from bench.peers.fastapi_app.database import Session
from bench.peers.fastapi_app.models import Movie, Order, Screening, SeatClaim, is_live, seats_taken
from bench.peers.fastapi_app.schemas import (
    MovieOut,
    NewOrder,
    OrderOut,
    Page,
    ScreeningOut,
    SeatMapOut,
    ShortScreeningOut,
)
from bench.peers.fastapi_app.security import CurrentUser, get_current_user
from bench.peers.seats import SeatMap, one_price, seat_map

Limit = Annotated[int, Query(ge=1, le=100)]
Moment = datetime | None

router = APIRouter(prefix="/api/v1", dependencies=[Depends(get_current_user)])


def _next(request: Request, has_more: bool, **cursor: Any) -> str | None:
    return str(request.url.include_query_params(**cursor)) if has_more else None


@router.get("/movies")
async def movies(
    request: Request,
    session: Session,
    limit: Limit = 20,
    after: int = 0,
    title: str | None = None,
    year_from: int | None = None,
    year_to: int | None = None,
) -> Page[MovieOut]:
    """A page of films."""
    found = select(Movie).where(Movie.id > after).order_by(Movie.id).limit(limit + 1)
    if title is not None:
        found = found.where(Movie.title.icontains(title, autoescape=True))
    if year_from is not None:
        found = found.where(Movie.year >= year_from)
    if year_to is not None:
        found = found.where(Movie.year <= year_to)
    lists = selectinload(Movie.genres), selectinload(Movie.directors), selectinload(Movie.actors)
    films = (await session.scalars(found.options(*lists))).all()
    has_more = len(films) > limit
    return Page(
        items=[MovieOut.model_validate(film) for film in films[:limit]],
        next=_next(request, has_more, after=films[limit - 1].id if has_more else 0),
    )


def _screening_out(screening: Screening, taken: int) -> ScreeningOut:
    short = ShortScreeningOut.model_validate(screening)
    prices = screening.prices
    return ScreeningOut.model_validate(
        {
            **dict(short),
            "price": one_price(prices),
            "prices": prices,
            "seats_total": screening.hall.capacity,
            "seats_left": max(screening.hall.capacity - taken, 0),
        }
    )


@router.get("/screenings")
async def screenings(
    request: Request,
    session: Session,
    limit: Limit = 20,
    after: Moment = None,
    after_id: int = 0,
    starts_from: Annotated[Moment, Query(alias="from")] = None,
    starts_to: Annotated[Moment, Query(alias="to")] = None,
) -> Page[ScreeningOut]:
    """A page of screenings, by start."""
    found = (
        select(Screening, seats_taken(datetime.now(UTC)))
        .options(joinedload(Screening.movie), joinedload(Screening.hall), selectinload(Screening.price_list))
        .order_by(Screening.starts_at, Screening.id)
        .limit(limit + 1)
    )
    if after is not None:
        found = found.where(tuple_(Screening.starts_at, Screening.id) > tuple_(after, after_id))
    if starts_from is not None:
        found = found.where(Screening.starts_at >= starts_from)
    if starts_to is not None:
        found = found.where(Screening.starts_at < starts_to)
    rows = (await session.execute(found)).all()
    has_more = len(rows) > limit
    last = rows[limit - 1][0] if has_more else None
    cursor = {"after": last.starts_at.isoformat(), "after_id": last.id} if last else {}
    return Page(
        items=[_screening_out(screening, taken) for screening, taken in rows[:limit]],
        next=_next(request, has_more, **cursor),
    )


@router.get("/screenings/{screening_id}/seats", response_model=SeatMapOut)
async def seats(screening_id: int, session: Session) -> SeatMap:
    """The seat map."""
    screening = await session.get(
        Screening, screening_id, options=[joinedload(Screening.hall), selectinload(Screening.price_list)]
    )
    if screening is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such screening.")
    claims = await session.execute(
        select(SeatClaim.row_number, SeatClaim.seat_number, SeatClaim.state).where(
            SeatClaim.screening_id == screening_id, is_live(datetime.now(UTC))
        )
    )
    return seat_map(screening.hall.layout, screening.prices, claims.tuples())


@router.post("/orders", status_code=status.HTTP_201_CREATED, response_model=OrderOut)
async def create_order(wanted: NewOrder, user: CurrentUser, session: Session) -> Order:
    """Takes seats."""
    return await take_seats(session, user, wanted)


app = FastAPI(title="cinema")
app.include_router(router)
