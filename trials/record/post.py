"""A mail server for trials: it can be away, slow, or refuse, and remembers what it took."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port


class Post:
    """Takes mails while it is started. `refusal`: what it answers instead of taking one."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refusal = ""
        self.delay = 0.0
        """Seconds it takes over each mail."""
        self.on_mail: Callable[[int], None] = lambda _count: None
        """Told how many it has, before it says so to whoever sent the last one."""
        self.untold = 0
        """How many it had taken, but not yet said so, when it went away."""
        self._taking = 0
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._controller: Controller | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        content = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.received.append(content)
        self._taking += 1
        self.on_mail(len(self.received))
        if self.delay:
            await asyncio.sleep(self.delay)
        self._taking -= 1
        return "250 OK"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
            self.untold += self._taking
            self._taking = 0
