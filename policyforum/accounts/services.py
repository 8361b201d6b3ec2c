"""What happens to accounts, their sessions and their tokens.

`actor_id`: public id of the account that does it, "" for the program itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import select, update

from config import LOCALES
from policyforum.accounts.attempts import network_of
from policyforum.accounts.models import Account, ApiToken, LoginSession
from policyforum.accounts.passwords import hash_password, require_good
from policyforum.accounts.queries import LONGEST, account_by_email, normal_email, token_hash
from policyforum.audit.record import Event, record
from policyforum.db.session import db
from policyforum.web.problems import Forbidden, Invalid, NotFound
from policyforum.web.texts import checked_line

LONGEST_NAME = 200
LONGEST_LABEL = 100
LONGEST_AGENT = 200
TEMPORARY = timedelta(days=7)
TOKEN_PREFIX = "pf_"  # noqa: S105  (lets a leaked token be recognised)

# Names such as `.local` are used in cities' own networks, so they are taken too.
SPECIAL_USE_DOMAIN_NAMES.clear()


@dataclass(frozen=True, slots=True)
class AccountData:
    email: str
    name: str


def create_account(
    actor_id: str,
    data: AccountData,
    password: str | None,
    now: datetime,
    *,
    temporary: bool = False,
) -> Account:
    """A new person. A temporary password must be changed at the first sign-in, within a week.

    Without a password nobody can sign in by one. Raises `Invalid` for address, name or password.
    """
    email = _free_email(data.email)
    name = checked_line("name", data.name, LONGEST_NAME)
    if password is not None:
        require_good("password", password, known=(email, name))
    account = Account(
        email=email,
        name=name,
        password_hash=None if password is None else hash_password(password),
        temporary_until=now + TEMPORARY if temporary else None,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    _record_names("account.created", account, actor_id, now)
    return account


def change_account(account: Account, actor_id: str, data: AccountData, now: datetime) -> None:
    """Another name or e-mail address; raises `Invalid` for either. The account must be locked."""
    account.name = checked_line("name", data.name, LONGEST_NAME)
    if normal_email(data.email) != account.email:
        account.email = _free_email(data.email)
    _record_names("account.changed", account, actor_id, now)


def choose_locale(account: Account, locale: str, now: datetime) -> None:
    """Remember the person's language; raises `Invalid` for one there is not."""
    if locale not in LOCALES:
        raise Invalid({"locale": [_("This language is not available.")]})
    if account.locale != locale:
        account.locale = locale
        _record("account.changed", account, account.public_id, now, locale=locale)


def disable_account(account: Account, actor_id: str, now: datetime) -> None:
    """Nobody comes in with this account any more, its programs included; what it did stays."""
    if account.disabled_at is None:
        account.disabled_at = now
        _end_sessions(account, now)
        _revoke_tokens(account, now)
        _record("account.disabled", account, actor_id, now)


def enable_account(account: Account, actor_id: str, now: datetime) -> None:
    """Let the account come in again."""
    if account.disabled_at is not None:
        account.disabled_at = None
        _record("account.changed", account, actor_id, now, disabled=False)


def change_password(
    account: Account, password: str, now: datetime, *, keep: LoginSession | None = None
) -> None:
    """The person chooses a new password; every session but `keep` ends.

    Programs go on: who made their tokens can revoke them, and the page says so. Raises `Invalid`
    for a bad one.
    """
    require_good("password", password, known=(account.email, account.name))
    account.password_hash = hash_password(password)
    account.temporary_until = None
    _end_sessions(account, now, keep)
    _record("password.changed", account, account.public_id, now)


def set_temporary_password(account: Account, actor_id: str, password: str, now: datetime) -> None:
    """An administrator lets someone in again; every session and token ends."""
    account.password_hash = hash_password(password)
    account.temporary_until = now + TEMPORARY
    _end_sessions(account, now)
    _revoke_tokens(account, now)
    _record("password.changed", account, actor_id, now, temporary=True)


def begin_session(account: Account, agent: str, address: str, now: datetime) -> str:
    """Sign the person in on a device; → the token its cookie will carry."""
    token = secrets.token_urlsafe(32)
    login = LoginSession(
        token_hash=token_hash(token),
        account_id=account.id,
        created_at=now,
        seen_at=now,
        ends_at=now + LONGEST,
        agent=agent.replace("\x00", "")[:LONGEST_AGENT],
        address=_blurred(address),
    )
    db.session.add(login)
    db.session.flush()
    _record("session.started", account, account.public_id, now, session=login.public_id)
    return token


def end_session(login: LoginSession, now: datetime) -> None:
    """Sign out on one device."""
    if login.revoked_at is None:
        login.revoked_at = now
        account = login.account
        _record("session.ended", account, account.public_id, now, session=login.public_id)


def end_session_of(account: Account, public_id: str, now: datetime) -> None:
    """Sign out on one of the person's devices; raises `NotFound` when it is not theirs."""
    login = db.session.scalars(
        select(LoginSession).where(
            LoginSession.public_id == public_id, LoginSession.account_id == account.id
        )
    ).one_or_none()
    if login is None:
        raise NotFound
    end_session(login, now)


def end_other_sessions(account: Account, keep: LoginSession, now: datetime) -> int:
    """Sign out everywhere but here; → on how many devices."""
    count = _end_sessions(account, now, keep)
    if count:
        _record("session.ended", account, account.public_id, now, count=count)
    return count


def create_token(account: Account, label: str, now: datetime) -> str:
    """A new API token, shown this once; only its hash is kept.

    A password that is still to be changed does not matter to an operator, who makes it for the
    person. Raises `Invalid` for the label, `Forbidden` when the account is closed.
    """
    _hold(account)
    return _add_token(account, label, now)


def create_token_here(login: LoginSession, label: str, now: datetime) -> str:
    """As `create_token`, for the person who is signed in on this device.

    A request may have waited since it was let in. Raises `Invalid` for the label, `Forbidden` when
    the session has ended meanwhile, the account was closed, or somebody else has set its password.
    """
    account = login.account
    _hold(account)
    db.session.refresh(login, with_for_update={"key_share": True})
    if login.revoked_at is not None or account.temporary_until is not None:
        raise Forbidden(_("You are no longer signed in here. Sign in again."))
    return _add_token(account, label, now)


def revoke_token(account: Account, public_id: str, now: datetime) -> None:
    """End one of the person's tokens; raises `NotFound` when it is not theirs."""
    token = db.session.scalars(
        select(ApiToken).where(ApiToken.public_id == public_id, ApiToken.account_id == account.id)
    ).one_or_none()
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = now
        _record("token.revoked", account, account.public_id, now, token=token.public_id)


def _free_email(typed: str) -> str:
    try:
        checked = validate_email(
            typed.strip(), check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise Invalid({"email": [_("This is not an e-mail address.")]}) from None
    email = normal_email(checked.normalized)
    if account_by_email(email) is not None:
        raise Invalid({"email": [_("Somebody already uses this address here.")]})
    return email


def _end_sessions(account: Account, now: datetime, keep: LoginSession | None = None) -> int:
    ending = update(LoginSession).where(
        LoginSession.account_id == account.id, LoginSession.revoked_at.is_(None)
    )
    if keep is not None:
        ending = ending.where(LoginSession.id != keep.id)
    return len(db.session.scalars(ending.values(revoked_at=now).returning(LoginSession.id)).all())


def _hold(account: Account) -> None:
    """Until the transaction ends nobody closes the account, or ends all its tokens."""
    db.session.refresh(account, with_for_update={"key_share": True})
    if not account.is_active:
        raise Forbidden(_("This account is closed. Ask your administrator."))


def _add_token(account: Account, label: str, now: datetime) -> str:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        token_hash=token_hash(secret),
        account_id=account.id,
        label=checked_line("label", label, LONGEST_LABEL),
        created_at=now,
    )
    db.session.add(token)
    db.session.flush()
    _record("token.created", account, account.public_id, now, token=token.public_id)
    return secret


def _revoke_tokens(account: Account, now: datetime) -> None:
    db.session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _blurred(address: str) -> str:
    """The network alone: enough to recognise one's own devices by."""
    network = network_of(address)
    if network.count(".") == 3:
        return network.rpartition(".")[0] + ".*"
    return network


def _record_names(verb: str, account: Account, actor_id: str, now: datetime) -> None:
    subject = f"account:{account.public_id}"
    texts = {"name": account.name, "email": account.email}
    record(Event(verb, actor_id, now, subject, texts=texts, row=account))


def _record(verb: str, account: Account, actor_id: str, now: datetime, **facts: object) -> None:
    record(Event(verb, actor_id, now, f"account:{account.public_id}", facts=facts, row=account))
