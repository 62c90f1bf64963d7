"""Three unlike halls. The seat maps are in the format of `schedule.layout`."""

from sqlalchemy.orm import Session

from cinema.schedule.halls import create_hall

_GREAT_HALL = """\
A|__AA....__....AA__
B|_.......__......._
C|........__........
D|........__........
E|........__........
F|........__........
|__________________
G|........__........
H|........__........
I|........__........
J|PPPPPPPP__PPPPPPPP
K|PPPPPPPP__PPPPPPPP
L|PPPPPPPP__PPPPPPPP
"""

_STUDIO = """\
A|_AA_..._
B|...._....
C|...._....
D|...._....
E|...._....
F|_PP_PP_
"""

_LOUNGE = """\
A|PP_PP_PP
B|PP_PP_PP
|________
C|PP_PP_PP
D|PP_PP_PP
"""

LAYOUTS = {"Большой зал": _GREAT_HALL, "Studio": _STUDIO, "VIP Lounge": _LOUNGE}


def build_halls(db: Session) -> list[int]:
    """Makes the halls; answers their ids."""
    return [create_hall(db, {"name": name, "layout": text}).id for name, text in LAYOUTS.items()]
