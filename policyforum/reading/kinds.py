"""What kinds of policies are called."""

from __future__ import annotations

from flask_babel import gettext as _


def policy_kind(kind: str) -> str:
    """The name of a kind of policy as a file of it is headed."""
    names = {
        "perwal": _("Draft Mayor Regulation"),
        "perda": _("Draft Regional Regulation"),
        "kepwal": _("Draft Mayor Decree"),
        "surat-edaran": _("Circular"),
        "pedoman": _("Guideline"),
    }
    return names.get(kind, _("Policy"))
