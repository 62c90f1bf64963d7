"""Counting requests by the library `limits`, in a store of our own that cannot grow without end.

Its own store in memory keeps every caller for two windows, and walks through all of them every 10 ms.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from limits import RateLimitItem, parse_many
from limits.storage import SlidingWindowCounterSupport, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from cinema.core.cache import BoundedCache

KEPT = 50_000
"""Callers that are remembered at least, the latest ones; about 300 bytes each. Whoever is forgotten starts anew."""

_MOST = 1_000_000
_LONGEST = 86_400  # seconds


def rate(text: str) -> RateLimitItem:
    """Reads `600/minute` or `20 per 10 seconds`. Raises ValueError."""
    try:
        [found] = parse_many(text)
    except ValueError:
        raise ValueError(f"must be `off` or a rate such as 600/minute, not {text!r}") from None
    if not 1 <= found.amount <= _MOST or not 1 <= found.get_expiry() <= _LONGEST:
        raise ValueError(f"must allow 1 to {_MOST} requests in at most a day, not {text!r}")
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands: whether this request may go on, how many more may, in how many seconds there is more."""

    granted: bool
    left: int
    seconds: int


class Windows(Storage, SlidingWindowCounterSupport):
    """The counts of two windows for each key: the running one, and the one before, which counts less and less.

    `clock` tells the seconds since 1970. Never more than twice `kept` keys are remembered.
    """

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float], kept: int = KEPT) -> None:
        super().__init__()
        self._clock = clock
        self._kept = kept
        self._lock = Lock()
        self.reset()

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts a request, unless that would be too many in `expiry` seconds."""
        with self._lock:
            number, before, counted, remaining = self._look(key, expiry)
            if math.floor(before * remaining / expiry + counted) + amount > limit:
                return False
            self._counts.put(key, (number, before, counted + amount))
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The count of the window before and how long it counts, the running one's and how long that will."""
        _number, before, counted, remaining = self._look(key, expiry)
        return before, remaining, counted, remaining + expiry

    def _look(self, key: str, expiry: int) -> tuple[int, int, int, float]:
        """Number of the running window, count before, count in it, seconds until it ends."""
        now = self._clock()
        number = int(now // expiry)
        known, before, counted = self._counts.get(key) or (number, 0, 0)
        if known != number:
            before, counted = (counted if known == number - 1 else 0), 0
        return number, before, counted, (number + 1) * expiry - now

    @property
    def remembered(self) -> int:
        """How many keys there are."""
        return len(self._counts)

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002
        """Forgets a key."""
        self.clear(key)

    def clear(self, key: str) -> None:
        """Forgets a key."""
        self._counts.discard(key)

    def reset(self) -> None:
        """Forgets everything."""
        self._counts: BoundedCache[str, tuple[int, int, int]] = BoundedCache(self._kept)

    def check(self) -> bool:
        """Whether it works."""
        return True

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What may go wrong underneath: nothing."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """For fixed windows, of which there are none here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """For fixed windows, of which there are none here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """For fixed windows, of which there are none here."""
        raise NotImplementedError


class Quota:
    """What one caller may do of one kind: `name` is that kind's in the headers."""

    def __init__(self, name: str, rate: RateLimitItem, windows: Windows) -> None:
        self.name = name
        self.rate = rate
        self.seconds = rate.get_expiry()
        self.policy = f'"{name}";q={rate.amount};w={self.seconds}'
        self._windows = windows
        self._limiter = SlidingWindowCounterRateLimiter(windows)

    def take(self, caller: str) -> Standing:
        """Counts a request for `caller`, if it is granted."""
        granted = self._limiter.hit(self.rate, self.name, caller)
        before, remaining, counted, _ = self._windows.get_sliding_window(
            self.rate.key_for(self.name, caller), self.seconds
        )
        left = self.rate.amount - math.floor(before * remaining / self.seconds + counted)
        more = remaining % (self.seconds / before) if before else remaining
        return Standing(granted, max(0, left), math.floor(more) + 1)

    def shown(self, standing: Standing) -> str:
        """What the header `RateLimit` says (draft-ietf-httpapi-ratelimit-headers-10)."""
        return f'"{self.name}";r={standing.left};t={standing.seconds}'
