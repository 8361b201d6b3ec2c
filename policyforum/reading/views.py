"""Composed pages."""

from __future__ import annotations

from flask import render_template

from policyforum.web.access import everyone


@everyone
def home() -> str:
    return render_template("reading/home.html")
