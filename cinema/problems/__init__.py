"""Everything that can be refused: each `code` of a problem document, and each code inside its `errors`.

For the documentation, and for whoever writes a client. Views name the codes of their own in `refuses=`; what follows
from their other options (a body, a permission, an id in the path) they do not repeat. `forbidden` is one of their own
where they refuse some of those whom their permission lets in.
"""

from collections.abc import Mapping

from cinema.problems import accounts, booking, everywhere, programme
from cinema.problems.cause import Cause
from cinema.problems.field_codes import FIELD_CODES

__all__ = ["FIELD_CODES", "PROBLEMS", "Cause"]

PROBLEMS: Mapping[str, Cause] = {
    cause.code: cause for room in (everywhere, accounts, programme, booking) for cause in room.CAUSES
}
