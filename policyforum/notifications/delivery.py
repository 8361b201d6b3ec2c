"""Sending what waits in the outbox.

A mail is claimed for a while, sent, and marked. Whoever dies in between leaves a claim that runs
out; the next attempt carries the same Message-ID, so that a double can be told. A mail server that
does not answer costs nothing but time: the wait doubles with every attempt.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import joinedload

from policyforum.accounts.models import Account
from policyforum.db.session import db, transaction
from policyforum.notifications.models import OutboxMail
from policyforum.notifications.queries import may_be_told
from policyforum.notifications.services import mail_host, one_line
from policyforum.policies.models import Policy

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
TIMEOUT = 10.0  # seconds a server may take for one step
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail to be sent; `message` None: it can't be, for the reason in `problem`."""

    id: int
    address: str
    message: EmailMessage | None
    problem: str = ""


def deliver_mails(now: datetime, smtp_url: str, limit: int = 20) -> int:
    """Claim up to `limit` mails that are due and send them; → how many were claimed.

    Opens transactions of its own: one to claim, one for each mail to mark it.
    """
    due = db.session.scalars(select(OutboxMail.id).where(_due(now)).limit(1)).first()
    db.session.rollback()
    if due is None:
        return 0
    with transaction():
        claimed = _claim(now, limit)
    letters = _letters(claimed, now, smtp_url)
    # Whoever goes on after the claim ran out sends what another one is sending already.
    until = time.monotonic() + LEASE.total_seconds() / 2
    try:
        with _connection(smtp_url) as server:
            while letters and time.monotonic() < until:
                _deliver(server, letters[0], now)
                del letters[0]
        _give_back([letter.id for letter in letters])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_failed", error=_reason(error), waiting=len(letters))
        _put_off([letter.id for letter in letters], _reason(error), now)
    return len(claimed)


def mails_waiting() -> int:
    """How many mails are neither sent nor given up."""
    waiting = select(func.count()).select_from(OutboxMail).where(OutboxMail.done_at.is_(None))
    return int(db.session.execute(waiting).scalar_one())


def _deliver(server: smtplib.SMTP, letter: _Letter, now: datetime) -> None:
    """Send one and mark it. A refusal of this mail alone is kept with it; others go on."""
    if letter.message is None:
        _mark_done(letter.id, letter.problem, now)
        return
    try:
        server.send_message(letter.message, to_addrs=[letter.address])
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        if _is_final(error):
            _mark_done(letter.id, _reason(error), now)
        else:
            _put_off([letter.id], _reason(error), now)
        return
    _mark_done(letter.id, "", now)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxMail.done_at.is_(None),
        OutboxMail.not_before <= now,
        or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until < now),
    )


def _claim(now: datetime, limit: int) -> list[int]:
    ids = db.session.scalars(
        select(OutboxMail.id)
        .where(_due(now))
        .order_by(OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.id.in_(ids))
        .values(claimed_until=now + LEASE, attempts=OutboxMail.attempts + 1)
    )
    return list(ids)


def _letters(ids: Sequence[int], now: datetime, smtp_url: str) -> list[_Letter]:
    rows = db.session.execute(
        select(OutboxMail, Account)
        .join(Account, Account.id == OutboxMail.account_id)
        .where(OutboxMail.id.in_(ids))
        .order_by(OutboxMail.id)
        .options(joinedload(OutboxMail.policy).joinedload(Policy.unit))
    ).all()
    letters = [_letter(mail, account, now, smtp_url) for mail, account in rows]
    db.session.rollback()  # nothing is held while the mail server takes its time
    return letters


def _letter(mail: OutboxMail, account: Account, now: datetime, smtp_url: str) -> _Letter:
    if not account.is_active:
        return _Letter(mail.id, account.email, None, "account disabled")
    if mail.policy is not None and not may_be_told(account, mail.policy, now):
        return _Letter(mail.id, account.email, None, "may no longer see the policy")
    try:
        return _Letter(mail.id, account.email, _message(mail, account, now, smtp_url))
    except ValueError as error:  # an address that no header takes
        return _Letter(mail.id, account.email, None, _reason(error))


def _message(mail: OutboxMail, account: Account, now: datetime, smtp_url: str) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(now)
    message["From"] = Address("policyforum", addr_spec=_sender(smtp_url))
    message["To"] = Address(one_line(account.name), addr_spec=account.email)
    message["Subject"] = one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _sender(smtp_url: str) -> str:
    """The user of the mail server when that is an address, else ours at this site."""
    user = unquote(urlsplit(smtp_url).username or "")
    if "@" in user:
        return user
    return f"policyforum@{mail_host(current_app.extensions['policyforum.config'].base_url)}"


def _connection(smtp_url: str) -> smtplib.SMTP:
    url = urlsplit(smtp_url)
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    if url.scheme == "smtps":
        secure = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if url.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _give_back(mail_ids: Sequence[int]) -> None:
    """What a slow server left no time for is claimed anew."""
    if mail_ids:
        _change(mail_ids, {"claimed_until": None})


def _mark_done(mail_id: int, error: str, now: datetime) -> None:
    _change([mail_id], {"done_at": now, "claimed_until": None, "error": error})


def _put_off(mail_ids: Sequence[int], error: str, now: datetime) -> None:
    """In one transaction: people who write wait for as little as can be while mails fail."""
    mails = select(OutboxMail.id, OutboxMail.attempts).where(OutboxMail.id.in_(mail_ids))
    with transaction():
        for mail_id, attempts in db.session.execute(mails).all():
            due = {"not_before": now + _wait_after(attempts)}
            change = update(OutboxMail).where(OutboxMail.id == mail_id)
            db.session.execute(change.values(due | {"claimed_until": None, "error": error}))


def _wait_after(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _change(mail_ids: Sequence[int], values: dict[str, Any]) -> None:
    with transaction():
        db.session.execute(update(OutboxMail).where(OutboxMail.id.in_(mail_ids)).values(values))


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the server will never take this mail (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
