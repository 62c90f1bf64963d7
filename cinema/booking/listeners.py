"""What booking does when a screening goes."""

from sqlalchemy import delete, or_, select, update

from cinema.booking.models import CANCELLED, HELD, Order, Ticket
from cinema.schedule.events import ScreeningDeleting


def forget_unpaid_tickets(event: ScreeningDeleting) -> None:
    """Lets go of what nobody paid in time: such orders are cancelled for good, and lose their tickets.

    Tickets that were paid once stay, refunded or not, and with them the screening.
    """
    db = event.db
    of_screening = select(Ticket.order_id).where(Ticket.screening_id == event.screening_id)
    over = or_(Order.state == CANCELLED, (Order.state == HELD) & (Order.expires_at <= event.now))
    found = select(Order.id).where(Order.id.in_(of_screening), over).order_by(Order.id)
    ids = db.scalars(found.with_for_update()).all()
    if ids:
        db.execute(update(Order).where(Order.id.in_(ids)).values(state=CANCELLED))
        db.execute(delete(Ticket).where(Ticket.screening_id == event.screening_id, Ticket.order_id.in_(ids)))
