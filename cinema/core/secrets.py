"""The server's secret, from which every other key is derived, one per purpose."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cinema.core.settings import SettingError, read, setting

MINIMUM_BYTES = 32
_VARIETY = 8  # a secret of fewer different bytes was typed, not drawn


@dataclass(frozen=True)
class SecretSettings:
    """Where the secret comes from."""

    secret: str = setting(
        "cinema.jwt_secret",
        "",
        str,
        "The secret that signs tokens, at least 32 bytes. Required in production",
        environment="CINEMA_JWT_SECRET",
    )
    file: str = setting(
        "cinema.jwt_secret_file",
        "",
        str,
        "Development only: a file to keep the secret in, made when it is missing",
    )


def load(settings: Mapping[str, str]) -> bytes:
    """The secret from the environment, the ini or the development file.

    Raises SettingError when there is none, when its file can be neither read nor made, or when it is too short or
    plainly a placeholder.
    """
    sources = read(SecretSettings, settings)
    if sources.secret:
        return _checked(sources.secret.encode())
    if sources.file:
        try:
            return _checked(_kept_in(Path(sources.file)))
        except OSError as error:
            raise SettingError(f"setting cinema.jwt_secret_file: {error.strerror}: {sources.file}") from None
    raise SettingError(
        "setting cinema.jwt_secret is missing: put at least 32 random bytes into CINEMA_JWT_SECRET, for example "
        "from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose; knowing it tells nothing about the secret or the other keys."""
    return hmac.digest(secret, b"cinema:" + purpose.encode(), hashlib.sha256)


def _checked(secret: bytes) -> bytes:
    if len(secret) < MINIMUM_BYTES:
        raise SettingError(f"setting cinema.jwt_secret has {len(secret)} bytes; it needs at least {MINIMUM_BYTES}")
    if len(set(secret)) < _VARIETY or b"change-me" in secret.lower() or b"changeme" in secret.lower():
        raise SettingError("setting cinema.jwt_secret is a placeholder, not a secret: draw a random one")
    return secret


def _kept_in(path: Path) -> bytes:
    """Reads the file, making it first when it is missing.

    Several processes may start at once: each writes a file of its own, and linking it into place succeeds for
    one of them only, so nobody ever reads half a secret.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes().strip()
