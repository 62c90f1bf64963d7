"""Query strings, read strictly."""

from urllib.parse import parse_qsl

from cinema.core.errors import BadRequest, Invalid
from cinema.core.schemas import printable

_MAX_PARAMETERS = 50


def parse_query(text: str) -> dict[str, str]:
    """The parameters of a query string, each once. Raises BadRequest or Invalid."""
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise BadRequest("The query string is not UTF-8.", code="malformed-query") from None
    except ValueError:
        raise BadRequest(f"More than {_MAX_PARAMETERS} parameters.", code="malformed-query") from None
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name in parameters:
            raise Invalid.field(printable(name), "duplicate", "stands twice in the query")
        parameters[name] = value
    return parameters


def parse_loosely(text: str) -> dict[str, str]:
    """The parameters of a query string as older servers read it: the last of several counts. Raises BadRequest."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MAX_PARAMETERS))
    except ValueError:
        raise BadRequest(f"More than {_MAX_PARAMETERS} parameters.", code="malformed-query") from None
