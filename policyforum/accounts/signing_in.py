"""Signing in: the password compared outside any transaction, however many try at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from flask_babel import gettext as _

from policyforum.accounts.attempts import WINDOW, claim_attempt, give_back
from policyforum.accounts.models import Account
from policyforum.accounts.passwords import hash_password, is_right, needs_rehash
from policyforum.accounts.queries import account_by_email, normal_email
from policyforum.accounts.services import begin_session
from policyforum.audit.queries import happened_since
from policyforum.audit.record import Event, record
from policyforum.db.session import lock_row, transaction
from policyforum.web.problems import Forbidden, Invalid, TooMany

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from. `device`: the secret of a device this account has used."""

    agent: str
    address: str
    device: str | None


def sign_in(email: str, password: str, caller: Caller, now: datetime) -> tuple[Account, str]:
    """→ the account and the new session's token.

    Raises `Invalid` for a wrong address or password (which of them is not told), `TooMany`, and
    `Forbidden` when the password is right but the account or a temporary password has ended.
    """
    account, proven = check_password(email, password, caller, now)
    renewed = hash_password(password) if needs_rehash(proven) else proven
    with transaction():
        require_still(account, proven, now)
        account.password_hash = renewed
        return account, begin_session(account, caller.agent, caller.address, now)


def check_password(email: str, password: str, caller: Caller, now: datetime) -> tuple[Account, str]:
    """→ the active account with this address and password, and the hash it was compared with.

    Wrong tries count. Raises as `sign_in`. Whoever acts on it asks `require_still`.
    """
    email = normal_email(email)
    try:
        with transaction():
            attempt = claim_attempt(email, caller.address, caller.device, now)
    except TooMany:
        _note_refusal(email, now)
        raise
    account = account_by_email(email)
    compared = account.password_hash if account else None
    if not is_right(password, compared) or account is None or compared is None:
        raise _wrong()
    with transaction():
        give_back(attempt)
    _require_open(account, now)
    return account, compared


def require_still(account: Account, proven: str, now: datetime) -> None:
    """Ask again, in the transaction that acts on it: others wrote since the password was compared.

    Until that transaction ends nobody changes the account. Raises as `sign_in`.
    """
    lock_row(account)
    if account.password_hash != proven:
        raise _wrong()
    _require_open(account, now)


def _require_open(account: Account, now: datetime) -> None:
    if not account.is_active:
        raise Forbidden(_("This account is closed. Ask your administrator."))
    if account.temporary_until is not None and account.temporary_until <= now:
        raise Forbidden(
            _("The temporary password is no longer valid. Ask your administrator for a new one.")
        )


def _wrong() -> Invalid:
    log.info("sign_in_refused")
    return Invalid({"password": [_("E-mail address or password is not right.")]})


def _note_refusal(email: str, now: datetime) -> None:
    """Somebody is guessing: that belongs on record, once it is more than a slip.

    Where nobody has this address the same is asked, so that the time it takes tells nothing.
    """
    log.warning("sign_in_throttled")
    account = account_by_email(email)
    subject = f"account:{account.public_id if account else ''}"
    with transaction():
        is_noted = happened_since("sign_in.refused", subject, now - WINDOW)
        if account is not None and not is_noted:
            record(Event("sign_in.refused", "", now, subject))
