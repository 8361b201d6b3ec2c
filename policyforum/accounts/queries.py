"""Reading accounts, sessions and tokens."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, literal, or_, select

from policyforum.accounts.models import Account, ApiToken, LoginSession
from policyforum.db.asking import Question
from policyforum.db.session import db
from policyforum.web.problems import NotFound

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)


class Holder(NamedTuple):
    """Whom a request comes from: an account, in brief, and the session it came through, if any."""

    id: int
    public_id: str
    name: str
    locale: str | None
    temporary_until: datetime | None
    login_id: int | None
    seen_at: datetime | None


def account_by_email(email: str) -> Account | None:
    """The account people sign in to with this address, however it is written."""
    return db.session.scalars(
        select(Account).where(Account.email == normal_email(email))
    ).one_or_none()


def account_by_id(public_id: str) -> Account:
    """The account with this public id; raises `NotFound`."""
    account = db.session.scalars(
        select(Account).where(Account.public_id == public_id)
    ).one_or_none()
    if account is None:
        raise NotFound
    return account


def holder_of_session(token: str, now: datetime) -> Holder | None:
    """Whom the session this token opens belongs to, unless it ended in one way or another."""
    given = {"token_hash": token_hash(token), "now": now, "idle_since": now - IDLE}
    row = _BY_SESSION.row(given)
    return Holder(*row) if row else None


def holder_of_token(secret: str) -> Holder | None:
    """Whom a program with this API token acts for, unless token or account ended.

    A password that is still to be changed does not matter: whoever sets one ends all tokens, so a
    token there is one that the operator made after it.
    """
    given = {"token_hash": token_hash(secret)}
    row = _BY_TOKEN.row(given)
    return Holder(*row) if row else None


def session_by_id(login_id: int) -> LoginSession:
    """The session with this row id."""
    return db.session.get_one(LoginSession, login_id)


def expired_session(token: str, now: datetime) -> int | None:
    """The id of the session this token opened until its time ran out, unless that is on record."""
    return db.session.scalars(
        select(LoginSession.id).where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.revoked_at.is_(None),
            or_(LoginSession.ends_at <= now, LoginSession.seen_at <= now - IDLE),
        )
    ).one_or_none()


def live_sessions(account: Account, now: datetime) -> list[LoginSession]:
    """Where the person is signed in, the latest used first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.account_id == account.id,
                LoginSession.revoked_at.is_(None),
                LoginSession.ends_at > now,
                LoginSession.seen_at > now - IDLE,
            )
            .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        )
    )


def tokens_of(account: Account) -> list[ApiToken]:
    """The person's API tokens that are in force, newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.id.desc())
        )
    )


def normal_email(email: str) -> str:
    return email.strip().lower()


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# Asked at every request, so they are put together once and skip the identity map.
_ACCOUNT = Account.__table__.c
_LOGIN = LoginSession.__table__.c
_TOKEN = ApiToken.__table__.c
_BRIEF = (
    _ACCOUNT.id,
    _ACCOUNT.public_id,
    _ACCOUNT.name,
    _ACCOUNT.locale,
    _ACCOUNT.temporary_until,
)
_BY_SESSION = Question(
    select(*_BRIEF, _LOGIN.id, _LOGIN.seen_at)
    .join_from(LoginSession.__table__, Account.__table__)
    .where(
        _LOGIN.token_hash == bindparam("token_hash"),
        _LOGIN.revoked_at.is_(None),
        _LOGIN.ends_at > bindparam("now"),
        _LOGIN.seen_at > bindparam("idle_since"),
        _ACCOUNT.disabled_at.is_(None),
    )
)
_BY_TOKEN = Question(
    select(*_BRIEF, literal(None), literal(None))
    .join_from(ApiToken.__table__, Account.__table__)
    .where(
        _TOKEN.token_hash == bindparam("token_hash"),
        _TOKEN.revoked_at.is_(None),
        _ACCOUNT.disabled_at.is_(None),
    )
)
