"""One contribution as the drafters decide on it: its words in place, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from policyforum.commenting.composing import wording_spans
from policyforum.commenting.faces import ThreadView
from policyforum.commenting.models import Comment, Thread, ThreadPosition, Voice
from policyforum.commenting.queries import thread_view
from policyforum.consolidation.causes import Raised, raised_in
from policyforum.consolidation.gathered import gathered_in
from policyforum.consolidation.items import answer_to, dispositions_of, item_of_thread
from policyforum.consolidation.models import Answer, Disposition, FeedbackItem, FeedbackThread
from policyforum.consolidation.summaries import first_words, summary_shown, visible
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import RevisionSection
from policyforum.text.spans import Span
from policyforum.text.words import words_of

LONGEST_CONTEXT: Final = 700
USUAL_SUMMARY: Final = 200
ALIKE: Final = 58  # of 100: below, two contributions are rarely about the same thing
MOST_COMPARED: Final = 200
MOST_SHOWN: Final = 5
SHORTEST_WORD: Final = 4  # shorter ones are mostly particles


@dataclass(frozen=True, slots=True)
class Similar:
    """A contribution nobody has taken up that seems to say the same."""

    id: str
    number: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Context:
    """The text around the words commented on; all in `before` when there is no quote."""

    before: str
    quoted: str
    after: str


@dataclass(frozen=True, slots=True)
class Matter:
    """`item`: what it is gathered in, if it is; `companions`: the others in there.

    `summary`: the item's, or what suggests itself for one.
    """

    thread: ThreadView
    context: Context
    item: FeedbackItem | None
    summary: str
    companions: tuple[Raised, ...]
    dispositions: Sequence[Disposition]
    answer: Answer | None
    similar: tuple[Similar, ...]

    @property
    def disposition(self) -> Disposition | None:
        """The one that counts."""
        return self.dispositions[-1] if self.dispositions else None

    @property
    def proposed(self) -> str | None:
        """The wording proposed, here or in one of its companions; "" is to leave words out."""
        own = (self.thread.suggestion, *(entry.suggestion for entry in self.companions))
        return next((wording for wording in own if wording is not None), None)


def matter_of(thread: Thread, actor: Actor) -> Matter:
    """Everything the drafters need in view to decide on a contribution."""
    view = thread_view(thread, actor)
    item = item_of_thread(thread.id)
    raised = raised_in([item.id])[item.id] if item else []
    return Matter(
        thread=view,
        context=_context(thread),
        item=item,
        summary=_summary(item, view),
        companions=tuple(entry for entry in raised if entry.id != view.id),
        dispositions=dispositions_of(item) if item else (),
        answer=answer_to(item) if item else None,
        similar=tuple(_similar(thread, view.opening.body)),
    )


def reworded(thread: Thread, wording: str) -> Sequence[Span]:
    """A wording as changes to the words the contribution is about."""
    row = _section_of(thread)
    text, kind = (row.text, row.kind) if row else (None, None)
    return wording_spans(thread.quote_exact, text, wording, kind)


def _summary(item: FeedbackItem | None, view: ThreadView) -> str:
    if item is None:
        return first_words(view.opening.body, USUAL_SUMMARY)
    return summary_shown(item.summary, list(gathered_in([item.id])))


def _context(thread: Thread) -> Context:
    """The section as it stood when the contribution was made, with the quote apart."""
    row = _section_of(thread)
    text = row.text if row else None
    quote, start, end = thread.quote_exact, thread.quote_start, thread.quote_end
    if quote is None:
        return Context(_shortened(visible(text or "")), "", "")
    if text is None or start is None or end is None or end > len(text):
        return Context("", visible(quote), "")
    before, after = visible(text[:start]), visible(text[end:])
    if len(before) + len(after) > LONGEST_CONTEXT:
        return Context("", visible(quote), "")
    lead = " " if before and text[start - 1 : start].isspace() else ""
    tail = " " if after and text[end : end + 1].isspace() else ""
    return Context(before + lead, visible(quote), tail + after)


def _section_of(thread: Thread) -> RevisionSection | None:
    return db.session.scalars(
        select(RevisionSection).where(
            RevisionSection.revision_id == thread.revision_id,
            RevisionSection.section_id == thread.section_id,
        )
    ).one_or_none()


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_CONTEXT:
        return text
    return f"{text[:LONGEST_CONTEXT].rsplit(' ', 1)[0]} …"


def _similar(thread: Thread, body: str) -> list[Similar]:
    """Contributions at the same place that nobody took up, the most alike first."""
    here, there, opening = aliased(ThreadPosition), aliased(ThreadPosition), aliased(Comment)
    rows = db.session.execute(
        select(Thread, Voice.name, opening.body)
        .join(Voice, Voice.id == Thread.voice_id)
        .join(opening, (opening.thread_id == Thread.id) & opening.parent_id.is_(None))
        .join(there, (there.thread_id == Thread.id) & (there.revision_id == Thread.revision_id))
        .join(here, (here.thread_id == thread.id) & (here.revision_id == thread.revision_id))
        .where(
            Thread.revision_id == thread.revision_id,
            Thread.id != thread.id,
            Thread.state == "open",
            Thread.round_id.is_not(None),
            there.block_position.is_not_distinct_from(here.block_position),
            ~exists().where(FeedbackThread.thread_id == Thread.id),
        )
        .order_by(Thread.id)
        .limit(MOST_COMPARED)
    )
    wanted = _key_words(body)
    scored = [
        (fuzz.token_set_ratio(wanted, _key_words(other)), candidate, name, other)
        for candidate, name, other in rows
    ]
    close = sorted((entry for entry in scored if entry[0] >= ALIKE), key=lambda entry: -entry[0])
    return [
        Similar(candidate.public_id, candidate.number, name, first_words(other, 140))
        for _, candidate, name, other in close[:MOST_SHOWN]
    ]


def _key_words(text: str) -> str:
    return " ".join(word.casefold() for word in words_of(text) if len(word) >= SHORTEST_WORD)
