"""The production server: worker processes with threads."""

from __future__ import annotations

import ctypes
import signal
import socket
import sys
import threading
from functools import partial
from multiprocessing.sharedctypes import RawValue
from typing import Any
from wsgiref.types import WSGIApplication

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from config import Config
from policyforum.app import create_app
from policyforum.notifications import worker

THREADS = 4
PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
STOP_WITHIN = 20  # seconds that requests under way get when the server is stopped
TRIES = 3  # rounds of workers that end before they serve, until the server gives up
PROXIES = ["127.0.0.1", "::1"]  # whose word about the caller's address is taken


def serve(config: Config, host: str, port: int, workers: int, *, with_mail: bool) -> None:
    """Serve until the process is told to stop; requests under way are answered first.

    The database must be migrated. `with_mail`: send mail from here too (see `worker`). Raises
    `RuntimeError` when the address can't be listened on.
    """
    _require_free(host, port)
    server = _Server(
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
    load_in_worker = partial(_load_in_worker, config, with_mail, server.has_loaded)
    server.serve(target_loader=load_in_worker, wrap_loader=False)


class _Server(MPServer):
    """Replaces workers that die, however soon after each other, as long as some come to serve.

    The library ends the whole server when one is lost less than six seconds after another was.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        # Without a lock: a worker killed while it held one would stop the server for good.
        self.has_loaded = RawValue(ctypes.c_bool, False)
        self._in_vain = 0

    def _respawn_workers(self, *arguments: Any, **more: Any) -> None:
        self._in_vain = 0 if self.has_loaded.value else self._in_vain + 1
        self.has_loaded.value = False
        super()._respawn_workers(*arguments, **more)
        if self._in_vain < TRIES:
            self.respawned_wrks.clear()  # by these it knows when others were lost


def _load_in_worker(config: Config, with_mail: bool, has_loaded: ctypes.c_bool) -> WSGIApplication:
    """What a worker process begins with."""
    # Told to stop before it serves, it simply ends; the server's own handlers would swallow that.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    # It must not go on holding the port when the server was killed; Linux sees to that.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    application = load(config, with_mail)
    has_loaded.value = True
    return application


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
