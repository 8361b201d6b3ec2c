"""F22: requests made to be too much, sent to the real server while others go on reading."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.people import make_person, make_token
from tests.servers import COMMAND, ServerProcess, children_of, served
from trials.attack import unmeasured
from trials.attack.proxy import nginx_before
from trials.attack.worlds import Forum, forum
from trials.trial import Outcome, Trial

DRAFTER = "dewi@bandung.example"
MEGABYTE = 1 << 20
PIECE = b"a" * 65_536
PATIENCE = 20.0  # seconds
MOST_GROWTH = 50  # MB
SLOW = 200  # connections that send a byte a second
SLOWER_AT_MOST = 2.0  # times
NOTICEABLE = 0.05  # seconds below which twice as long is nobody's trouble
FORM = "Content-Type: application/x-www-form-urlencoded"

Send = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """`status`: 0 where the connection was closed without one."""

    what: str
    status: int

    @property
    def is_refused(self) -> bool:
        return self.status == 0 or 400 <= self.status < 500

    def __str__(self) -> str:
        return f"{self.what}: {self.status or 'closed'}"


def requests(token: str) -> Iterator[tuple[str, Send]]:
    """Each too large in another way."""
    hundred = 100 * MEGABYTE
    yield "100 MB", _with_body(["POST /sign-in", FORM, f"Content-Length: {hundred}"], hundred)
    yield "100 MB without a length", _chunked(["POST /sign-in", FORM], hundred)
    bearer = f"Authorization: Bearer {token}"
    json = ["POST /api/v1/policies", bearer, "Content-Type: application/json"]
    yield "100 MB of JSON", _with_body([*json, f"Content-Length: {hundred}"], hundred)
    deep = b"[" * 200_000
    yield "JSON 200,000 deep", _whole([*json, f"Content-Length: {len(deep)}"], deep)
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nb\r\n' % n for n in range(10_000)
    )
    many = parts + b"--x--\r\n"
    head = ["POST /sign-in", "Content-Type: multipart/form-data; boundary=x"]
    yield "10,000 parts", _whole([*head, f"Content-Length: {len(many)}"], many)
    for what, address, count in (
        ("500,000 fields", "/sign-in", 500_000),
        ("10 million fields", "/sign-in", 10_000_000),
        ("10 million fields where texts are taken", "/policies/new", 10_000_000),
    ):
        fields = b"a&" * count
        yield what, _whole([f"POST {address}", FORM, f"Content-Length: {len(fields)}"], fields)
    yield "10,000 headers", _whole(["GET /sign-in", *(f"X-{n}: a" for n in range(10_000))], b"")
    yield "a cookie of 1 MB", _whole(["GET /sign-in", f"Cookie: session={'a' * MEGABYTE}"], b"")
    yield "an address of 1 MB", _whole([f"GET /{'a' * MEGABYTE}"], b"")
    two = ["POST /sign-in", FORM, "Content-Length: 5", "Content-Length: 50"]
    yield "two lengths", _whole(two, b"a=bcd")


def _head(lines: Sequence[str]) -> bytes:
    first, *others = lines
    written = [f"{first} HTTP/1.1", "Host: localhost", "Connection: close", *others, "", ""]
    return "\r\n".join(written).encode("latin-1")


def _whole(lines: Sequence[str], body: bytes) -> Send:
    return lambda connection: connection.sendall(_head(lines) + body)


def _with_body(lines: Sequence[str], size: int) -> Send:
    def send(connection: socket.socket) -> None:
        connection.sendall(_head(lines))
        for _piece in range(size // len(PIECE)):
            connection.sendall(PIECE)

    return send


def _chunked(lines: Sequence[str], size: int) -> Send:
    def send(connection: socket.socket) -> None:
        connection.sendall(_head([*lines, "Transfer-Encoding: chunked"]))
        for _piece in range(size // len(PIECE)):
            connection.sendall(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
        connection.sendall(b"0\r\n\r\n")

    return send


def answer_to(url: str, what: str, send: Send) -> Answered:
    """Send it whole, or until the server will have no more, and read what it says."""
    with _connected(url) as connection:
        with contextlib.suppress(OSError):
            send(connection)
        with contextlib.suppress(OSError):
            head = connection.recv(64)
            if head.startswith(b"HTTP/1.1 "):
                return Answered(what, int(head[9:12]))
    return Answered(what, 0)


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 80)
    return socket.create_connection(address, timeout=PATIENCE)


class Reader(threading.Thread):
    """Somebody who reads the list of policies, over and over, and how long each page took."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self._url = url
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self._url}/policies", timeout=PATIENCE).read()
            self.waits.append(time.monotonic() - began)
            self._over.wait(0.02)

    def stop(self) -> float:
        """The wait that 99 of 100 pages stayed below, in seconds."""
        self._over.set()
        self.join()
        return sorted(self.waits)[int(len(self.waits) * 0.99) - 1]


@contextmanager
def _slowly(url: str, count: int) -> Iterator[None]:
    """So many connections that send one byte a second: half of them headers, half a body."""
    connections = []
    for number in range(count):
        connection = _connected(url)
        length = "Content-Length: 100000"
        start = (
            b"GET /policies HTTP/1.1\r\nX-"
            if number % 2
            else _head(["POST /sign-in", FORM, length])
        )
        connection.sendall(start)
        connections.append(connection)
    over = threading.Event()

    def drip() -> None:
        while not over.wait(1):
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.sendall(b"a")

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    try:
        yield
    finally:
        over.set()
        dripping.join()
        for connection in connections:
            connection.close()


def _memory(server: ServerProcess) -> dict[int, int]:
    """The most memory each process of the server ever held, in MB."""
    found = {}
    for pid in (server.process.pid, *children_of(server.process.pid)):
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text("utf-8")
            found[pid] = int(status.split("VmHWM:")[1].split()[0]) // 1024
    return found


def _tried(place: Forum, command: Sequence[str], full: bool, *, proxy: bool) -> Outcome:
    """Large requests go to the server itself, slow ones to the proxy in front, if there is one."""
    make_person(place.app, DRAFTER, "drafter")
    token = make_token(place.app, DRAFTER)
    settings = {
        "POLICYFORUM_DATABASE_URL": place.database_url,
        "POLICYFORUM_DATA_DIR": str(place.folder),
        "POLICYFORUM_SECRET_KEY": "only-for-trials-and-known-to-everyone",
    }
    length = 20.0 if full else 4.0
    with served(settings, place.folder, workers=1, command=command) as server:
        front = nginx_before(server.url, place.folder) if proxy else nullcontext(server.url)
        with front as url:
            usual = _read_while(url, lambda: time.sleep(length))
            before = _memory(server)
            answers: list[Answered] = []
            during = _read_while(
                url,
                lambda: answers.extend(answer_to(server.url, *sent) for sent in requests(token)),
            )
            with _slowly(url, SLOW if full else SLOW // 4):
                slow = _read_while(url, lambda: time.sleep(length))
            after = _memory(server)
    growth = max(after.get(pid, 10**6) - held for pid, held in before.items())
    taken = [answer for answer in answers if not answer.is_refused]
    fine = max(during, slow) <= max(SLOWER_AT_MOST * usual, NOTICEABLE)
    return Outcome(
        f"{', '.join(map(str, answers))}; memory +{growth} MB; others' p99 {1000 * usual:.0f} ms,"
        f" beside these {1000 * during:.0f} ms, beside slow ones {1000 * slow:.0f} ms",
        not taken and growth <= MOST_GROWTH and fine,
    )


def _read_while(url: str, what: Callable[[], object]) -> float:
    reader = Reader(url)
    reader.start()
    what()
    return reader.stop()


def run(full: bool) -> Outcome:
    with forum() as place:
        return _tried(place, COMMAND, full, proxy=True)


def broken(full: bool) -> Outcome:
    with forum() as place:
        return _tried(place, unmeasured.COMMAND, False, proxy=False)


TRIAL = Trial(
    name="F22",
    what="100 MB with and without a length, deep JSON, 10,000 parts and headers, 10 million fields,"
    " a cookie and an address of 1 MB, 200 connections that send a byte a second",
    goal="4xx or closed; memory +50 MB at most; others' p99 ≤ 2×",
    run=run,
    breaks="no measure for bodies, no proxy in front",
    needs=("nginx",),
    broken=broken,
)
