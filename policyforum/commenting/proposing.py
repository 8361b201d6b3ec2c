"""Where a contribution might belong, for the drafter who has to say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policyforum.commenting.models import Thread
from policyforum.commenting.passages import LONGEST_QUOTE, subtree_of
from policyforum.db.session import db
from policyforum.policies.models import Section
from policyforum.text.keyed import KeyedSection
from policyforum.text.proposals import Proposal, Proposals


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be meant. `section`: how the form names it; `share` of the words in it.

    `exact`: what the form holds as its words; "" when all of the section is meant.
    """

    section: str
    label: str
    words: str
    exact: str
    share: float


class Candidates:
    """The passages of one text that contributions may be about; `named`: what a form calls one."""

    def __init__(
        self, entries: Sequence[KeyedSection], named: Callable[[KeyedSection], str]
    ) -> None:
        self._known = {entry.key: entry for entry in entries}
        self._proposals = Proposals(entries)
        self._named = named

    def for_thread(self, thread: Thread) -> list[Candidate]:
        """The likeliest first. Of one about a whole section, sections; of the document, none."""
        return self.for_words(_words_about(thread), is_whole=thread.quote_exact is None)

    def for_words(self, words: str, *, is_whole: bool = False) -> list[Candidate]:
        """The same for words: passages like them, or (`is_whole`) sections like them."""
        found = self._proposals.like(words[:LONGEST_QUOTE]) if words.strip() else []
        return [self._candidate(proposal, is_whole) for proposal in found]

    def _candidate(self, proposal: Proposal, is_whole: bool) -> Candidate:
        entry = self._known[proposal.key]
        text = entry.section.text
        exact = "" if is_whole else text[proposal.start : proposal.end].strip()[:LONGEST_QUOTE]
        words = exact or text.strip()
        return Candidate(self._named(entry), entry.section.label, words, exact, proposal.share)


def _words_about(thread: Thread) -> str:
    if thread.quote_exact:
        return thread.quote_exact
    section = db.session.get(Section, thread.section_id) if thread.section_id else None
    parts = subtree_of(thread.revision_id, section.key) if section else ()
    return "".join(part.text for part in parts)
