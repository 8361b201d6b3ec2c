"""A load client as lean as Python allows: ready-made bytes out, lengths counted in, nothing parsed.

It runs in the benchmark's own process, which does nothing else meanwhile. Its processor time is
told with every burst, so that a table can say how fast a server the client could have measured.
"""

from __future__ import annotations

import gc
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

BUFFER = 1 << 18  # bytes
LAST_CHUNK = b"0\r\n\r\n"
WAITING_LIMIT = 60.0  # seconds without any answer

MakeRequest = Callable[[], bytes]


@dataclass(slots=True)
class Burst:
    """What happened in one burst. Times in seconds; `latencies` one for each answer."""

    answers: int = 0
    received: int = 0
    seconds: float = 0.0
    client_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class UnexpectedAnswer(Exception):  # noqa: N818  (what came, not a failure of the program)
    """The server answered something else than what is measured."""


def get(path: str, *headers: str) -> bytes:
    """The bytes of a GET request, as a browser that takes no compression would send them."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(path: str, body: bytes, kind: str, *headers: str) -> bytes:
    """The bytes of a POST request with a body of that content type."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}"]
    lines += [f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def burst(
    port: int, requests: Sequence[MakeRequest], seconds: float, status: int, fewest: int = 1
) -> Burst:
    """Ask for `seconds`, and until `fewest` answers came; one connection for each of `requests`.

    A connection asks again as soon as it was answered, and is kept open where the server offers
    it. Raises `UnexpectedAnswer` for any other `status`.
    """
    told = Burst()
    poll = select.epoll()
    buffer = memoryview(bytearray(BUFFER))
    gc.disable()
    busy, begun = time.process_time(), time.perf_counter()
    open_ones = {c.fileno(): c for c in (_Connection(port, each, poll) for each in requests)}
    try:
        while open_ones:
            ready = poll.poll(WAITING_LIMIT)
            if not ready:
                raise UnexpectedAnswer(f"no answer within {WAITING_LIMIT:.0f} s")
            for number, _event in ready:
                connection = open_ones[number]
                if not connection.receive(buffer, told, status):
                    continue
                del open_ones[number]
                if time.perf_counter() - begun < seconds or told.answers < fewest:
                    connection.ask()
                    open_ones[connection.fileno()] = connection
        told.seconds = time.perf_counter() - begun
        told.client_seconds = time.process_time() - busy
    finally:
        gc.enable()
        for connection in open_ones.values():
            connection.close()
        poll.close()
    return told


class _Connection:
    """One connection: sends a request, counts the bytes of its answer."""

    def __init__(self, port: int, make_request: MakeRequest, poll: select.epoll) -> None:
        self._port, self._make_request, self._poll = port, make_request, poll
        self._socket: socket.socket | None = None
        self.ask()

    def fileno(self) -> int:
        return self._socket.fileno() if self._socket else -1

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self) -> None:
        request = self._make_request()
        self._asked = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll.register(self._socket, select.EPOLLIN)
        self._socket.sendall(request)
        self._came = 0
        self._whole: int | None = None  # bytes, once the head told
        self._chunked = False
        self._end = b""
        self._stays_open = True

    def receive(self, buffer: memoryview, told: Burst, status: int) -> bool:
        """Take what came; whether the answer is complete. A connection that ends is closed."""
        assert self._socket is not None
        count = self._socket.recv_into(buffer)
        if self._came == 0:
            if not count:
                raise UnexpectedAnswer("the connection was closed without an answer")
            self._read_head(bytes(buffer[: min(count, 4096)]), status)
        self._came += count
        is_complete = count == 0 or self._came == self._whole
        if self._chunked:
            came = bytes(buffer[max(count - len(LAST_CHUNK), 0) : count])
            self._end = (self._end + came)[-len(LAST_CHUNK) :]
            is_complete = self._end == LAST_CHUNK
        if is_complete:
            told.latencies.append(time.perf_counter() - self._asked)
            told.answers += 1
            told.received += self._came
            if not self._stays_open or count == 0:
                self.close()
        return is_complete

    def _read_head(self, start: bytes, status: int) -> None:
        head, _blank, _body = start.partition(b"\r\n\r\n")
        if head[9:12] != str(status).encode():
            raise UnexpectedAnswer(start.decode("utf-8", "replace"))
        head = head.lower()
        self._stays_open = b"\r\nconnection: close" not in head
        self._chunked = b"\r\ntransfer-encoding: chunked" in head
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            length = head[at + 17 :].split(b"\r\n", 1)[0]
            self._whole = len(head) + 4 + int(length)
        elif status == 304:
            self._whole = len(head) + 4
