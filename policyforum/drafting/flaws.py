"""Breaches of drafting rules in a reader's words."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.text.checks import Flaw


def flaw_message(flaw: Flaw) -> str:
    """What is wrong and, where it is known, what to write instead."""
    args = dict(flaw.args)
    if flaw.code == "number_unspelled":
        return _(
            "“%(figure)s” needs its number in words: write “%(fix)s”.",
            figure=args["figure"],
            fix=flaw.fix,
        )
    if flaw.code == "number_misspelled":
        return _(
            "“%(figure)s (%(words)s)”: figure and words differ; the figure reads “%(right)s”.",
            **args,
        )
    if flaw.code in ("reference_dangling", "reference_bare", "reference_preposition"):
        return _citation_message(flaw, args)
    if flaw.code == "run_abbreviated":
        return _("Write “sampai dengan” instead of “%(words)s”.", words=args["words"])
    if flaw.code == "cites_itself":
        return _("“%(words)s” can be left out: a provision need not cite itself.", **args)
    if flaw.code in ("term_unused", "term_undefined"):
        return _term_message(flaw, args)
    return _list_message(flaw, args)


def citation_message(words: str, right: str) -> str:
    """A citation whose provision has another number now (`right`), or is gone ("")."""
    if right:
        return _(
            "“%(words)s” cites another provision since the numbers changed: it meant what is now"
            " “%(right)s”.",
            words=words,
            right=right,
        )
    return _("“%(words)s” cites a provision that was removed.", words=words)


def _citation_message(flaw: Flaw, args: dict[str, str]) -> str:
    if flaw.code == "reference_dangling":
        return _("“%(words)s” is cited, but there is no such provision.", **args)
    if flaw.code == "reference_bare":
        return _("Cite each provision by its name: “%(fix)s”.", fix=flaw.fix)
    return _("“%(words)s”: the usual word here is “%(right)s”.", **args)


def _term_message(flaw: Flaw, args: dict[str, str]) -> str:
    if flaw.code == "term_unused":
        return _("“%(term)s” is defined but not used.", **args)
    return _("“%(term)s” is used but not explained.", **args)


def _list_message(flaw: Flaw, args: dict[str, str]) -> str:
    if flaw.code == "lead_in_colon":
        return _("%(label)s leads in a list: end it with a colon.", **args)
    if flaw.code == "item_semicolon":
        return _("%(label)s is an item of a list: end it with a semicolon.", **args)
    if flaw.code == "item_full_stop":
        return _("%(label)s is the last item of a list: end it with a full stop.", **args)
    return _(
        "%(label)s comes before the last item: end it with “dan”, “atau”, or “dan/atau”.", **args
    )
