"""Reading accounts, sessions and tokens."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from policyforum.accounts.models import Account, ApiToken, LoginSession
from policyforum.db.session import db
from policyforum.web.problems import NotFound

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)


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


def live_session(token: str, now: datetime) -> LoginSession | None:
    """The session this token opens, with its account, unless it ended in one way or another."""
    return db.session.scalars(
        select(LoginSession)
        .join(LoginSession.account)
        .options(contains_eager(LoginSession.account))
        .where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.ends_at > now,
            LoginSession.seen_at > now - IDLE,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()


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


def account_of_token(secret: str) -> Account | None:
    """Whom a program with this API token acts for, unless token or account ended."""
    return db.session.scalars(
        select(Account)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(
            ApiToken.token_hash == token_hash(secret),
            ApiToken.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()


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
