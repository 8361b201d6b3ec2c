"""The first page of administration."""

from __future__ import annotations

from flask import render_template

from policyforum.admin.queries import counts
from policyforum.web.access import roles


@roles("admin")
def home() -> str:
    return render_template("admin/home.html", counts=counts())
