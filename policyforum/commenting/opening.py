"""Opening a thread, in two steps: got ready before anybody has to wait for it, then entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, insert, select

from policyforum.audit.record import Event, record
from policyforum.commenting.gates import checked_body, require_open
from policyforum.commenting.ledger import count_in_round, place_first
from policyforum.commenting.models import STANCES, THREAD_KINDS, Comment, Thread
from policyforum.commenting.participation import count_for_body
from policyforum.commenting.passages import Passage, QuoteData, passage_in, quote_words
from policyforum.commenting.voices import VoiceRef, face_of, known_voice, voice_of
from policyforum.db.base import random_id, table_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import PolicyBrief, RevisionBrief
from policyforum.policies.briefing import revision_brief
from policyforum.policies.holding import locked_brief
from policyforum.text.markdown import to_html
from policyforum.web.problems import Invalid
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


@dataclass(frozen=True, slots=True)
class ReadyThread:
    """A contribution that was checked, placed and rendered, and is not there yet.

    `voice` None: the actor never spoke before.
    """

    policy: PolicyBrief
    revision: RevisionBrief
    actor: Actor
    section_key: str | None
    passage: Passage
    body: str
    html: str
    kind: str
    stance: str
    suggestion: str | None
    voice: VoiceRef | None


@dataclass(frozen=True, slots=True)
class OpenedThread:
    """What became of it. `comment_id`: the public id of the comment that opens it."""

    ready: ReadyThread
    voice: VoiceRef
    id: int
    public_id: str
    number: int
    comment_id: str
    at: datetime


def ready_thread(
    policy: PolicyBrief, number: int, actor: Actor, data: ThreadData, now: datetime
) -> ReadyThread:
    """Check a contribution to a section, some words or the whole of the policy's nth revision.

    Raises `NotFound` for an unknown revision, `Stale` with `current` when a newer one is out,
    `Closed` outside of a round and when the policy is withdrawn, `Forbidden` for whom it is not
    meant, `Invalid` for a field that can't be taken.
    """
    revision = revision_brief(policy, number)
    body = checked_body(data.body)
    suggestion = _checked_suggestion(data)
    kind, stance = _kind_and_stance(data)
    require_open(policy, revision.id, actor, data.section_key, now)
    return ReadyThread(
        policy=policy,
        revision=revision,
        actor=actor,
        section_key=data.section_key,
        passage=passage_in(revision.id, data.section_key, data.quote),
        body=body,
        html=to_html(body),
        kind=kind,
        stance=stance,
        suggestion=suggestion,
        voice=known_voice(actor, policy),
    )


def enter_thread(ready: ReadyThread, now: datetime) -> OpenedThread:
    """Open the thread, unless revision or round ended meanwhile: raises `Stale`, `Closed`."""
    policy = locked_brief(ready.policy.id)
    require_open(policy, ready.revision.id, ready.actor, ready.section_key, now)
    # A drafter's note outside of a round belongs to none.
    consultation = policy.current_round
    if consultation is not None and consultation.state(now) != "open":
        consultation = None
    opened = _insert(ready, consultation.id if consultation else None, now)
    place_first(opened.id, ready.revision.id, ready.passage, now)
    if consultation is not None:
        count_in_round(consultation.id, threads=1, waiting=1)
    count_for_body(ready.revision.id, face_of(ready.actor, ready.policy), threads=1, comments=1)
    _note(opened)
    return opened


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


def _insert(ready: ReadyThread, round_id: int | None, now: datetime) -> OpenedThread:
    """Thread and first comment; the policy must be locked, for the number."""
    connection = db.session.connection()
    voice = ready.voice or voice_of(ready.actor, ready.policy, now)
    public_id, comment_id = random_id(), random_id()
    passage = ready.passage
    thread = {
        "of_policy": ready.policy.id,
        "policy_id": ready.policy.id,
        "public_id": public_id,
        "revision_id": ready.revision.id,
        "round_id": round_id,
        "section_id": passage.section_id,
        "section_label": passage.label,
        "voice_id": voice.id,
        "kind": ready.kind,
        "stance": ready.stance,
        "quote_exact": passage.exact,
        "quote_prefix": passage.prefix,
        "quote_suffix": passage.suffix,
        "quote_start": passage.start,
        "quote_end": passage.end,
        "suggestion": ready.suggestion,
        "created_at": now,
        "active_at": now,
    }
    row = connection.execute(_ADD_THREAD, thread).one()
    comment = {
        "public_id": comment_id,
        "thread_id": row.id,
        "voice_id": voice.id,
        "body": ready.body,
        "html": ready.html,
        "created_at": now,
    }
    connection.execute(_ADD_COMMENT, comment)
    return OpenedThread(ready, voice, row.id, public_id, row.number, comment_id, now)


def _note(opened: OpenedThread) -> None:
    ready = opened.ready
    facts = {
        "number": opened.number,
        "revision": ready.revision.number,
        "section": ready.section_key,
        "comment": opened.comment_id,
        "voice": opened.voice.public_id,
        "kind": ready.kind,
        "stance": ready.stance,
    }
    texts = {"body": ready.body, "html": ready.html}
    quote = quote_words(ready.passage)
    if quote is None:
        facts["quote"] = None
    else:
        texts["quote"] = quote
    if ready.suggestion is not None:
        texts["suggestion"] = ready.suggestion
    record(
        Event(
            "thread.opened",
            ready.actor.public_id,
            opened.at,
            opened.public_id,
            ready.policy.public_id,
            facts,
            texts,
            row=opened,
        )
    )


_threads = table_of(Thread)
_NEXT_NUMBER = (
    select(func.coalesce(func.max(_threads.c.number), 0) + 1)
    .where(_threads.c.policy_id == bindparam("of_policy"))
    .scalar_subquery()
)
_ADD_THREAD = (
    insert(_threads).values(number=_NEXT_NUMBER).returning(_threads.c.id, _threads.c.number)
)
_ADD_COMMENT = insert(table_of(Comment))
