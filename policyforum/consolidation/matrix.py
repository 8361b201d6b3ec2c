"""The response matrix: a row for each feedback item, with the columns offices are used to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from policyforum.consolidation.gathered import Gathered, gathered_in
from policyforum.consolidation.items import path_of
from policyforum.consolidation.models import Answer, FeedbackItem
from policyforum.consolidation.queries import ChangedWords, Settlement, settlements
from policyforum.consolidation.summaries import summary_shown
from policyforum.db.session import db
from policyforum.policies.models import Revision, RevisionSection, Section
from policyforum.text.visible import pieces
from policyforum.web.paging import Page, decode_cursor, page_of

ROWS: Final = 80
UNDECIDED: Final = "undecided"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution an item answers. `suggestion`: "" proposes to leave the words out."""

    id: str
    number: int
    name: str
    unit: str
    association: str
    kind: str
    stance: str
    words: str
    suggestion: str | None
    support_count: int
    oppose_count: int

    @property
    def contributor(self) -> str:
        """Who it is from, with the body beside the name."""
        body = self.association or self.unit
        return f"{self.name} ({body})" if body else self.name


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One item. Texts are as a reader sees them, without Markdown syntax.

    `summary`: "" while it repeats words that were withdrawn or hidden.
    `outcome`: None while undecided. `text_before`: the words the contributions are about;
    `text_after`: what stands in their place in a later revision, or what was agreed to.
    """

    number: int
    item_id: str
    summary: str
    section_key: str | None
    section_label: str
    text_before: str
    contributions: tuple[Contribution, ...]
    reason: str
    answer: str
    answer_html: str
    outcome: str | None
    decided_at: datetime | None
    decided_by: str
    text_after: str
    changes: tuple[ChangedWords, ...]
    path: str

    @property
    def contributors(self) -> tuple[str, ...]:
        """Everybody who raised it, each once."""
        return tuple(dict.fromkeys(entry.contributor for entry in self.contributions))


def matrix_rows(revision: Revision) -> list[MatrixRow]:
    """The matrix of the contributions to a revision, by item number. Six queries."""
    return _rows(db.session.execute(_items(revision)).all())


def matrix_page(revision: Revision, outcome: str | None, cursor: str) -> Page[MatrixRow]:
    """A page of it; of one outcome, or `UNDECIDED`, if asked for. Six queries."""
    query = _items(revision).limit(ROWS + 1)
    if outcome is not None:
        asked = None if outcome == UNDECIDED else outcome
        query = query.where(FeedbackItem.outcome.is_not_distinct_from(asked))
    after = decode_cursor(cursor, (int,))
    if after is not None:
        query = query.where(FeedbackItem.number > after[0])
    page = page_of(db.session.execute(query).all(), ROWS, lambda row: [row.FeedbackItem.number])
    return Page(_rows(page.items), page.next)


def _items(revision: Revision) -> Select[*tuple[Any, ...]]:
    return (
        select(FeedbackItem, Section.key, RevisionSection.label, RevisionSection.text)
        .outerjoin(Section, Section.id == FeedbackItem.section_id)
        .outerjoin(
            RevisionSection,
            (RevisionSection.section_id == FeedbackItem.section_id)
            & (RevisionSection.revision_id == FeedbackItem.revision_id),
        )
        .where(FeedbackItem.revision_id == revision.id)
        .order_by(FeedbackItem.number)
    )


def _rows(rows: Sequence[Any]) -> list[MatrixRow]:
    ids = [item.id for item, *_ in rows]
    settled, answers = settlements(ids), _answers(ids)
    gathered = _gathered(ids)
    return [
        _row(
            item,
            (key, label or "", text or ""),
            gathered[item.id],
            settled.get(item.id),
            answers.get(item.id, ""),
        )
        for item, key, label, text in rows
    ]


def plain(markdown: str) -> str:
    """A text as a reader sees it, in lines."""
    seen = "".join(piece.text for piece in pieces(markdown))
    lines = (" ".join(line.split()) for line in seen.splitlines())
    return "\n".join(line for line in lines if line)


def _row(
    item: FeedbackItem,
    place: tuple[str | None, str, str],
    gathered: Sequence[Gathered],
    settled: Settlement | None,
    answer: str,
) -> MatrixRow:
    key, label, text = place
    quote = gathered[0].thread.quote_exact if gathered else None
    return MatrixRow(
        number=item.number,
        item_id=item.public_id,
        summary=summary_shown(item.summary, gathered),
        section_key=key,
        section_label=label,
        text_before=plain(quote or text),
        contributions=tuple(map(_contribution, gathered)),
        reason=settled.reason if settled else "",
        answer=answer,
        answer_html=settled.answer if settled else "",
        outcome=settled.outcome if settled else None,
        decided_at=settled.decided_at if settled else None,
        decided_by=settled.decided_by if settled else "",
        text_after=_text_after(settled) if settled else "",
        changes=settled.changes if settled else (),
        path=path_of(item),
    )


def _text_after(settled: Settlement) -> str:
    if settled.changes:
        return "\n".join(plain(change.words) for change in settled.changes)
    return plain(settled.wording or "")


def _answers(item_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Answer.item_id, Answer.body).where(Answer.item_id.in_(item_ids)).order_by(Answer.id)
    )
    return dict(rows.all())


def _gathered(item_ids: Sequence[int]) -> dict[int, list[Gathered]]:
    """What each item answers, oldest first."""
    found: dict[int, list[Gathered]] = defaultdict(list)
    for entry in gathered_in(item_ids):
        found[entry.item_id].append(entry)
    return found


def _contribution(gathered: Gathered) -> Contribution:
    thread, voice = gathered.thread, gathered.voice
    return Contribution(
        id=thread.public_id,
        number=thread.number,
        name=voice.name,
        unit=voice.unit_name,
        association=voice.association_name,
        kind=thread.kind,
        stance=thread.stance,
        words=gathered.words,
        suggestion=gathered.suggestion,
        support_count=thread.support_count,
        oppose_count=thread.oppose_count,
    )
