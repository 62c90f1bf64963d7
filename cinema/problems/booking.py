"""What orders and tickets may answer."""

from cinema.problems.cause import Cause

CAUSES = (
    # -- taking ----------------------------------------------------------------------------------------------
    Cause(
        "seats-unavailable",
        409,
        "Seats unavailable",
        "Somebody else was faster, or the hall has lost these places. `conflicts` names them, and none was taken.",
        "Fetch the seat map again, mark the seats in `conflicts` as taken, and let the person choose others. If this "
        "answers a payment, the money is refunded already.",
    ),
    Cause(
        "not-on-sale",
        409,
        "Not on sale",
        "A screening, a category of its seats, or a cassette has no price in the cinema's currency.",
        "Offer only what has a price: seats and cassettes whose `price` is null are not on sale.",
    ),
    Cause(
        "booking-closed",
        409,
        "Booking closed",
        "Booking for the screening closed at `closed_at`, at its start or some time before.",
        "Offer a later screening. If this answers a payment, the money is refunded already.",
    ),
    Cause(
        "out-of-stock",
        409,
        "Not enough in stock",
        "The shop has fewer of some cassettes than were asked for. `conflicts` says how many are `available`.",
        "Lower the quantities or leave those cassettes out, then order again. If this answers a payment, the money "
        "is refunded already.",
    ),
    Cause(
        "too-many-unpaid",
        409,
        "Too many unpaid orders",
        "The person has as many unpaid orders as one may have at a time: `limit`.",
        "Show them their orders with `state=held`, to pay or cancel one. Unpaid ones expire by themselves.",
    ),
    Cause(
        "no-such-seats",
        409,
        "Not so many together",
        "So many free seats of the wanted categories are nowhere side by side. `most` says how many are.",
        "Propose `most` seats, another category, or several smaller groups.",
    ),
    # -- changing --------------------------------------------------------------------------------------------
    Cause(
        "not-held",
        409,
        "No longer held",
        "The order no longer waits for its payment: it is paid, cancelled, expired or refunded. `state` says which.",
        "Fetch the order again. If it is gone and still wanted, place a new one.",
    ),
    Cause(
        "already-extended",
        409,
        "Extended before",
        "A hold can be extended once, and this one was.",
        "Show how long is left (`expires_in`), and let the person pay before that.",
    ),
    Cause(
        "does-not-expire",
        409,
        "Never expires",
        "The order was made by an older client, whose bookings have no deadline: there is nothing to extend.",
        "Offer to extend only orders that have an `expires_at`.",
    ),
    Cause(
        "no-screening",
        409,
        "No seats to change",
        "Seats can be exchanged within one screening. This order has cassettes only, or seats of several screenings.",
        "Cancel the order and place a new one.",
    ),
    # -- paying and refunding --------------------------------------------------------------------------------
    Cause(
        "already-paid",
        409,
        "Paid already",
        "The order was paid, perhaps by a request whose answer got lost. It can no longer be paid or cancelled.",
        "Fetch the order and go on with its tickets. To give it back, ask the staff for a refund.",
    ),
    Cause(
        "payments-not-set-up",
        409,
        "Payment not possible here",
        "This cinema takes no payments online; or, from a refund, what the order was paid with is no longer set up.",
        "Ask the person to pay in cash at the till, before the hold ends. The operator sets up what is missing "
        "(`cinema.payments`).",
    ),
    Cause(
        "not-paid",
        409,
        "Not paid",
        "Only paid orders can be refunded. `state` says what this one is.",
        "Cancel an order that is held; one that is cancelled, expired or refunded needs nothing.",
    ),
    Cause(
        "ticket-used",
        409,
        "Ticket used",
        "Somebody was admitted with the tickets in `tickets`, so they cannot be refunded.",
        "Refund the others by naming them in the request.",
    ),
    # -- at the door -----------------------------------------------------------------------------------------
    Cause(
        "bad-signature",
        400,
        "Not our signature",
        "The code looks signed, but this server did not sign it exactly so: it is forged, cut off or misread.",
        "Scan it once more. If it stays, ask for the ticket in its owner's account, and do not admit on this code.",
    ),
    Cause(
        "unknown-ticket",
        404,
        "Unknown ticket",
        "No ticket has this code. It was mistyped, or its ticket was given up before it was paid.",
        "Scan it instead of typing it, or find the ticket by its owner.",
    ),
    Cause(
        "other-screening",
        409,
        "Another screening",
        "The ticket is not for the screening at this door. Nobody was admitted; `screening` is the right one.",
        "Show where and when that screening is, and send the person there.",
    ),
    Cause(
        "already-used",
        409,
        "Used already",
        "Somebody was admitted with this ticket at `used_at`. The same `nonce` again would not be refused.",
        "Do not admit a second person. A client makes a `nonce` for each scan, and keeps it for retries.",
    ),
    Cause(
        "ticket-not-valid",
        409,
        "Ticket not valid",
        "Only a paid ticket that was not used yet admits somebody and has a QR code. `state` says what this one is.",
        "Pay a `held` one first. A `void` one was cancelled or refunded; a `used` one has admitted somebody.",
    ),
)
