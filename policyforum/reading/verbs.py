"""What the verbs and facts of the audit record mean, in words."""

from __future__ import annotations

from flask_babel import gettext as _

COMMITMENT = "_commitment"
"""How facts end that are a salted hash of words, not the words."""


def verb_words(verb: str) -> str:
    """The words for a verb; the verb itself where there are none."""
    words = {
        "policy.created": _("Policy opened"),
        "policy.changed": _("Policy settings changed"),
        "policy.withdrawn": _("Policy withdrawn"),
        "revision.published": _("Revision published"),
        "round.opened": _("Round set"),
        "round.changed": _("Round changed"),
        "round.concluded": _("Round concluded"),
        "thread.opened": _("Contribution given"),
        "thread.endorsed": _("Stance taken"),
        "thread.placed": _("Contribution placed"),
        "comment.posted": _("Reply given"),
        "comment.edited": _("Words changed"),
        "comment.withdrawn": _("Words withdrawn"),
        "comment.hidden": _("Words hidden"),
        "comment.shown": _("Words shown again"),
        "feedback.gathered": _("Feedback item made"),
        "feedback.changed": _("Feedback item summarised anew"),
        "feedback.disposed": _("Feedback item decided"),
        "feedback.linked": _("Change linked"),
        "suggestions.applied": _("Agreed wording put into the draft"),
        "recommendation.given": _("Recommendation given"),
        "decision.made": _("Decision made"),
    }
    return str(words.get(verb, verb))


def fact_words(name: str) -> str:
    """The words for the name of a fact; the name itself where there are none."""
    told = name.removesuffix(COMMITMENT)
    words = {
        "audience": _("audience"),
        "body": _("words"),
        "cause": _("cause"),
        "change_note": _("change note"),
        "closes_at": _("closes"),
        "comment": _("opening comment"),
        "draft": _("draft"),
        "html": _("words as shown"),
        "kind": _("kind"),
        "language": _("language"),
        "number": _("number"),
        "opens_at": _("opens"),
        "outcome": _("outcome"),
        "page_hash": _("hash of the page"),
        "parent": _("reply to"),
        "quote": _("quoted words"),
        "reason": _("reason"),
        "response": _("answer"),
        "revision": _("revision"),
        "round": _("round"),
        "section": _("section"),
        "sections": _("sections"),
        "slug": _("address"),
        "source": _("text"),
        "source_hash": _("hash of the text"),
        "stance": _("stance"),
        "suggestion": _("proposed wording"),
        "summary": _("summary"),
        "text": _("words"),
        "thread": _("discussion"),
        "threads": _("discussions"),
        "title": _("title"),
        "unit": _("unit"),
        "visibility": _("readers"),
        "voice": _("voice"),
        "wording": _("resulting wording"),
    }
    said = str(words.get(told, told.replace("_", " ")))
    return str(_("hash of %(what)s", what=said)) if told != name else said
