"""Speaking: opening threads, replying, endorsing. For one's own words see `authorship`."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from policyforum.commenting.briefing import comment_in, opening_of, thread_in_brief
from policyforum.commenting.gates import require_reply
from policyforum.commenting.ledger import liven
from policyforum.commenting.models import Comment, Endorsement, Thread, Voice
from policyforum.commenting.opening import ThreadData, enter_thread, ready_thread
from policyforum.commenting.replying import enter_reply, ready_reply
from policyforum.commenting.rows import locked_thread, note
from policyforum.commenting.voices import voice_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.briefing import brief_at
from policyforum.policies.holding import hold_policy
from policyforum.policies.models import Policy, Revision
from policyforum.web.problems import Forbidden, Invalid


def open_thread(
    policy: Policy, revision: Revision, actor: Actor, data: ThreadData, now: datetime
) -> Thread:
    """Both steps of `opening` in one transaction; raises as `ready_thread`."""
    db.session.flush()
    ready = ready_thread(brief_at(policy.slug, actor), revision.number, actor, data, now)
    opened = enter_thread(ready, now)
    db.session.expire_all()  # counted past the rows that are loaded
    return db.session.get_one(Thread, opened.id)


def reply(
    thread: Thread, actor: Actor, body: str, parent: Comment | None, now: datetime
) -> Comment:
    """Both steps of `replying` in one transaction; `parent` None answers the first contribution.

    Raises as `ready_reply`; `NotFound` when the actor may not see the policy.
    """
    db.session.flush()
    brief = thread_in_brief(thread.public_id, actor)
    answered = opening_of(brief.id) if parent is None else comment_in(brief.id, parent.public_id)
    if answered is None:
        raise Invalid({"parent": [_("This contribution belongs to another discussion.")]})
    posted = enter_reply(ready_reply(brief, answered, actor, body, now), now)
    db.session.expire_all()  # counted past the rows that are loaded
    return db.session.get_one(Comment, posted.id)


def endorse(thread: Thread, actor: Actor, stance: str | None, now: datetime) -> None:
    """Support or oppose somebody else's contribution; None takes it back.

    Raises `Forbidden` for one's own and for whom the round is not meant, `Closed` when policy,
    thread or round is over, `Invalid` for another stance.
    """
    if stance not in (None, "support", "oppose"):
        raise Invalid({"stance": [_("Choose support or objection.")]})
    policy = hold_policy(thread.policy_id)
    thread = locked_thread(thread)
    require_reply(policy, thread, actor, now)
    if thread.voice.account_id == actor.account_id:
        raise Forbidden(_("This is your own contribution."))
    given = db.session.scalars(
        select(Endorsement)
        .join(Voice, Voice.id == Endorsement.voice_id)
        .where(Endorsement.thread_id == thread.id, Voice.account_id == actor.account_id)
    ).one_or_none()
    if stance == (given.stance if given else None):
        return
    if given is not None and stance is None:
        db.session.delete(given)
    elif given is not None:
        given.stance, given.at = str(stance), now
    else:
        voice = voice_of(actor, policy, now)
        db.session.add(Endorsement(thread_id=thread.id, voice_id=voice.id, stance=stance, at=now))
    db.session.flush()
    _count_endorsements(thread)
    facts = {"stance": stance}
    note("thread.endorsed", thread, thread.public_id, policy, actor, now, facts)


def _count_endorsements(thread: Thread) -> None:
    rows = db.session.execute(
        select(Endorsement.stance, func.count())
        .where(Endorsement.thread_id == thread.id)
        .group_by(Endorsement.stance)
    )
    counts = dict(rows.all())
    before = thread.support_count + thread.oppose_count
    thread.support_count = counts.get("support", 0)
    thread.oppose_count = counts.get("oppose", 0)
    liven(thread.id, thread.support_count + thread.oppose_count - before)
