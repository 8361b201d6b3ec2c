"""Help for people."""

from __future__ import annotations

from flask import render_template

from policyforum.web.access import everyone


@everyone
def help() -> str:
    """What one can do here, by role."""
    return render_template("reading/help.html")


@everyone
def shortcuts() -> str:
    """The keys."""
    return render_template("reading/shortcuts.html")
