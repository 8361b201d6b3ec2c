"""Which account a request comes from: a signed-in browser, or a program with an API token.

Pages know only the session cookie, the API only tokens: so a page elsewhere can't make a browser
call the API with somebody's cookie.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Authorization, WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from policyforum.accounts.agents import device_name
from policyforum.accounts.models import Account, LoginSession
from policyforum.accounts.queries import (
    LONGEST,
    Holder,
    account_by_id,
    expired_session,
    holder_of_session,
    holder_of_token,
    session_by_id,
)
from policyforum.db.session import db, transaction
from policyforum.web.access import is_for_programs
from policyforum.web.clock import now
from policyforum.web.languages import KEY as LOCALE_KEY

SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is kept when a session was last used: every page view need not write."""

LOGIN_KEY = "_user_id"
"""Under which Flask-Login keeps the token of a browser's session."""

WHILE_TEMPORARY = ("accounts.password", "accounts.sign_out", "accounts.language")


class SignedIn(UserMixin):  # type: ignore[misc]
    """Whom Flask-Login knows: an account, on one device or through a token."""

    def __init__(self, holder: Holder, token: str) -> None:
        self.holder = holder
        self._token = token

    def get_id(self) -> str:
        return self._token


def register(app: Flask) -> None:
    """Know people by the tables of this package; before anything that asks who is there."""
    manager = LoginManager()
    manager.session_protection = None  # its own check signs people out when a network changes
    manager.user_loader(_by_session)
    manager.request_loader(_by_token)
    manager.init_app(app, add_context_processor=False)
    app.config["PERMANENT_SESSION_LIFETIME"] = LONGEST
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.jinja_env.filters["device_name"] = device_name
    app.before_request(_change_temporary_password)


def holder_of_request() -> Holder | None:
    """Whom the current request comes from, in brief; None for visitors."""
    return current_user.holder if current_user.is_authenticated else None


def settled_holder(token: str) -> Holder | None:
    """Whose session this token opens, where there is nothing to see to first.

    None when it has ended, its use must be noted, or the person has a password to change.
    """
    holder = holder_of_session(token, now())
    if holder is None or holder.temporary_until is not None or _is_due(holder):
        return None
    return holder


def holder_of_bearer(credentials: Authorization | None) -> Holder | None:
    """Whom a program with these credentials acts for; None if nobody."""
    token = credentials.token if credentials and credentials.type == "bearer" else None
    return holder_of_token(token) if token else None


def account_of_request() -> Account | None:
    """The signed-in account of the current request, if any. Asks the database."""
    holder = holder_of_request()
    return account_by_id(holder.public_id) if holder else None


def session_of_request() -> LoginSession | None:
    """The session of the current request; None for a program with a token. Asks the database."""
    holder = holder_of_request()
    return session_by_id(holder.login_id) if holder and holder.login_id else None


def remember(account: Account, token: str) -> None:
    """Make the browser carry the new session; of the visitor before only the language is kept."""
    locale = session.get(LOCALE_KEY)
    session.clear()
    if locale and account.locale is None:
        session[LOCALE_KEY] = locale
    session.permanent = True
    g.pop("csrf_token", None)
    generate_csrf()  # so that the cookie need not change with the first page
    login_user(SignedIn(_brief(account), token))


def forget() -> None:
    """Make the browser carry no session any more."""
    locale = session.get(LOCALE_KEY)
    logout_user()
    session.clear()
    if locale:
        session[LOCALE_KEY] = locale


def _brief(account: Account) -> Holder:
    return Holder(
        account.id,
        account.public_id,
        account.name,
        account.locale,
        account.temporary_until,
        None,
        None,
    )


def _by_session(token: str) -> SignedIn | None:
    if is_for_programs():
        return None
    holder = holder_of_session(token, now())
    if holder is None:
        _end_if_expired(token)
        return None
    if holder.login_id and _is_due(holder):
        _note_seen(holder.login_id)
        holder = holder_of_session(token, now())
    return SignedIn(holder, token) if holder else None


def _is_due(holder: Holder) -> bool:
    return holder.seen_at is not None and now() - holder.seen_at > SEEN_EVERY


def _by_token(asked: Any) -> SignedIn | None:
    if not is_for_programs() or "Authorization" not in asked.headers:
        return None
    holder = holder_of_bearer(asked.authorization)
    if holder is None:
        challenge = WWWAuthenticate("bearer", {"error": "invalid_token"})
        raise Unauthorized(www_authenticate=challenge)
    return SignedIn(holder, "")


def _note_seen(login_id: int) -> None:
    # Who only reads goes on when nothing can be written, and does not wait for those who write.
    with suppress(OperationalError), transaction(waits=False):
        db.session.execute(
            update(LoginSession).where(LoginSession.id == login_id).values(seen_at=now())
        )


def _end_if_expired(token: str) -> None:
    """Over is over: a clock that is set back later does not bring it to life again."""
    expired = expired_session(token, now())
    if expired is not None:
        with suppress(OperationalError), transaction(waits=False):
            db.session.execute(
                update(LoginSession).where(LoginSession.id == expired).values(revoked_at=now())
            )


def _change_temporary_password() -> Response | None:
    """A password that somebody else has set opens one page: the one to change it."""
    if request.endpoint in (None, "static", *WHILE_TEMPORARY) or is_for_programs():
        return None
    holder = holder_of_request()
    if holder is None or holder.temporary_until is None:
        return None
    return redirect(url_for("accounts.password"))
