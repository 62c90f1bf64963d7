"""The caller's profile and password."""

from pyramid.view import view_config, view_defaults

from cinema.accounts import passwords, services
from cinema.accounts.own_account import caller_exists, own_credentials, prove
from cinema.core.errors import BadRequest
from cinema.core.request import Request
from cinema.dialects.site import schemas
from cinema.dialects.site.presenters import SiteMessageJson, SiteProfileJson, message_json, profile_json
from cinema.dialects.site.resources import Password, User
from cinema.security import Verb


@view_defaults(context=User, query=None)
class UserViews:
    """The profile."""

    def __init__(self, _context: User, request: Request) -> None:
        self.request = request
        self.user_id = request.identity.user_id

    @view_config(request_method="GET", permission=Verb.VIEW)
    def get(self) -> SiteProfileJson:
        """The caller."""
        with caller_exists():
            return profile_json(services.get_user(self.request.reader, self.user_id))

    @view_config(request_method="PATCH", permission=Verb.EDIT, schema=schemas.Profile)
    def patch(self) -> SiteProfileJson:
        """Changes the profile."""
        changes = self.request.validated
        if "favourite_genre" in changes:
            changes["favorite_genre"] = changes.pop("favourite_genre")
        with caller_exists():
            services.change_profile(self.request.db, self.user_id, changes)
        return profile_json(services.get_user(self.request.db, self.user_id))


@view_config(
    context=Password,
    request_method="PUT",
    permission=Verb.EDIT,
    query=None,
    schema=schemas.PasswordChange,
    refuses=(429,),
)
def change_password(_context: Password, request: Request) -> SiteMessageJson:
    """Changes the caller's password.

    The current one has to be known. Every other session ends.
    """
    wanted = request.validated
    user = own_credentials(request)
    wrong = BadRequest("The current password is not right.", code="wrong-password")
    attempt = prove(request, user, wanted["old"], wrong)
    new_hash = passwords.hash_password(wanted["new"])
    stays = request.identity.session_id
    services.change_password(request.db, user.id, user.password_hash, new_hash, request.now, stays=stays)
    request.registry.attempts.succeeded(request.db, attempt, request.now)
    return message_json("The password is changed.")
