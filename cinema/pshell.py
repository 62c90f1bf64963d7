"""`pshell development.ini`: the models, the services, a session that is rolled back on exit."""

from collections.abc import Iterator
from typing import Any

from transaction import TransactionManager

from cinema.accounts import models as accounts
from cinema.accounts import services as account_services
from cinema.booking import models as booking
from cinema.booking import orders, paying
from cinema.bookmarks import models as bookmarks
from cinema.catalogue import models as catalogue
from cinema.catalogue import services as catalogue_services
from cinema.schedule import halls, screenings
from cinema.schedule import models as schedule
from cinema.shop import models as shop
from cinema.shop import services as shop_services

_MODELS = (accounts, catalogue, schedule, shop, booking, bookmarks)
_SERVICES = {
    "account_services": account_services,
    "catalogue_services": catalogue_services,
    "halls": halls,
    "screenings": screenings,
    "orders": orders,
    "paying": paying,
    "shop_services": shop_services,
}


def setup(env: dict[str, Any]) -> Iterator[None]:
    """Puts `db`, the models and the services at hand. Nothing is kept unless you call `tm.commit()`.

    A bare generator: pshell makes a context manager of it, and would not enter one that it is given.
    """
    request = env["request"]
    request.tm = tm = TransactionManager()  # one that begins anew by itself after a commit
    env.update(_SERVICES)
    for module in _MODELS:
        env.update({name: each for name, each in vars(module).items() if hasattr(each, "__tablename__")})
    env["tm"] = tm
    env["db"] = request.db
    try:
        yield
    finally:
        tm.abort()
