"""The URL map: which resource answers where. `*` stands for an item's id.

Actions below a resource (`orders/*/pay`, `screenings/*/seats`) are named views of it, in the `views` of their room.
"""

from typing import Any

from cinema.accounts import resources as accounts
from cinema.booking import resources as booking
from cinema.bookmarks import resources as bookmarks
from cinema.catalogue import resources as catalogue
from cinema.contract import resources as contract
from cinema.core import health
from cinema.reports import resources as reports
from cinema.schedule import resources as schedule
from cinema.shop import resources as shop

NATIVE = {
    "auth/register": accounts.Register,
    "auth/login": accounts.Login,
    "auth/refresh": accounts.Refresh,
    "auth/logout": accounts.Logout,
    "auth/logout-others": accounts.LogoutOthers,
    "me": accounts.Me,
    "me/password": accounts.Password,
    "me/login": accounts.MyLogin,
    "me/history": accounts.MyHistory,
    "me/sessions": accounts.MySessions,
    "me/sessions/*": accounts.MySession,
    "me/bookmarks": bookmarks.Bookmarks,
    "me/bookmarks/*": bookmarks.Bookmark,
    "users": accounts.Users,
    "users/*": accounts.UserItem,
    "users/*/history": accounts.UserHistory,
    "users/*/sessions": accounts.UserSessions,
    "users/*/roles": accounts.UserRoles,
    "users/*/roles/*": accounts.UserRole,
    "roles": accounts.Roles,
    "roles/*": accounts.RoleItem,
    "permissions": accounts.Permissions,
    "permissions/check": accounts.PermissionCheck,
    "movies": catalogue.Movies,
    "movies/*": catalogue.Movie,
    "genres": catalogue.Genres,
    "genres/*": catalogue.GenreItem,
    "directors": catalogue.Directors,
    "directors/*": catalogue.DirectorItem,
    "actors": catalogue.Actors,
    "actors/*": catalogue.ActorItem,
    "halls": schedule.Halls,
    "halls/*": schedule.Hall,
    "screenings": schedule.Screenings,
    "screenings/*": schedule.Screening,
    "orders": booking.Orders,
    "orders/*": booking.OrderItem,
    "tickets": booking.Tickets,
    "tickets/*": booking.TicketItem,
    "tickets/check-in": booking.CheckIn,
    "tickets/public-key": booking.TicketKey,
    "cassettes": shop.Cassettes,
    "cassettes/*": shop.Cassette,
    "reports/sales": reports.Sales,
}

OPERATIONS = {
    "openapi.json": contract.OpenApi,
    "docs": contract.Docs,
    "docs/errors": contract.Errors,
    "docs/access": contract.AccessMatrix,
    "docs/static/*": contract.StaticFile,
    "health/live": health.Live,
    "health/ready": accounts.Ready,
    "metrics": health.Metrics,
    "version": health.Version,
}


def includeme(config: Any) -> None:
    """Puts everything in its place."""
    config.add_resources("", OPERATIONS)
    config.add_resources("api/v1", NATIVE)
