"""Orders. They are final: whoever gets one has bought the seats."""

from typing import Any
from urllib.parse import urlencode

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from cinema.booking.orders import get_order
from cinema.booking.outright import sell_outright
from cinema.booking.queries import ORDER_LIST
from cinema.booking.terms import Charges, Terms
from cinema.catalogue.labels import sight
from cinema.core.errors import Invalid, NotFound
from cinema.core.paging import rows_of
from cinema.core.query_string import parse_loosely
from cinema.core.rendering import made
from cinema.core.request import Request
from cinema.core.validation import read_body
from cinema.dialects.academy.presenters import created_order_json, listed_order_json
from cinema.dialects.academy.resources import Orders
from cinema.dialects.academy.tickets import by_ticket, spots_wanted
from cinema.dialects.academy.views import with_allow
from cinema.security import Verb

PAGE_SIZE = 10
_LONGEST_PAGE_NUMBER = 12  # digits


@view_defaults(context=Orders, query=None, decorator=with_allow)
class OrdersViews:
    """The caller's own orders, whoever it is."""

    def __init__(self, _context: Orders, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> dict[str, Any]:
        """A page of orders, newest first."""
        parameters = parse_loosely(self.request.environ.get("QUERY_STRING", ""))
        page = _page_number(parameters.get("page", "1"))
        wanted = {"user": self.user_id, "with_tickets": True}
        offset = (page - 1) * PAGE_SIZE
        rows = rows_of(self.request, ORDER_LIST, wanted, limit=PAGE_SIZE, offset=offset)
        if not rows and page > 1:
            raise _no_such_page()
        count = rows[0].total_count if rows else 0
        return {
            "count": count,
            "next": self._address(parameters, page + 1) if count > offset + PAGE_SIZE else None,
            "previous": self._address(parameters, page - 1) if page > 1 else None,
            "results": [listed_order_json(row) for row in rows],
        }

    @view_config(request_method="POST", permission=Verb.ORDER)
    def post(self) -> Response:
        """Buys seats, all of them or none."""
        request = self.request
        spots = spots_wanted(read_body(request))
        registry = request.registry
        terms = Terms(registry.booking, registry.currency, request.now, sight(request), None, Charges.NEVER)
        try:
            order_id = sell_outright(request.db, self.user_id, spots, terms)
        except Invalid as invalid:
            raise by_ticket(invalid, len(spots)) from None
        wanted = [(spot.screening, *spot.seat) for spot in spots]
        return made(created_order_json(get_order(request.db, order_id, request.now), wanted))

    def _address(self, parameters: dict[str, str], page: int) -> str:
        rest = {name: value for name, value in parameters.items() if name != "page"}
        query = urlencode(rest if page == 1 else rest | {"page": str(page)})
        return f"{self.request.path_url}?{query}" if query else self.request.path_url


def _page_number(text: str) -> int:
    """Raises NotFound for what is no number of a page."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_PAGE_NUMBER and int(text)):
        raise _no_such_page()
    return int(text)


def _no_such_page() -> NotFound:
    return NotFound("There is no such page.")
