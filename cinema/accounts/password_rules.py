"""What a new password must not be (NIST SP 800-63B): short, common, monotonous, or its owner's own name."""

from collections.abc import Iterable

from cinema.core.errors import Invalid
from cinema.core.text import fold

_FEWEST_DIFFERENT = 5
_SHORTEST_NAME = 4  # a shorter one turns up in too many good passwords


def check_new_password(password: str, *, least: int, own: Iterable[str | None], field: str = "password") -> None:
    """Checks what somebody wants as a password.

    `own` is what belongs to its owner: username, e-mail address, name, surname, as far as there are any.
    Raises Invalid for `field`: `too-short`, `too-common`, `too-simple` or `contains-own-name`.
    """
    if len(password) < least:
        raise Invalid.field(field, "too-short", f"needs at least {least} characters")
    folded = fold(password)
    if _is_common(folded):
        raise Invalid.field(field, "too-common", "is one of the commonest passwords, which are tried first")
    if len(set(password)) < _FEWEST_DIFFERENT:
        raise Invalid.field(field, "too-simple", f"needs at least {_FEWEST_DIFFERENT} different characters")
    if any(name in folded for name in _names(own)):
        raise Invalid.field(field, "contains-own-name", "contains your username, e-mail address or name")


def _is_common(folded: str) -> bool:
    """Whether it is among the 30,000 commonest passwords, which zxcvbn keeps in lower case."""
    from zxcvbn.matching import RANKED_DICTIONARIES  # here: 12 MB that only whoever sets a password needs

    return folded in RANKED_DICTIONARIES["passwords"]


def _names(own: Iterable[str | None]) -> Iterable[str]:
    for each in own:
        text = fold(each or "").strip()
        name = text.rpartition("@")[0] or text
        if len(name) >= _SHORTEST_NAME:
            yield name
