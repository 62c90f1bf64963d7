"""Titles as MovieLens writes them: «City of Lost Children, The (Cité des enfants perdus, La) (1995)»."""

import re

_YEAR = re.compile(r"\(([0-9]{4})(?: ?[-–] ?(?:[0-9]{4})?)?\)$")  # a series has a range: (2006–2007), (2009– )
_ARTICLES = {
    *("The", "A", "An"),
    *("Le", "La", "Les", "L'", "L’", "Un", "Une", "Des"),
    *("Il", "Lo", "I", "Gli", "Uno", "Una", "Un'", "Un’"),
    *("El", "Los", "Las", "Unos", "Unas"),
    *("O", "Os", "As", "Um", "Uma"),
    *("Der", "Die", "Das", "Ein", "Eine"),
    *("De", "Het", "Een"),
    *("Den", "Det", "En", "Et", "Ett"),
    "Az",
}


def split_year(text: str) -> tuple[str, int | None]:
    """A title and the year behind it; of a range the first year, None where there is none."""
    text = text.strip()
    found = _YEAR.search(text)
    if found is None:
        return text, None
    return text[: found.start()].rstrip(), int(found[1])


def in_order(title: str) -> str:
    """A title with its article in front, and so the alternative titles in parentheses behind it.

    «Postman, The (Postino, Il)» → «The Postman (Il Postino)».
    """
    alternatives: list[str] = []
    while title.endswith(")") and " (" in title:
        title, _, alternative = title[:-1].rpartition(" (")
        title = title.rstrip()
        alternatives.insert(0, f" ({_article_first(alternative)})")
    return _article_first(title) + "".join(alternatives)


def _article_first(title: str) -> str:
    rest, _, article = title.rpartition(", ")
    if not rest or article not in _ARTICLES:
        return title
    known_as = "a.k.a. " if rest.startswith("a.k.a. ") else ""
    space = "" if article[-1] in "'’" else " "
    return f"{known_as}{article}{space}{rest.removeprefix(known_as)}"
