"""What can be wrong with one field: the `code` of each entry in the `errors` of a 400."""

from collections.abc import Mapping

FIELD_CODES: Mapping[str, str] = {
    # -- any field -------------------------------------------------------------------------------------------
    "required": "The field is missing and has to be there.",
    "unknown-field": "The request has a field or a parameter that the operation does not know; check its spelling.",
    "wrong-type": "The value is of another type than the field takes; nothing is converted, and null is a type too.",
    "bad-text": "The text holds a NUL or half of a surrogate pair, which cannot be stored.",
    "too-short": "The text or the list is shorter than allowed; text of blanks alone counts as empty.",
    "too-long": "The text or the list is longer than allowed.",
    "out-of-range": "The number is below the least or above the greatest that is possible here.",
    "not-a-choice": "The value is none of the words that the message lists.",
    "duplicate": "Something stands twice where each may stand once.",
    "either-or": "Two ways of saying the same thing were used together; use one of them.",
    "unknown": "The value names something that does not exist, or that the caller may not know of.",
    "too-many": "More were asked for than one request may take, or than are left.",
    # -- particular fields -----------------------------------------------------------------------------------
    "no-such-time": "The text has the form of a time, but the calendar has no such moment.",
    "no-such-day": "The text has the form of a day, but the calendar has no such day.",
    "bad-amount": 'The amount of money is no decimal text such as "9.50", or has more digits than its currency.',
    "wrong-currency": "The amount is in another currency than the cinema's.",
    "bad-cursor": "The cursor is from another list or another sorting, or was altered; begin again without it.",
    "bad-username": "The username holds something else than letters, digits and `. + - _`.",
    "bad-email": "The text is no e-mail address.",
    "bad-name": "The name of a role holds something else than `a-z`, `0-9` and `. _ -`, or begins with no letter.",
    "bad-label": "The label holds something else than `a-z`, `0-9` and `. _ -`, or begins with a sign.",
    "bad-url": "The address does not begin with `http://` or `https://`, or holds blanks.",
    "bad-layout": "The seat map cannot be read; the message names the line and what is wrong with it.",
    "bad-idempotency-key": "The header is empty, longer than 255 characters, or holds something else than printable "
    "ASCII.",
    "too-common": "The password is among those that are tried first.",
    "too-simple": "The password repeats a few characters only.",
    "contains-own-name": "The password contains the username, the e-mail address or the name of its owner.",
}
