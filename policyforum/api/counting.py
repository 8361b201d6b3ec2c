"""Where one process counts the calls of each caller."""

from __future__ import annotations

import time
from threading import Lock

from limits.storage import Storage

SWEEP_EVERY = 60.0  # seconds


class CountsInMemory(Storage):
    """Counts that end after a while.

    The library's own `memory://` looks through every count in a thread that it starts anew with
    nearly every call; here what has ended is dropped once a minute.
    """

    STORAGE_SCHEME = ["counts"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions)
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept = time.time()
        self._lock = Lock()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more; a count begins anew `expiry` seconds after it began. → the count."""
        now = time.time()
        with self._lock:
            if abs(now - self._swept) > SWEEP_EVERY:
                self._counts = {k: c for k, c in self._counts.items() if c[1] > now}
                self._swept = now
            count, ends_at = self._counts.get(key, (0, 0.0))
            if ends_at <= now:
                count, ends_at = 0, now + expiry
            self._counts[key] = count + amount, ends_at
        return count + amount

    def get(self, key: str) -> int:
        """The count, 0 when it has ended."""
        count, ends_at = self._counts.get(key, (0, 0.0))
        return count if ends_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the count ends."""
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Whether counting works."""
        return True

    def reset(self) -> int:
        """Forget every count; → how many there were."""
        forgotten, self._counts = len(self._counts), {}
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.pop(key, None)
