"""The roles in words."""

from __future__ import annotations

from flask_babel import lazy_gettext

ROLE_NAMES = {
    "admin": lazy_gettext("Administrator"),
    "drafter": lazy_gettext("Drafter"),
    "staff": lazy_gettext("Staff member"),
    "representative": lazy_gettext("Representative of an association"),
    "leader": lazy_gettext("Leader"),
    "moderator": lazy_gettext("Moderator"),
    "auditor": lazy_gettext("Auditor"),
    "guest": lazy_gettext("Guest"),
}


def role_name(role: str) -> str:
    """The role as the reader's language calls it."""
    return str(ROLE_NAMES[role])
