"""The loop behind the pages: a thread of `serve`, or a process of its own (`policyforum worker`).

It sends what waits in the outbox, and puts the record under a new head when one is due.
"""

from __future__ import annotations

from threading import Event

import structlog
from flask import Flask

from config import Config
from policyforum.audit.heads import is_head_due, make_head
from policyforum.db.session import transaction
from policyforum.notifications.delivery import deliver_mails
from policyforum.web.clock import now

BATCH = 20
PAUSE = 5.0  # seconds between looks into an empty outbox

log = structlog.get_logger()


def run(app: Flask, stop: Event) -> None:
    """Work until `stop` is set. Without a mail server mails stay in the outbox."""
    config: Config = app.extensions["policyforum.config"]
    if config.smtp_url is None:
        log.info("no_mail_server", setting="POLICYFORUM_SMTP_URL")
    while not stop.is_set():
        keep_head(app)
        if config.smtp_url is None or work_once(app, config.smtp_url) < BATCH:
            stop.wait(PAUSE)


def work_once(app: Flask, smtp_url: str) -> int:
    """Deliver one batch; → how many mails were tried. A failure is logged and tried again."""
    try:
        with app.app_context():
            return deliver_mails(now(), smtp_url, BATCH)
    except Exception:  # the loop has to outlive anything, above all a database that went away
        log.exception("mail_worker_failed")
        return 0


def keep_head(app: Flask) -> None:
    """Put the record under a new head if one is due. A failure is logged and tried again."""
    try:
        with app.app_context():
            if is_head_due(now()):
                with transaction():
                    make_head(now())
    except Exception:  # as above
        log.exception("record_head_failed")
