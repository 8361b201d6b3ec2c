"""What the verbs of the audit record mean, in words."""

from __future__ import annotations

from flask_babel import gettext as _


def verb_words(verb: str) -> str:
    """The words for a verb; the verb itself where there are none."""
    words = {
        "policy.created": _("Policy opened"),
        "policy.changed": _("Policy settings changed"),
        "policy.withdrawn": _("Policy withdrawn"),
        "draft.saved": _("Draft saved"),
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
        "feedback.disposed": _("Feedback item decided"),
        "feedback.linked": _("Change linked"),
        "suggestions.applied": _("Agreed wording put into the draft"),
        "recommendation.given": _("Recommendation given"),
        "decision.made": _("Decision made"),
    }
    return str(words.get(verb, verb))
