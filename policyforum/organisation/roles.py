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

ROLE_TASKS = {
    "admin": lazy_gettext("Looks after units, associations, people and roles."),
    "drafter": lazy_gettext("Writes and publishes policies, opens rounds, answers contributions."),
    "staff": lazy_gettext("Reads and comments on what concerns the city's employees."),
    "representative": lazy_gettext("Comments in the name of an association."),
    "leader": lazy_gettext("Approves a revision or returns it."),
    "moderator": lazy_gettext("Hides what breaks the rules, with a reason."),
    "auditor": lazy_gettext("Reads everything, including the audit record."),
    "guest": lazy_gettext("An invited expert who comments on one policy."),
}


def role_name(role: str) -> str:
    """The role as the reader's language calls it."""
    return str(ROLE_NAMES[role])
