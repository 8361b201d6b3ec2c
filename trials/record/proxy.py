"""A proxy that carries out every request and then loses some of the replies, wholly or in part."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

PIECE = 1 << 16
HALF = 0.3  # of the lost replies, what share is lost in part


class Proxy(ThreadingTCPServer):
    """`cut`: what share of the replies is lost. One request a connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str, cut: float) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        parts = urlsplit(address)
        self.behind = (parts.hostname, parts.port)
        self.cut = cut
        self.lost = 0
        self.chance = random.Random(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(self.server.behind) as behind:
            threading.Thread(target=_pour, args=(self.request, behind), daemon=True).start()
            reply = b"".join(iter(lambda: behind.recv(PIECE), b""))
            if self.server.chance.random() < self.server.cut:
                self.server.lost += 1
                reply = self._part_of(reply)
            self.request.sendall(reply)

    def _part_of(self, reply: bytes) -> bytes:
        """Nothing, or all headers and half of what follows: nobody reads half a header."""
        body = reply.find(b"\r\n\r\n") + 4
        in_part = len(reply) > body and self.server.chance.random() < HALF
        return reply[: body + (len(reply) - body) // 2] if in_part else b""


def _pour(source: socket.socket, drain: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            drain.sendall(piece)


@contextmanager
def losing(address: str, cut: float) -> Iterator[Proxy]:
    """A proxy in front of a server."""
    with Proxy(address, cut) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
