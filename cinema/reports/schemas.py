"""What reports take in."""

import colander

from cinema.core.schemas import Day, Parameters, choice

DAY, FILM, HALL = "day", "film", "hall"
JSON, CSV = "json", "csv"


class SalesQuery(Parameters):
    """GET reports/sales. `from` and `to` are days of the cinema's time zone, both included."""

    by = choice(DAY, FILM, HALL, missing=DAY)
    first = colander.SchemaNode(Day(), name="from", missing=colander.drop)
    last = colander.SchemaNode(Day(), name="to", missing=colander.drop)
    format = choice(JSON, CSV)
