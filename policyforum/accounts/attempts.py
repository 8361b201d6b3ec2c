"""Wrong passwords are slowed down: ten for an account, a hundred for an address, in a quarter hour.

A device that its owner has used before carries a signed cookie and is counted by itself: so nobody
can lock an owner out by guessing from elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from policyforum.accounts.models import SignInAttempt
from policyforum.db.session import db
from policyforum.web.problems import TooMany

WINDOW = timedelta(minutes=15)
FOR_ACCOUNT = 10
FOR_ADDRESS = 100


def claim_attempt(email: str, address: str, device: str | None, now: datetime) -> int:
    """Take one of the tries that are left; → its id, to be given back when the password is right.

    Claimed before the password is compared, so that tries made at once are counted too. `device`:
    the secret of a device known to that account. Raises `TooMany` when none is left.
    """
    who = _digest(f"device:{device}" if device else f"account:{email}")
    where = _digest(f"device:{device}" if device else f"address:{network_of(address)}")
    _one_at_a_time()
    since = now - WINDOW
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= since))
    _require_left(SignInAttempt.email_hash, who, FOR_ACCOUNT, now)
    _require_left(SignInAttempt.address, where, FOR_ADDRESS, now)
    attempt = SignInAttempt(email_hash=who, address=where, at=now)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def give_back(attempt_id: int) -> None:
    """The password was right: this try does not count."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that one IPv6 line has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _require_left(
    column: InstrumentedAttribute[str], value: str, limit: int, now: datetime
) -> None:
    count, oldest = db.session.execute(
        select(func.count(), func.min(SignInAttempt.at)).where(
            column == value, SignInAttempt.at > now - WINDOW
        )
    ).one()
    if count >= limit:
        seconds = max(1, math.ceil((oldest + WINDOW - now).total_seconds()))
        minutes = math.ceil(seconds / 60)
        raise TooMany(
            _("Too many wrong passwords. Try again in %(minutes)s minutes.", minutes=minutes),
            retry_after=seconds,
        )


def _one_at_a_time() -> None:
    # SQLite has one writer anyway; on PostgreSQL two tries at once would not see each other.
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(7310114)"))


def _digest(value: str) -> str:
    """Keyed, so that the table does not tell who tried from where."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
