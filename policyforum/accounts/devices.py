"""Known devices: after a sign-in a browser carries a signed cookie that says for whom.

It opens nothing. It only keeps the owner's own device apart when wrong passwords are counted.
"""

from __future__ import annotations

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from policyforum.accounts.models import Account
from policyforum.accounts.queries import normal_email

ONE_YEAR = 365 * 24 * 3600
LONGEST_COOKIE = 2_000


def device_of_request(email: str) -> str | None:
    """The secret of this device if the account with that address has signed in on it before."""
    cookie = request.cookies.get(_cookie_name(), "")
    try:
        known = _serializer().loads(cookie[:LONGEST_COOKIE])
    except BadSignature:
        return None
    return str(known["device"]) if known.get("email") == normal_email(email) else None


def keep_device(response: Response, account: Account, device: str | None) -> None:
    """Let the browser remember that this person has signed in on it."""
    known = {"email": account.email, "device": device or secrets.token_urlsafe(16)}
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps(known),
        max_age=ONE_YEAR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="known-device")


def _cookie_name() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"
