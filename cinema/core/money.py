"""Money: a decimal amount in a currency. The database keeps it in minor units, so no float ever sees it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

# ISO 4217: currencies whose minor unit is not a hundredth
_DECIMALS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}

LARGEST_MINOR = 10**12
"""An amount in minor units stays below this."""


def decimals(currency: str) -> int:
    """How many digits a currency has behind the point (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in units of `currency` (not in cents)."""

    amount: Decimal
    currency: str

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """1250, "EUR" → 12.50 EUR."""
        return cls(Decimal(minor).scaleb(-decimals(currency)), currency)

    @property
    def minor(self) -> int:
        """The amount in minor units.

        Raises ValueError when the amount has more digits than the currency.
        """
        scaled = self.amount.scaleb(decimals(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.amount} has more digits than {self.currency} knows")
        return int(scaled)


class MoneyJson(TypedDict):
    """An amount of money: decimal text, and its currency (ISO 4217)."""

    amount: str
    currency: str


def money_json(minor: int | None, currency: str | None) -> MoneyJson | None:
    """What a caller sees: `{"amount": "9.50", "currency": "EUR"}`, or null where there is no price."""
    if minor is None or currency is None:
        return None
    places = decimals(currency)
    if not places:
        return {"amount": str(minor), "currency": currency}
    units, rest = divmod(minor, 10**places)
    return {"amount": f"{units}.{rest:0{places}}", "currency": currency}
