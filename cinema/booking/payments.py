"""The payment port: what takes the money, and gives it back.

A provider is asked inside the transaction that sells the seats, and may be asked again with the same `key` when
that transaction is retried: it has to answer the same reference then, and move the money once.
"""

from collections.abc import Mapping
from typing import Protocol

from cinema.core.money import Money

CASH = "cash"
SANDBOX = "sandbox"


class PaymentProvider(Protocol):
    """Takes money and gives it back."""

    def capture(self, key: str, amount: Money) -> str:
        """Takes `amount`; answers the provider's reference. Raises Conflict when it is refused."""

    def refund(self, key: str, reference: str, amount: Money) -> str:
        """Gives back `amount` of what `reference` took; answers a reference."""


class Cash:
    """Money over the counter: whoever took it says so."""

    def capture(self, key: str, _amount: Money) -> str:
        """It is in the till."""
        return f"cash:{key}"

    def refund(self, key: str, _reference: str, _amount: Money) -> str:
        """It is back in the customer's hand."""
        return f"cash:{key}"


class Sandbox:
    """Play money, for development: every payment succeeds and nothing is charged."""

    def capture(self, key: str, _amount: Money) -> str:
        """Nothing is taken."""
        return f"sandbox:{key}"

    def refund(self, key: str, _reference: str, _amount: Money) -> str:
        """Nothing is given back."""
        return f"sandbox:{key}"


Providers = Mapping[str, PaymentProvider]


def providers(default: str) -> Providers:
    """The providers of this installation: cash, and the default one where there is one."""
    return {CASH: Cash(), **({SANDBOX: Sandbox()} if default == SANDBOX else {})}
