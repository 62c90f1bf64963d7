"""Who is calling."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """What a valid access token says. `expires_at` is its `exp`, in seconds since 1970."""

    user_id: int
    session_id: int
    roles: tuple[str, ...]
    superuser: bool
    expires_at: int
