"""What every contribution has to pass, and the words it is refused with."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.commenting.brief import AnyThread
from policyforum.commenting.models import Comment
from policyforum.commenting.passages import words_now
from policyforum.commenting.permissions import (
    is_decided,
    is_own,
    may_edit,
    may_ever_comment,
    may_reply,
)
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy, AnyRound
from policyforum.policies.gates import require_under_way
from policyforum.policies.models import Section
from policyforum.policies.permissions import may_comment
from policyforum.web.formats import moment
from policyforum.web.problems import Closed, Forbidden, Problem, Stale
from policyforum.web.texts import checked_text

LONGEST_COMMENT = 10_000


def checked_body(body: str) -> str:
    """The words as they were written; raises `Invalid` when there are none, or too many."""
    checked_text("body", body, LONGEST_COMMENT)
    return body  # Markdown counts blanks


def require_open(
    policy: AnyPolicy, revision_id: int, actor: Actor, section_key: str | None, now: datetime
) -> None:
    """Raise unless the actor may contribute to this revision now.

    `Forbidden` for whom it is not meant, `Stale` with `current` when a newer revision is out,
    `Closed` when the policy is withdrawn or no round is open.
    """
    if not may_ever_comment(actor, policy):
        raise Forbidden(_("Your role reads along, but takes no part in consultations."))
    if revision_id != policy.current_revision_id:
        raise _overtaken(policy, section_key)
    require_under_way(policy)
    if not may_comment(actor, policy, policy.current_round, now):
        raise _shut(policy.current_round, now)


def require_reply(policy: AnyPolicy, thread: AnyThread, actor: Actor, now: datetime) -> None:
    """Raise unless the actor may speak in this thread now.

    `Forbidden` for whom it is not meant, `Closed` when policy, thread or round is over.
    """
    if not may_ever_comment(actor, policy):
        raise Forbidden(_("Your role reads along, but takes no part in consultations."))
    require_under_way(policy)
    if may_reply(actor, policy, thread, policy.current_round, now):
        return
    if thread.state == "withdrawn":
        raise Closed(
            _("The discussion is closed"),
            _("This contribution was withdrawn. Its discussion is closed."),
        )
    if thread.state == "hidden":
        raise Closed(
            _("The discussion is closed"),
            _("This contribution was hidden by a moderator. Its discussion is closed."),
        )
    if thread.revision_id != policy.current_revision_id:
        raise Closed(
            _("The discussion is closed"),
            _(
                "This discussion belongs to an earlier revision, whose consultation is over. "
                "You can still contribute to the current revision."
            ),
        )
    raise _shut(policy.current_round, now)


def require_edit(policy: AnyPolicy, comment: Comment, actor: Actor, now: datetime) -> None:
    """Raise unless the actor may reword this contribution now.

    `Forbidden` when it is another's, `Closed` once it is decided on; else as `require_reply`.
    """
    if not is_own(actor, comment):
        raise Forbidden(_("Only its author can change a contribution."))
    require_reply(policy, comment.thread, actor, now)
    if is_decided(comment):
        raise Closed(
            _("The contribution is decided on"),
            _(
                "It was decided on, so its words stay as the decision found them. You can still "
                "reply, or withdraw it."
            ),
        )
    if not may_edit(actor, policy, comment, policy.current_round, now):
        raise Forbidden(_("This contribution can no longer be changed."))


def _overtaken(policy: AnyPolicy, section_key: str | None) -> Stale:
    """The refusal of words that were written on an older revision, with how they read now."""
    current = policy.current_revision
    number = current.number if current else None
    key, text = None, ""
    if current is not None and section_key:
        key, text = words_now(current.id, _section_id(policy.id, section_key), section_key)
    return Stale(
        _("A newer revision is published"),
        _(
            "Revision %(number)s appeared in the meantime. Look at how it reads now, then send "
            "your contribution to it.",
            number=number,
        ),
        extra={"current": {"revision": number, "section": key, "text": text}},
    )


def _section_id(policy_id: int, section_key: str) -> int | None:
    if "\x00" in section_key:
        return None
    return db.session.scalars(
        select(Section.id).where(Section.policy_id == policy_id, Section.key == section_key)
    ).one_or_none()


def _shut(consultation: AnyRound | None, now: datetime) -> Problem:
    if consultation is None:
        return Closed(_("No consultation is open"), _("No consultation is open on this revision."))
    state = consultation.state(now)
    if state == "scheduled":
        return Closed(
            _("The consultation has not begun"),
            _("The consultation opens on %(when)s.", when=moment(consultation.opens_at)),
        )
    if state == "open":
        return Forbidden(_("This consultation is meant for others. You can read along."))
    return Closed(
        _("The consultation is closed"),
        _(
            "The consultation closed on %(when)s. Everything stays readable.",
            when=moment(consultation.closes_at),
        ),
    )
