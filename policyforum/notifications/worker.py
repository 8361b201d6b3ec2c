"""The loop that sends mail: a thread of `serve`, or a process of its own (`policyforum worker`)."""

from __future__ import annotations

from threading import Event

import structlog
from flask import Flask

from config import Config
from policyforum.notifications.delivery import deliver_mails
from policyforum.web.clock import now

BATCH = 20
PAUSE = 5.0  # seconds between looks into an empty outbox

log = structlog.get_logger()


def run(app: Flask, stop: Event) -> None:
    """Deliver mails until `stop` is set. Without a mail server they stay in the outbox."""
    config: Config = app.extensions["policyforum.config"]
    smtp_url = config.smtp_url
    if smtp_url is None:
        log.info("no_mail_server", setting="POLICYFORUM_SMTP_URL")
        stop.wait()
        return
    while not stop.is_set():
        if work_once(app, smtp_url) < BATCH:
            stop.wait(PAUSE)


def work_once(app: Flask, smtp_url: str) -> int:
    """Deliver one batch; → how many mails were tried. A failure is logged and tried again."""
    try:
        with app.app_context():
            return deliver_mails(now(), smtp_url, BATCH)
    except Exception:  # the loop has to outlive anything, above all a database that went away
        log.exception("mail_worker_failed")
        return 0
