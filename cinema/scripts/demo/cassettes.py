"""The cassettes of the shop. `released` is when the film came out."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from cinema.core.money import Money
from cinema.shop.services import create_cassette

_CASSETTES = (
    ("Иван Васильевич меняет профессию", "Leonid Gaidai", date(1973, 9, 17), 4, 1200),
    ("Ирония судьбы, или С лёгким паром!", "Eldar Ryazanov", date(1976, 1, 1), 6, 1450),
    ("Star Wars", "George Lucas", date(1977, 5, 25), 12, 1990),
    ("Alien", "Ridley Scott", date(1979, 5, 25), 3, 1500),
    ("Raiders of the Lost Ark", "Steven Spielberg", date(1981, 6, 12), 7, 1500),
    ("Blade Runner", "Ridley Scott", date(1982, 6, 25), 0, 1750),
    ("Back to the Future", "Robert Zemeckis", date(1985, 7, 3), 9, 1690),
    ("となりのトトロ", "Hayao Miyazaki", date(1988, 4, 16), 1, 2400),
)
"""Title, director, released, quantity, price in minor units. One is sold out."""


def stock_shop(db: Session, currency: str, now: datetime) -> int:
    """Puts the cassettes on the shelf; answers how many different ones."""
    for title, director, released, quantity, minor in _CASSETTES:
        values = {
            "title": title,
            "director": director,
            "released": released,
            "quantity": quantity,
            "price": Money.from_minor(minor, currency),
        }
        create_cassette(db, values, now)
    return len(_CASSETTES)
