"""What the dialect takes in."""

import colander

from cinema.core.schemas import day, text
from cinema.dialects.fields import LooseBody, numeral, password, username, whole
from cinema.shop.schemas import MAX_QUANTITY


class SignUp(LooseBody):
    """POST api/auth/signup."""

    example = {"username": "rick", "password": "123"}
    username = username()
    password = password()


class SignIn(LooseBody):
    """POST api/auth/login."""

    example = {"username": "rick", "password": "123"}
    username = text(1, 254)
    password = password()


class Cassette(LooseBody):
    """PUT api/cassetes/{id}: a quantity that is not sent stays as it is. PATCH is its partial."""

    example = {"title": "Rambo", "director": "Ted Kotcheff", "released": "1992-10-22", "quantity": 3}
    title = text(1, 255)
    director = text(1, 255)
    released = day()
    quantity = whole(0, MAX_QUANTITY, missing=colander.drop)


class NewCassette(Cassette):
    """POST api/cassetes/."""

    quantity = whole(0, MAX_QUANTITY, missing=0)


class Filters(LooseBody):
    """GET api/cassetes/: every field but the id, by equality."""

    title = text(0, 255, missing=colander.drop)
    director = text(0, 255, missing=colander.drop)
    released = day(missing=colander.drop)
    quantity = numeral(0, MAX_QUANTITY)
