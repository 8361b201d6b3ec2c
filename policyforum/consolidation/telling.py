"""What drawing up the draft came to, in words with links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from policyforum.consolidation.drawing_up import DrawnUp
from policyforum.consolidation.items import items_numbered, path_of
from policyforum.policies.models import Policy

Told = tuple[Markup | str, str]
"""A message and its category."""


def told_of(policy: Policy, drawn: DrawnUp) -> Iterator[Told]:
    """Say what went into the draft, what did not, and where to look."""
    taken, left = len(drawn.taken_in), len(drawn.left_out)
    if taken:
        words = ngettext(
            "The wording of %(num)d item is in the draft now.",
            "The wordings of %(num)d items are in the draft now.",
            taken,
        )
        yield _linked("{} {}", words, _link(_draft_url(policy), _("Open the draft"))), "success"
    if left:
        words = ngettext(
            "Item %(numbers)s was left out: it contradicts another wording, or the draft was "
            "changed there. Put it in by hand.",
            "Items %(numbers)s were left out: they contradict one another, or the draft was "
            "changed there. Put them in by hand.",
            left,
            numbers="{}",
        )
        yield _linked(words, _items(policy, drawn.left_out)), "error"
    if not taken and not left:
        yield _("No agreed wording is waiting: the draft stays as it is."), "info"


def _items(policy: Policy, numbers: Sequence[int]) -> Markup:
    return Markup(", ").join(
        _link(path_of(item), str(item.number)) for item in items_numbered(policy, numbers)
    )


def _draft_url(policy: Policy) -> str:
    return url_for("drafting.edit", slug=policy.slug)


def _link(url: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, words)


def _linked(words: str, *parts: Markup | str) -> Markup:
    """The words with markup in place of their `{}`."""
    return escape(words).format(*parts)
