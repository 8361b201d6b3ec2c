"""Speaking: opening threads, replying, endorsing. For one's own words see `authorship`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from policyforum.commenting.gates import checked_body, require_open, require_reply
from policyforum.commenting.ledger import count_everywhere, count_in_round, place_first
from policyforum.commenting.models import (
    STANCES,
    THREAD_KINDS,
    Comment,
    Endorsement,
    Thread,
    Voice,
)
from policyforum.commenting.passages import Passage, QuoteData, passage_in
from policyforum.commenting.rows import locked_thread, note
from policyforum.commenting.voices import voice_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.queries import hold_policy, lock_policy
from policyforum.text.markdown import to_html
from policyforum.web.problems import Forbidden, Invalid
from policyforum.web.texts import checked_text

LONGEST_SUGGESTION = 10_000


@dataclass(frozen=True, slots=True)
class ThreadData:
    """A contribution. `section_key` None: the whole document. `quote` None: the whole section.

    `kind` None is told from stance and suggestion, `stance` None from the kind. `suggestion`: the
    wording proposed instead of the quote or the section; "" proposes to leave it out.
    """

    section_key: str | None
    body: str
    quote: QuoteData | None = None
    kind: str | None = None
    stance: str | None = None
    suggestion: str | None = None


def open_thread(
    policy: Policy, revision: Revision, actor: Actor, data: ThreadData, now: datetime
) -> Thread:
    """Contribute to a section, some words or the whole of the current revision.

    Raises `Stale` with `current` when a newer revision is out, `Closed` outside of a round,
    `Invalid` for a field that can't be taken.
    """
    body = checked_body(data.body)
    suggestion = _checked_suggestion(data)
    kind, stance = _kind_and_stance(data)
    html = to_html(body)
    policy = lock_policy(policy.id)
    require_open(policy, revision, actor, data.section_key, now)
    passage = passage_in(revision.id, data.section_key, data.quote)
    consultation = _running_round(policy, now)
    thread = Thread(
        policy_id=policy.id,
        number=_next_number(policy),
        revision_id=revision.id,
        round_id=consultation.id if consultation else None,
        voice_id=voice_of(actor, now).id,
        kind=kind,
        stance=stance,
        suggestion=suggestion,
        created_at=now,
        active_at=now,
        **_where(passage),
    )
    db.session.add(thread)
    db.session.flush()
    _add_comment(thread, None, thread.voice_id, body, html, now)
    place_first(thread, passage.block_position, passage.start, passage.end, now)
    if consultation is not None:
        count_in_round(consultation, threads=1, waiting=1)
    facts = {"number": thread.number, "revision": revision.number, "section": data.section_key}
    texts = {"body": body} if suggestion is None else {"body": body, "suggestion": suggestion}
    note("thread.opened", thread, thread.public_id, policy, actor, now, facts, texts)
    return thread


def reply(
    thread: Thread, actor: Actor, body: str, parent: Comment | None, now: datetime
) -> Comment:
    """Answer in a thread; `parent` None answers its first contribution."""
    body = checked_body(body)
    html = to_html(body)
    policy = hold_policy(thread.policy_id)
    thread = locked_thread(thread)
    require_reply(policy, thread, actor, now)
    parent = _parent_in(thread, parent)
    comment = _add_comment(thread, parent, voice_of(actor, now).id, body, html, now)
    thread.comment_count += 1
    thread.active_at = now
    count_everywhere(thread, comments=1)
    facts = {"thread": thread.public_id, "parent": parent.public_id}
    note("comment.posted", comment, comment.public_id, policy, actor, now, facts, {"body": body})
    return comment


def endorse(thread: Thread, actor: Actor, stance: str | None, now: datetime) -> None:
    """Support or oppose somebody else's contribution; None takes it back."""
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
        voice_id = voice_of(actor, now).id
        db.session.add(Endorsement(thread_id=thread.id, voice_id=voice_id, stance=stance, at=now))
    db.session.flush()
    _count_endorsements(thread)
    facts = {"stance": stance}
    note("thread.endorsed", thread, thread.public_id, policy, actor, now, facts)


def _checked_suggestion(data: ThreadData) -> str | None:
    if data.suggestion is None:
        return None
    checked_text("suggestion", data.suggestion, LONGEST_SUGGESTION, compulsory=False)
    if data.section_key is None and data.quote is None:
        raise Invalid({"suggestion": [_("Choose the section or the words it would replace.")]})
    return data.suggestion


def _kind_and_stance(data: ThreadData) -> tuple[str, str]:
    told = {"support": "support", "oppose": "objection"}.get(data.stance or "", "concern")
    kind = data.kind or ("proposal" if data.suggestion is not None else told)
    stance = data.stance or {"support": "support", "objection": "oppose"}.get(kind, "neutral")
    if kind not in THREAD_KINDS:
        raise Invalid({"kind": [_("Choose what kind of contribution this is.")]})
    if stance not in STANCES:
        raise Invalid({"stance": [_("Choose support, neutral or objection.")]})
    return kind, stance


def _running_round(policy: Policy, now: datetime) -> Round | None:
    """The round a contribution belongs to; none for a drafter's note outside of one."""
    consultation = policy.current_round
    return consultation if consultation and consultation.state(now) == "open" else None


def _next_number(policy: Policy) -> int:
    last = db.session.scalar(select(func.max(Thread.number)).where(Thread.policy_id == policy.id))
    return (last or 0) + 1


def _where(passage: Passage) -> dict[str, str | int | None]:
    return {
        "section_id": passage.section_id,
        "section_label": passage.label,
        "quote_exact": passage.exact,
        "quote_prefix": passage.prefix,
        "quote_suffix": passage.suffix,
        "quote_start": passage.start,
        "quote_end": passage.end,
    }


def _add_comment(
    thread: Thread, parent: Comment | None, voice_id: int, body: str, html: str, now: datetime
) -> Comment:
    comment = Comment(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        voice_id=voice_id,
        body=body,
        html=html,
        depth=parent.depth + 1 if parent else 0,
        created_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    return comment


def _parent_in(thread: Thread, parent: Comment | None) -> Comment:
    if parent is not None and parent.thread_id != thread.id:
        raise Invalid({"parent": [_("This contribution belongs to another discussion.")]})
    if parent is not None:
        return parent
    return db.session.scalars(
        select(Comment).where(Comment.thread_id == thread.id, Comment.parent_id.is_(None))
    ).one()


def _count_endorsements(thread: Thread) -> None:
    rows = db.session.execute(
        select(Endorsement.stance, func.count())
        .where(Endorsement.thread_id == thread.id)
        .group_by(Endorsement.stance)
    )
    counts = dict(rows.all())
    thread.support_count = counts.get("support", 0)
    thread.oppose_count = counts.get("oppose", 0)
