"""The door over HTTP: a ticket's QR code, the key that verifies it, and checking in."""

from typing import Literal, TypedDict

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from cinema.booking import orders, qr
from cinema.booking.admission import admit
from cinema.booking.codes import ALGORITHM
from cinema.booking.models import VALID
from cinema.booking.presenters import TicketJson, ticket_json
from cinema.booking.resources import CheckIn, TicketItem, TicketKey
from cinema.booking.schemas import CheckInBody
from cinema.core.errors import Conflict
from cinema.core.rendering import Moment
from cinema.core.request import Request
from cinema.security import Verb


class TicketKeyJson(TypedDict):
    """The public key of ticket codes: `pem` and `public_key`, its 32 bytes in base64url, are the same."""

    key_id: str
    algorithm: str
    pem: str
    public_key: str


class AdmissionJson(TypedDict):
    """Somebody may go in. `at` is when they first could with this ticket."""

    admitted: Literal[True]
    ticket: TicketJson
    at: Moment


@view_config(
    context=TicketItem,
    name="qr",
    request_method="GET",
    permission=Verb.VIEW,
    refuses=("ticket-not-valid",),
    answers=(qr.SVG, qr.PNG),
)
def qr_code(context: TicketItem, request: Request) -> Response:
    """A valid ticket's signed code, as a picture: SVG, or PNG for whoever prefers that."""
    ticket = orders.get_ticket(request.reader, context.id, request.now)
    if ticket.state != VALID:
        raise Conflict(f"This ticket is {ticket.state}.", code="ticket-not-valid", state=ticket.state)
    kind = _preferred(request)
    picture = qr.draw(request.registry.ticket_codes.sign(ticket), kind)
    headers = [("Content-Type", kind), ("Content-Length", str(len(picture)))]
    return Response(headerlist=[*headers, ("Cache-Control", "private"), ("Vary", "Accept")], app_iter=[picture])


def _preferred(request: Request) -> str:
    offers: list[tuple[str, float]] = request.accept.acceptable_offers([qr.SVG, qr.PNG])
    return offers[0][0] if offers else qr.SVG


@view_config(context=TicketKey, request_method="GET", permission=NO_PERMISSION_REQUIRED)
def public_key(_context: TicketKey, request: Request) -> TicketKeyJson:
    """The key that verifies signed ticket codes."""
    codes = request.registry.ticket_codes
    return {
        "key_id": codes.key_id,
        "algorithm": ALGORITHM,
        "pem": codes.pem,
        "public_key": codes.public_key,
    }


@view_config(
    context=CheckIn,
    request_method="POST",
    permission=Verb.CHECK_IN,
    schema=CheckInBody,
    idempotent=False,  # it has its nonce
    refuses=("bad-signature", "unknown-ticket", "other-screening", "already-used", "ticket-not-valid"),
)
def check_in(_context: CheckIn, request: Request) -> AdmissionJson:
    """Admits somebody, once."""
    asked = request.validated
    code = request.registry.ticket_codes.plain(asked["code"])
    ticket = admit(request.db, code, asked["nonce"], asked.get("screening"), request.now)
    return {"admitted": True, "ticket": ticket_json(ticket), "at": ticket.used_at}
