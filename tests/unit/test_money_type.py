"""Money, in currencies with two, three and no digits behind the point."""

from decimal import Decimal
from typing import Any

import colander
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinema.core.errors import Invalid
from cinema.core.money import LARGEST_MINOR, Money, decimals, money_json
from cinema.core.schemas import Body, deserialize, price

CURRENCIES = ["EUR", "JPY", "KWD"]


class Priced(Body):
    """Something with a price."""

    price = price()


def read(amount: Any, currency: str) -> Money:
    """The money that a body says."""
    schema: colander.SchemaNode = Priced().bind(currency=currency)
    money: Money = deserialize(schema, {"price": {"amount": amount, "currency": currency}})["price"]
    return money


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (1250, "EUR", "12.50"),
        (5, "EUR", "0.05"),
        (0, "EUR", "0.00"),
        (1250, "JPY", "1250"),
        (0, "JPY", "0"),
        (1250, "KWD", "1.250"),
        (7, "KWD", "0.007"),
        (LARGEST_MINOR - 1, "EUR", "9999999999.99"),
        (LARGEST_MINOR - 1, "JPY", "999999999999"),
    ],
)
def test_minor_units_become_an_amount_and_back(minor: int, currency: str, amount: str) -> None:
    assert Money.from_minor(minor, currency) == Money(Decimal(amount), currency)
    assert Money(Decimal(amount), currency).minor == minor
    assert money_json(minor, currency) == {"amount": amount, "currency": currency}
    assert read(amount, currency).minor == minor


@pytest.mark.parametrize(("minor", "currency"), [(None, "EUR"), (100, None), (None, None)])
def test_no_price_is_null(minor: int | None, currency: str | None) -> None:
    assert money_json(minor, currency) is None


@pytest.mark.parametrize(("amount", "currency"), [("12.505", "EUR"), ("12.5", "JPY"), ("1.2505", "KWD")])
def test_an_amount_finer_than_its_currency_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="more digits"):
        _ = Money(Decimal(amount), currency).minor
    with pytest.raises(Invalid) as refused:
        read(amount, currency)
    assert [error.field for error in refused.value.errors] == ["price"]


@pytest.mark.parametrize(
    "amount", ["", "-1", "+1", "1,50", "1.", ".5", "1e2", "NaN", "Infinity", " 1", "١", "1\n", 1, 1.5, None, True]
)
def test_an_amount_is_plain_decimal_text_and_never_negative(amount: Any) -> None:
    with pytest.raises(Invalid):
        read(amount, "EUR")


@pytest.mark.parametrize(("amount", "currency"), [("10000000000.00", "EUR"), ("1000000000000", "JPY")])
def test_more_money_than_the_database_counts_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(Invalid):
        read(amount, currency)


@given(st.integers(0, LARGEST_MINOR - 1), st.sampled_from(CURRENCIES))
def test_what_is_shown_can_be_sent_back(minor: int, currency: str) -> None:
    shown = money_json(minor, currency)
    assert shown is not None
    assert read(shown["amount"], currency) == Money.from_minor(minor, currency)
    assert len(shown["amount"].partition(".")[2]) == decimals(currency)
