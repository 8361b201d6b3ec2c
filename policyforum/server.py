"""The production server: worker processes with threads."""

from __future__ import annotations

import ctypes
import signal
import socket
import sys
import threading
from functools import partial
from wsgiref.types import WSGIApplication

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from config import Config
from policyforum.app import create_app
from policyforum.notifications import worker

THREADS = 4
PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
STOP_WITHIN = 20  # seconds that requests under way get when the server is stopped
PROXIES = ["127.0.0.1", "::1"]  # whose word about the caller's address is taken


def serve(config: Config, host: str, port: int, workers: int, *, with_mail: bool) -> None:
    """Serve until the process is told to stop; requests under way are answered first.

    The database must be migrated. `with_mail`: send mail from here too (see `worker`). Raises
    `RuntimeError` when the address can't be listened on.
    """
    _require_free(host, port)
    server = Granian(
        "policyforum",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(_load_in_worker, config, with_mail), wrap_loader=False)


def _load_in_worker(config: Config, with_mail: bool) -> WSGIApplication:
    """What a worker process begins with."""
    # Told to stop before it serves, it simply ends; the server's own handlers would swallow that.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    # It must not go on holding the port when the server was killed; Linux sees to that.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return load(config, with_mail)


def _require_free(host: str, port: int) -> None:
    """The server's own complaint about a taken port is a page long."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise RuntimeError(f"{host}:{port} can't be served: {error.strerror}") from None


def load(config: Config, with_mail: bool) -> WSGIApplication:
    """The WSGI application of one worker process.

    A proxy on this machine may name the caller in `X-Forwarded-For`: without that, everybody's
    wrong passwords would count for the proxy's one address.
    """
    app = create_app(config)
    if with_mail:
        # Several workers share the outbox: each mail is claimed by one of them.
        stop = threading.Event()
        threading.Thread(target=worker.run, args=(app, stop), name="mail", daemon=True).start()
    application: WSGIApplication = wrap_wsgi_with_proxy_headers(app.wsgi_app, PROXIES)
    return application
