"""People who send comments through the API at the same time, and what became of each comment."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from trials.storage.site import Site

PATIENCE = 120.0  # seconds in which something must have gone on
PAUSE = 0.05  # seconds
LOST_REPLY = 0  # the status of an answer that did not come
CREATED = 201


@dataclass
class Crowd:
    """`clients` people in turn send "Komentar n", n = 0, 1, …, each under a key of its own.

    insistent: they send it until it is acknowledged, every fourth once more, as if that reply had
    been lost; else they send it once. most: the last n is most - 1.
    acknowledged: {text: id of the comment}; refused: {text: status}; refusals: how often each
    status was the answer; waits: seconds for every acknowledgement.
    """

    site: Site
    clients: int
    insistent: bool
    most: int | None = None
    pause: float = PAUSE
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    refusals: Counter[int] = field(default_factory=Counter)
    without_advice: int = 0
    waits: list[float] = field(default_factory=list)
    last: float = 0.0
    """When the last acknowledgement came, by `time.monotonic()`."""

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._news = threading.Condition()
        self._address = ""
        self._over = threading.Event()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """They write until the block ends (or they are through); what is under way is finished.

        When the block breaks off, they go away at once.
        """
        people = [
            threading.Thread(target=self._write, args=(number,), daemon=True)
            for number in range(self.clients)
        ]
        for person in people:
            person.start()
        try:
            yield
        except BaseException:
            self.go_to("")
            raise
        finally:
            self._over.set()
            with self._news:
                self._news.notify_all()
            for person in people:
                person.join(PATIENCE)

    def go_to(self, address: str) -> None:
        """The server is up at this address; "": it is down."""
        with self._news:
            self._address = address
            self._news.notify_all()

    def wait_for(self, count: int, patience: float = PATIENCE) -> bool:
        """Wait until that many are acknowledged; → whether they were in time."""
        with self._news:
            return self._news.wait_for(lambda: len(self.acknowledged) >= count, patience)

    def wait_for_more(self, count: int = 1, patience: float = PATIENCE) -> float:
        """Wait for that many further acknowledgements; → seconds it took, infinite if too long."""
        began = time.monotonic()
        came = self.wait_for(len(self.acknowledged) + count, patience)
        return time.monotonic() - began if came else float("inf")

    def wait_for_refusals(self, times: int, patience: float) -> None:
        """Wait until that many more were sent away, or for so many seconds if they are not."""
        with self._news:
            wanted = self.refusals.total() + times
            self._news.wait_for(lambda: self.refusals.total() >= wanted, patience)

    def wait_for_all(self) -> None:
        """Wait until all of `most` were answered."""
        with self._news:
            self._news.wait_for(
                lambda: len(self.acknowledged) + len(self.refused) >= (self.most or 0), PATIENCE * 5
            )

    def _write(self, person: int) -> None:
        client = _Client(self.site.tokens[person % len(self.site.tokens)])
        for number in self._numbers:
            if self._over.is_set() or (self.most is not None and number >= self.most):
                return
            self._settle(client, number)

    def _settle(self, client: _Client, number: int) -> None:
        """Send a comment, once or until it is acknowledged."""
        status, answer = self._send(client, number)
        while status != CREATED and self.insistent and not self._gave_up():
            status, answer = self._send(client, number)
        if status == CREATED and self.insistent and number % 4 == 0:
            again, same = self._send(client, number)
            answer = same if again == CREATED else answer
        with self._news:
            text = text_of(number)
            if status == CREATED:
                self.acknowledged[text] = answer
                self.last = time.monotonic()
            elif not self.insistent:
                self.refused[text] = status
            self._news.notify_all()

    def _gave_up(self) -> bool:
        """Nobody comes back to a server that stays down when all is over."""
        with self._news:
            return self._over.is_set() and not self._address

    def _send(self, client: _Client, number: int) -> tuple[int, str]:
        with self._news:
            if not self._news.wait_for(lambda: self._address or self._over.is_set(), PATIENCE):
                raise TimeoutError("the server did not come back")
            address = self._address
        path = self.site.paths[number % len(self.site.paths)]
        began = time.monotonic()
        status, answer, has_advice = client.post(address, path, number)
        with self._news:
            if status == CREATED:
                self.waits.append(time.monotonic() - began)
            else:
                self.refusals[status] += 1
                self.without_advice += status != LOST_REPLY and not has_advice
                self._news.notify_all()
        if status not in (CREATED, LOST_REPLY):
            time.sleep(self.pause)
        return status, answer


def text_of(number: int) -> str:
    """What the comment with this number says."""
    return f"Komentar {number}"


class _Client:
    """A connection that is kept, as programs keep theirs."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._address = ""
        self._connection: http.client.HTTPConnection | None = None

    def post(self, address: str, path: str, number: int) -> tuple[int, str, bool]:
        """→ status, id of the comment, whether a refusal says when to try again (Retry-After)."""
        body = {"body": text_of(number), "section": None, "parent": None}
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"comment-{number}",
        }
        try:
            connection = self._connected(address)
            connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            told = json.loads(content) if answer.status == CREATED else {}
        except (OSError, ValueError, http.client.HTTPException):
            self._connection = None  # killed while it was asked or while it answered
            time.sleep(PAUSE)
            return LOST_REPLY, "", False
        shown = told.get("comments", [told])[0].get("id", "")
        return answer.status, str(shown), answer.getheader("Retry-After") is not None

    def _connected(self, address: str) -> http.client.HTTPConnection:
        if self._connection is None or self._address != address:
            parts = urlsplit(address)
            self._address = address
            self._connection = http.client.HTTPConnection(
                str(parts.hostname), parts.port, timeout=30
            )
        return self._connection


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies, in the unit of the values; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
