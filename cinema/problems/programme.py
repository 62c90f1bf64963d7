"""What films, halls, screenings and cassettes may answer to those who edit them."""

from cinema.problems.cause import Cause

CAUSES = (
    Cause(
        "label-not-held",
        403,
        "Label not held",
        "The film would get a label that hides it from the very person who enters it.",
        "Choose another label, or ask an administrator for a role with the permission `label:<name>`.",
    ),
    # -- screenings ------------------------------------------------------------------------------------------
    Cause(
        "no-duration",
        409,
        "No duration",
        "A scheduled film needs a duration, or nobody knows when the hall is free again.",
        "Enter the film's `duration` in minutes first, and do not take it away while the film has screenings.",
    ),
    Cause(
        "outside-opening-hours",
        409,
        "Outside opening hours",
        "The screening, with the cleaning after it, would begin before the cinema opens or end after it closes.",
        "Move it between `opens` and `closes`, which are in UTC; the hours are those of the cinema's own time zone.",
    ),
    Cause(
        "overlap",
        409,
        "Hall occupied",
        "Another screening has the hall then; the cleaning after each counts too. A film that becomes longer may run "
        "into the next screening as well.",
        "Choose another time or hall, or move the screening that is in the way: `other`.",
    ),
    Cause(
        "screening-has-tickets",
        409,
        "Seats are taken",
        "Somebody holds or bought seats, so the screening can be neither moved nor deleted. Its prices can change.",
        "Cancel or refund those orders first, or wait until the unpaid ones have expired.",
    ),
    Cause(
        "seats-taken",
        409,
        "Seats would be gone",
        "The new seat map lacks seats that somebody holds or bought for a screening to come.",
        "Keep the places in `seats`, each with its row, seat and screening, or cancel or refund their orders first.",
    ),
    # -- the shop --------------------------------------------------------------------------------------------
    Cause(
        "stock-claimed",
        409,
        "Cassettes are claimed",
        "Unpaid orders hold more of these cassettes than the new quantity would leave.",
        "Set a quantity of at least `claimed`, or wait until those orders are paid, cancelled or expired.",
    ),
)
