"""Anchors: passages of real comments in later revisions; made histories whose truth is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.table import Row
from benchmarks.texts_data import (
    DATA,
    comments,
    documents,
    first_keys,
    is_real,
    next_keys,
    some_documents,
)
from policyforum.text.anchors import AnchorRequest, Placement, describe, place_all
from policyforum.text.diff import compare
from policyforum.text.keyed import KeyedSection
from policyforum.text.keyedtext import KeyedText
from tests.text.histories import History, next_revision

SETS = ("aipref", "github-site-policy-proposals", "ietf-using-github")
_SURE = frozenset({"exact", "moved", "reworded"})
_STATES = ("exact", "moved", "reworded", "doubtful", "unplaced")
_LARGEST = 120_000


@dataclass(slots=True)
class Tally:
    """Counts of placements, and the misses in words."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage and where it truly stands later: `places` (empty: not verbatim)."""

    name: str
    start: int
    end: int
    places: tuple[tuple[int, int], ...]


def measure(quick: bool) -> list[Row]:
    """The lines on passages still there, and on those reworded or gone."""
    rows = _real(quick) if is_real() else []
    return [*rows, *_made(quick)]


def _real(quick: bool) -> list[Row]:
    tally = Tally()
    for source, target, asked in _groups(quick):
        old = first_keys(source)
        new = next_keys(old, target)
        _judge(asked, old, new, tally)
    there, right = tally.counts["there"], tally.counts["right"]
    total, wrong = tally.counts["total"], tally.counts["wrong"]
    ambiguous = f"{tally.counts['ambiguous right']} of {tally.counts['ambiguous']}"
    states = ", ".join(f"{tally.counts[state]} {state}" for state in _STATES)
    return [
        Row(
            "anchors, passage still there verbatim (aipref, github, ietf)",
            f"{right} of {there} = {right / max(1, there):.2%}",
            "≥ 99.5 %",
            right >= 0.995 * there,
            "; ".join(
                [
                    *_gathered(tally.misses),
                    f"words in several places, truth unknown: {ambiguous} at one of them",
                ]
            ),
        ),
        Row(
            "anchors, told as certain away from where the words stand (aipref, github, ietf)",
            f"{wrong} of {total} = {wrong / max(1, total):.2%}",
            "≤ 0.2 %",
            wrong <= 0.002 * total,
            f"where nothing stands verbatim: {states}",
        ),
    ]


def _gathered(misses: Sequence[str]) -> list[str]:
    """Misses of one passage in several revisions, on one line."""
    return [f"{miss} ({times} revisions)" for miss, times in Counter(misses).most_common(20)]


def _groups(quick: bool) -> Iterator[tuple[str, str, list[Asked]]]:
    """Commented text, later revision, and the anchors of the one to find in the other."""
    known = {document.name: document for document in documents()}
    asked: dict[tuple[str, str, str], list[Asked]] = defaultdict(list)
    for name in SETS[-1:] if quick else SETS:
        for row in comments(name):
            anchor = row["anchor"]
            document = known[anchor["doc"]]
            state = anchor.get("revision") or f"{name}.drafts/{anchor['draft']}"
            present = anchor.get("present_in") or {}
            for file, date in zip(document.files, document.dates, strict=True):
                later = file > state if anchor.get("revision") else date > row["created_at"]
                if later:
                    asked[document.name, state, file].append(
                        Asked(
                            f"{name} {row['id']}",
                            anchor["start"],
                            anchor["end"],
                            tuple((start, end) for start, end in present.get(file, ())),
                        )
                    )
    for (document_name, state, file), group in sorted(asked.items()):
        document = known[document_name]
        draft = DATA / "comments" / state
        at = document.files.index(state) if state in document.files else -1
        source = document.texts[at] if at >= 0 else draft.read_bytes().decode()
        yield source, document.texts[document.files.index(file)], group


def _judge(
    asked: Sequence[Asked],
    old: Sequence[KeyedSection],
    new: Sequence[KeyedSection],
    tally: Tally,
) -> None:
    source, target = KeyedText(old).source, KeyedText(new).source
    found = place_all(requests_for(old, asked), old, new, compare(old, new))
    bases = {entry.key: entry.section.offset for entry in new}
    for one, placement in zip(asked, found, strict=True):
        place = _absolute(placement, bases)
        certain = placement.state in {"exact", "moved"}
        right = certain and _is_one_of(place, one.places, target)
        words = "".join(source[one.start : one.end].split())
        same = place is not None and "".join(target[slice(*place)].split()) == words
        tally.counts["total"] += 1
        if len(one.places) > 1:
            tally.counts["ambiguous"] += 1
            tally.counts["ambiguous right"] += right
            tally.counts["wrong"] += placement.state in _SURE and not right
        elif one.places:
            tally.counts["there"] += 1
            tally.counts["right"] += right
            tally.counts["wrong"] += placement.state in _SURE and not right
            if not right:
                tally.misses.append(f"{one.name}: {placement.state} {placement.cause}")
        else:
            tally.counts["wrong"] += certain and not same
            tally.counts[placement.state] += 1


def requests_for(old: Sequence[KeyedSection], asked: Sequence[Asked]) -> list[AnchorRequest]:
    """The passages as the product keeps them: in their section, with their surroundings."""
    text = KeyedText(old)
    found: list[AnchorRequest] = []
    for one in asked:
        key = text.home(one.start, one.end)
        low, high = text.subtree(key) if key else (0, len(text.source))
        anchor = describe(text.source[low:high], one.start - low, one.end - low)
        found.append(AnchorRequest(key, anchor))
    return found


def _absolute(placement: Placement, bases: dict[str, int]) -> tuple[int, int] | None:
    if placement.start is None or placement.end is None:
        return None
    base = bases.get(placement.key or "", 0)
    return base + placement.start, base + placement.end


def _is_one_of(
    place: tuple[int, int] | None, places: Sequence[tuple[int, int]], target: str
) -> bool:
    """Whether the place is one of the true ones, white space at its ends aside."""
    return place is not None and any(
        target[min(place[0], start) : max(place[0], start)].strip() == ""
        and target[min(place[1], end) : max(place[1], end)].strip() == ""
        for start, end in places
    )


def _made(quick: bool) -> list[Row]:
    counts: Counter[str] = Counter()
    for document in some_documents(quick):
        source = document.texts[-1]
        if len(source) > _LARGEST:
            continue
        for seed in range(1 if quick else 3):
            rng = Random(f"{document.name} {seed}")
            _judge_history(next_revision(source, rng, 0.3), rng, counts)
    total, wrong = counts["total"], counts["wrong"]
    reworded, found = counts["reworded"], counts["found"]
    verbatim, exact = counts["verbatim"], counts["exact"]
    return [
        Row(
            "anchors, still there verbatim (generator)",
            f"{exact} of {verbatim} = {exact / verbatim:.2%}",
            "≥ 99.5 %",
            exact >= 0.995 * verbatim,
        ),
        Row(
            "anchors: wrong places shown as certain (generator)",
            f"{wrong} of {total} = {wrong / total:.2%}",
            "≤ 0.2 %",
            wrong <= 0.002 * total,
        ),
        Row(
            "anchors: reworded passages found (generator)",
            f"{found} of {reworded} = {found / reworded:.2%}",
            "≥ 90 %",
            found >= 0.9 * reworded,
        ),
    ]


def _judge_history(history: History, rng: Random, counts: Counter[str]) -> None:
    source = "".join(section.text for section in history.old)
    old = first_keys(source)
    new = next_keys(old, history.source)
    long = [entry for entry in old if len(entry.section.text) > 120]
    if not long:
        return
    asked: list[Asked] = []
    for _ in range(60):
        section = rng.choice(long).section
        start = section.offset + rng.randrange(len(section.text) - 100)
        asked.append(Asked("", start, start + rng.randrange(30, 100), ()))
    found = place_all(requests_for(old, asked), old, new, compare(old, new))
    bases = {entry.key: entry.section.offset for entry in new}
    for one, placement in zip(asked, found, strict=True):
        fate, low, high = history.fate(one.start, one.end)
        place = _absolute(placement, bases)
        hit = place is not None and place[0] < high and low < place[1]
        counts["total"] += 1
        counts["wrong"] += placement.state in _SURE and not hit
        counts["reworded"] += fate == "reworded"
        counts["found"] += fate == "reworded" and hit
        counts["verbatim"] += fate == "verbatim"
        counts["exact"] += fate == "verbatim" and hit and placement.state in {"exact", "moved"}
