"""What an operator can say about accounts."""

from dataclasses import dataclass

from cinema.core.settings import setting, switch, whole


@dataclass(frozen=True)
class AccountSettings:
    """Lifetimes and limits."""

    access_token_minutes: int = setting(
        "cinema.access_token_minutes", "10", whole(1, 1440), "How long an access token is good"
    )
    issuer: str = setting("cinema.token_issuer", "cinema", str, "The `iss` and `aud` of access tokens")
    password_min_length: int = setting(
        "cinema.password_min_length", "12", whole(8, 128), "The shortest password, in characters"
    )
    login_limits: bool = setting(
        "cinema.login_limits", "on", switch, "Whether sign-in attempts are limited; `off` is for development"
    )
