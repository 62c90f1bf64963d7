"""What an operator can say about accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cinema.accounts.addresses import Network, parse_networks
from cinema.accounts.sessions import Lease
from cinema.core.settings import setting, switch, whole

_FOR_GOOD = timedelta(days=36_500)


@dataclass(frozen=True)
class AccountSettings:
    """Lifetimes and limits."""

    access_token_minutes: int = setting(
        "cinema.access_token_minutes", "10", whole(1, 1440), "How long an access token is good"
    )
    refresh_idle_days: int = setting(
        "cinema.refresh_token_idle_days", "30", whole(1, 3650), "After how many days without use a session ends"
    )
    refresh_days: int = setting(
        "cinema.refresh_token_days", "90", whole(1, 3650), "After how many days a session ends in any case"
    )
    key_idle_days: int = setting(
        "cinema.key_idle_days",
        "30",
        whole(1, 3650),
        "After how many days without use the key of an older client ends (dialects academy and vhs)",
    )
    issuer: str = setting("cinema.token_issuer", "cinema", str, "The `iss` and `aud` of access tokens")
    password_min_length: int = setting(
        "cinema.password_min_length", "12", whole(8, 128), "The shortest password, in characters"
    )
    login_limits: bool = setting(
        "cinema.login_limits", "on", switch, "Whether sign-in attempts are limited; `off` is for development"
    )
    history_days: int = setting(
        "cinema.login_history_days", "90", whole(1, 3650), "How many days sign-ins are remembered"
    )
    trusted_proxies: Sequence[Network] = setting(
        "cinema.trusted_proxies", "", parse_networks, "Networks of proxies whose `X-Forwarded-For` is believed"
    )

    @property
    def access_lifetime(self) -> timedelta:
        """How long an access token is good."""
        return timedelta(minutes=self.access_token_minutes)

    @property
    def history_kept(self) -> timedelta:
        """How long sign-ins are remembered."""
        return timedelta(days=self.history_days)

    @property
    def refresh_idle(self) -> timedelta:
        """How long a session lives without use."""
        return timedelta(days=self.refresh_idle_days)

    @property
    def lease(self) -> Lease:
        """Of sessions whose clients can refresh."""
        return Lease(self.refresh_idle, timedelta(days=self.refresh_days))

    @property
    def key_lease(self) -> Lease:
        """Of sessions whose clients cannot: as long as they are used."""
        return Lease(timedelta(days=self.key_idle_days), _FOR_GOOD, rotates=False, keyed=True)
