"""The loop behind the pages: a thread of `serve`, or a process of its own (`policyforum worker`).

It sends what waits in the outbox, puts the record under a new head when one is due, and prunes.
"""

from __future__ import annotations

import time
from threading import Event

import structlog
from flask import Flask

from config import Config
from policyforum.audit.heads import is_head_due, make_head
from policyforum.db.session import transaction
from policyforum.notifications.delivery import deliver_mails
from policyforum.notifications.pruning import prune
from policyforum.web.clock import now

BATCH = 20
PAUSE = 5.0  # seconds between looks into an empty outbox
PRUNE_EVERY = 3600.0  # seconds

log = structlog.get_logger()


def run(app: Flask, stop: Event) -> None:
    """Work until `stop` is set. Without a mail server mails stay in the outbox."""
    config: Config = app.extensions["policyforum.config"]
    if config.smtp_url is None:
        log.info("no_mail_server", setting="POLICYFORUM_SMTP_URL")
    prune_at = 0.0
    while not stop.is_set():
        keep_head(app)
        if time.monotonic() >= prune_at:
            prune_at = time.monotonic() + PRUNE_EVERY
            prune_once(app)
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


def prune_once(app: Flask) -> None:
    """Delete what is due. A failure is logged, and the next time makes up for it."""
    try:
        with app.app_context():
            prune(now())
    except Exception:  # as above
        log.exception("pruning_failed")
