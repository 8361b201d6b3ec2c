"""The lineage of a draft as a drafter reads it: what each section continues, how sure, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from policyforum.drafting.findings import SMALL
from policyforum.drafting.origins import Lineage
from policyforum.text.headings import title_beside
from policyforum.text.keyed import KeyedSection, subtree_ends
from policyforum.text.lineage import NEW, SAME, CarriedSection
from policyforum.text.links import Reason
from policyforum.text.origins import likely_origins
from policyforum.text.sections import Section

DOUBTFUL = 0.8
"""Below this score a person is asked whether the origin of a section is right."""
MOST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """A section of the draft and where it comes from.

    `before`: the citations of the earlier sections its words come from, its own first; none for a
    new one. `is_chosen`: a drafter said so. `is_plain`: there is nothing to say about it, since it
    has the same words and number in the same company.
    """

    position: int
    label: str
    heading: str
    state: str
    before: tuple[str, ...]
    score: float
    reason: str
    is_chosen: bool
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier section that one of the draft's may continue; `share` of words in common."""

    key: str
    label: str
    heading: str
    words: str
    share: float


def origins_of(lineage: Lineage) -> list[Origin]:
    """Every section of the draft, in reading order."""
    before = {entry.key: entry.section for entry in lineage.old}
    return [_origin(entry, lineage, before) for entry in lineage.carried.sections]


def doubtful_origins(lineage: Lineage) -> tuple[Origin, ...]:
    """Articles and headings that are new or hardly alike, while some like them have no successor.

    What is inside them follows them; a discussion that lost its ayat is placed by hand.
    """
    gone = {entry.section.kind for entry in without_successor(lineage)}
    asked = [
        origin
        for origin in origins_of(lineage)
        if (kind := lineage.outline.sections[origin.position].kind) in gone
        and kind not in SMALL
        and (origin.state == NEW or origin.score < DOUBTFUL)
        and not origin.is_chosen
    ]
    return tuple(asked[:MOST_ASKED])


def without_successor(lineage: Lineage) -> list[KeyedSection]:
    """The earlier sections that no section of the draft continues."""
    gone = set(lineage.carried.gone)
    return [entry for entry in lineage.old if entry.key in gone]


def candidates_for(lineage: Lineage, position: int) -> list[Candidate]:
    """The earlier sections most like one of the draft's, best first."""
    likely = likely_origins(lineage.old, lineage.outline.sections, position)
    places = {entry.key: at for at, entry in enumerate(lineage.old)}
    sections = [entry.section for entry in lineage.old]
    return [
        Candidate(
            key,
            sections[places[key]].label,
            title_of(sections[places[key]]),
            words_inside(sections, places[key]),
            share,
        )
        for key, share in likely
    ]


def words_inside(sections: Sequence[Section], position: int) -> str:
    """A section's Markdown with that of all inside it."""
    end = subtree_ends(sections)[position]
    return "".join(section.text for section in sections[position:end]).strip()


def title_of(section: Section) -> str:
    return title_beside(section.label, section.heading)


def reason_words(reason: str) -> str:
    """Why a section was recognised, in a drafter's words."""
    words = {
        Reason.OVERRIDE: _("chosen by a drafter"),
        Reason.IDENTICAL: _("the text is identical"),
        Reason.SAME_WORDS: _("the words are the same"),
        Reason.SAME_NEIGHBOURS: _("the words and the neighbours are the same"),
        Reason.CHILDREN: _("what is inside it is the same"),
        Reason.SIMILAR: _("the words are alike"),
        Reason.SIMILAR_IN_PLACE: _("the words are alike, in the same place"),
        Reason.SAME_PLACE: _("it stands in the same place"),
        Reason.PART_OF_IT: _("it holds a part of the words"),
        Reason.NOTHING_LIKE_IT: _("nothing like it was there before"),
    }
    return words[Reason(reason)]


def _origin(entry: CarriedSection, lineage: Lineage, before: dict[str, Section]) -> Origin:
    section = lineage.outline.sections[entry.position]
    is_chosen = entry.position in lineage.chosen
    return Origin(
        position=entry.position,
        label=section.label,
        heading=title_of(section),
        state=entry.state,
        before=tuple(before[key].label for key in entry.previous_keys if key in before),
        score=entry.score,
        reason=Reason.OVERRIDE if is_chosen else entry.reason,
        is_chosen=is_chosen,
        is_plain=entry.state == SAME and not is_chosen,
    )
