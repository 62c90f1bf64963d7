"""Orders. They are final: whoever gets one has bought the seats."""

from urllib.parse import urlencode

from pyramid.view import view_config, view_defaults

from cinema.booking.orders import get_order
from cinema.booking.outright import sell_outright
from cinema.booking.queries import ORDER_LIST
from cinema.booking.terms import Charges, Terms
from cinema.catalogue.labels import sight
from cinema.core.paging import rows_of
from cinema.core.query_string import parse_loosely
from cinema.core.rendering import Created, made
from cinema.core.request import Request
from cinema.core.validation import read_body
from cinema.dialects.academy import schemas
from cinema.dialects.academy.answers import AcademyCreatedOrderJson, AcademyOrderPageJson
from cinema.dialects.academy.presenters import created_order_json, listed_order_json
from cinema.dialects.academy.resources import Orders
from cinema.dialects.academy.tickets import Wanted
from cinema.dialects.academy.views import with_allow
from cinema.security import Verb

PAGE_SIZE = 10


@view_defaults(context=Orders, decorator=with_allow)
class OrdersViews:
    """The caller's own orders, whoever it is."""

    def __init__(self, _context: Orders, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW, query=schemas.OrderPage, refuses=(404,))
    def get(self) -> AcademyOrderPageJson:
        """A page of orders, newest first."""
        page = self.request.query["page"]
        wanted = {"user": self.user_id, "with_tickets": True}
        offset = (page - 1) * PAGE_SIZE
        rows = rows_of(self.request, ORDER_LIST, wanted, limit=PAGE_SIZE, offset=offset)
        if not rows and page > 1:
            raise schemas.no_such_page()
        count = rows[0].total_count if rows else 0
        return {
            "count": count,
            "next": self._address(page + 1) if count > offset + PAGE_SIZE else None,
            "previous": self._address(page - 1) if page > 1 else None,
            "results": [listed_order_json(row) for row in rows],
        }

    @view_config(request_method="POST", permission=Verb.ORDER, query=None, reads=schemas.Order)
    def post(self) -> Created[AcademyCreatedOrderJson]:
        """Buys seats, all of them or none."""
        request = self.request
        wanted = Wanted.read(read_body(request))
        registry = request.registry
        terms = Terms(registry.booking, registry.currency, request.now, sight(request), None, Charges.NEVER)
        spots = list(wanted.spots.values())
        with wanted.refusing():
            order_id = sell_outright(request.db, self.user_id, spots, terms)
        order = get_order(request.db, order_id, request.now)
        return made(created_order_json(order, [(spot.screening, *spot.seat) for spot in spots]))

    def _address(self, page: int) -> str:
        parameters = parse_loosely(self.request.environ.get("QUERY_STRING", ""))
        rest = {name: value for name, value in parameters.items() if name != "page"}
        query = urlencode(rest if page == 1 else rest | {"page": str(page)})
        return f"{self.request.path_url}?{query}" if query else self.request.path_url
