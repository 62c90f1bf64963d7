"""Password hashing: argon2id at OWASP's parameters (m=19 MiB, t=2, p=1), about 50 ms of one core.

Never called inside a transaction, and by no more threads at once than there are cores.
"""

import os
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_LENGTH = 1024

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 1)
_NOBODYS = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to keep."""
    with _cores:
        return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash. With no hash the answer is no, after the same work."""
    with _cores:
        try:
            return _hasher.verify(password_hash or _NOBODYS, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
