"""Where booking lives: `orders`, `tickets`, the door."""

from typing import Any

from pyramid.decorator import reify
from sqlalchemy import Row, select

from cinema.booking.models import Order, Ticket
from cinema.core.errors import NotFound
from cinema.core.resources import Item, Resource
from cinema.security import (
    Acl,
    Permission,
    Verb,
    one_verb_acl,
    orders_acl,
    owned_order_acl,
    owned_ticket_acl,
    public_acl,
    tickets_acl,
)


class Orders(Resource):
    """orders"""

    __acl__ = orders_acl()


class OwnedItem(Item):
    """Something that belongs to somebody: to everybody else it does not exist.

    Its access list needs its owner, so the row is looked up, but never for a stranger.
    """

    hidden_unless_viewable = True
    model: Any

    @reify
    def owner_id(self) -> int | None:
        """Whose it is; None as long as nobody known asks. Raises NotFound."""
        if self.request.identity is None:
            return None
        return int(self._owner().user_id)

    def _owner(self) -> Row[Any]:
        found = self.request.reader.execute(select(self.model.user_id).where(self.model.id == self.id)).one_or_none()
        if found is None:
            raise NotFound
        return found


class OrderItem(OwnedItem):
    """orders/{id}"""

    model = Order

    def __acl__(self) -> Acl:
        """The owner's and the staff's."""
        return owned_order_acl(self.owner_id)


class Tickets(Resource):
    """tickets"""

    __acl__ = tickets_acl()


class TicketItem(OwnedItem):
    """tickets/{id}"""

    model = Ticket

    def __acl__(self) -> Acl:
        """The owner's and the staff's."""
        return owned_ticket_acl(self.owner_id)


class CheckIn(Resource):
    """tickets/check-in"""

    __acl__ = one_verb_acl(Permission.TICKETS_CHECK_IN, Verb.CHECK_IN)


class TicketKey(Resource):
    """tickets/public-key"""

    __acl__ = public_acl()
