"""Text as people search for it: the same in any case, composed or decomposed, on every engine."""

import unicodedata


def fold(text: str) -> str:
    """The key under which `text` is compared and searched: NFKC, case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


LIKE_ESCAPE = "!"


def contains_pattern(text: str) -> str:
    """A LIKE pattern for «contains `text`», folded; use with `escape=LIKE_ESCAPE`."""
    escaped = fold(text).replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
