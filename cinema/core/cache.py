"""A bounded cache that needs no lock."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keeps about `size` to `2 * size` values, the recently used ones.

    Two generations: when the young one is full it becomes the old one, and what is used again in the old one
    moves back. Single dictionary operations are atomic, so threads at worst compute a value twice.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        """How many values are kept; what is in both generations counts twice."""
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        """The value kept under `key`, or None."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Keeps `value` under `key`."""
        young = self._young
        if len(young) >= self._size:
            self._old = young
            self._young = young = {}
        young[key] = value

    def discard(self, key: K) -> None:
        """Forgets `key`."""
        self._young.pop(key, None)
        self._old.pop(key, None)
