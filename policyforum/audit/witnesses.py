"""Whether what the record tells of is still there as it was told.

An entry holds facts and commitments to texts; the texts themselves lie in the tables of the
packages that wrote them. Each of those says, in a witness, what its tables hold now for an entry,
and what they hold that no entry accounts for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from policyforum.audit.chain import Entry, Verdict
from policyforum.audit.models import AuditEntry, AuditSalt
from policyforum.audit.record import commitment
from policyforum.db.session import db

PIECE = 1000

Told = tuple[int, str, Any]
"""The seq of an entry, the name of a fact or text in it, and what the tables hold for it now.

The names `actor`, `moment`, `policy` and `subject` are the entry's own.
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """Told for a hash over many rows that is another now: the row that seems to be why."""

    row: str


Amiss = tuple[str, str]
"""A table or column, and the subject of a row there that is not what the entries come to."""


def _nothing() -> Iterable[Amiss]:
    return ()


@dataclass(frozen=True, slots=True)
class Witness:
    """`tell` says what the tables hold now for entries of one verb, under these `names`.

    Where one name of an entry is told several values, one of them must be the recorded one.
    `newer`: further names, of which entries of earlier versions say nothing.
    `replaced_by`: of a subject's entries with these verbs, the tables hold only what the last says;
    `saying`: of those that say this.
    `amiss` looks at whole tables: rows that no entry of these verbs tells of, counts that are off.
    """

    names: tuple[str, ...]
    tell: Callable[[Sequence[Entry]], Iterable[Told]]
    newer: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    saying: str = ""
    amiss: Callable[[], Iterable[Amiss]] = _nothing


Witnesses = Mapping[str, Sequence[Witness]]
"""By verb."""

Recorded = dict[int, dict[str, Any]]
"""What each entry says by its seq: its facts and its own."""


Answer = dict[str, list[Any] | None]
"""What a witness tells of an entry, by name: the values, or None when one is as recorded."""

Answers = dict[int, list[tuple[Witness, Answer]]]
"""By the seq of the entry."""


def together(*some: Witnesses) -> Witnesses:
    """The witnesses of several packages: more than one may answer for a verb."""
    found: dict[str, Sequence[Witness]] = defaultdict(tuple)
    for witnesses in some:
        for verb, those in witnesses.items():
            found[verb] = (*found[verb], *those)
    return found


def ask(witnesses: Witnesses, entries: Sequence[Entry]) -> Verdict | None:
    """The first of these entries whose salts, facts or texts are no longer what they were."""
    if not entries:
        return None
    salts = _salts(entries)
    recorded = {entry.seq: {**_own(entry), **json.loads(entry.facts)} for entry in entries}
    told = _told(witnesses, entries, recorded)
    for entry in entries:
        said, kept = recorded[entry.seq], salts.get(entry.seq, {})
        if kept.keys() - set(_strings(said)):
            return Verdict(entry.seq - 1, entry.seq, "has a salt that opens none of its texts")
        for witness, answer in told.get(entry.seq, ()):
            if problem := _first_problem(witness, answer, said, kept):
                return _unlike(entry, problem)
    return None


def _first_problem(
    witness: Witness, answer: Answer, said: Mapping[str, Any], salts: Mapping[str, bytes]
) -> str:
    for name in (*witness.names, *witness.newer):
        values = answer.get(name, [])
        if values is None:
            continue
        if problem := _problem(name, values, said, salts, is_newer=name in witness.newer):
            return f"tells of {name}, which {problem}"
    return ""


def strays() -> int:
    """How many salts name an entry that is not there."""
    return db.session.scalars(
        select(func.count())
        .select_from(AuditSalt)
        .where(AuditSalt.seq.not_in(select(AuditEntry.seq)))
    ).one()


def unaccounted(witnesses: Witnesses) -> Verdict | None:
    """What no entry accounts for; named is the first entry about its subject, else the last."""
    for witness in dict.fromkeys(one for some in witnesses.values() for one in some):
        for what, subject in witness.amiss():
            about = select(func.min(AuditEntry.seq)).where(AuditEntry.subject == subject)
            seq = db.session.scalars(about).one() or db.session.scalars(_LAST).one() or 0
            return Verdict(max(seq - 1, 0), seq, f"does not account for {what} ({subject})")
    return None


def untold(what: str, rows: Select[*tuple[Any, ...]], *verbs: str) -> Iterable[Amiss]:
    """The rows that no entry with one of these verbs tells of.

    `rows` selects subjects, or subjects and moments. Both engines sort it out in one go.
    """
    told = select(AuditEntry.subject, AuditEntry.at).where(AuditEntry.verb.in_(verbs))
    alike = told if len(rows.selected_columns) > 1 else told.with_only_columns(AuditEntry.subject)
    left = rows.except_(alike).subquery()
    return [(what, subject) for subject in db.session.scalars(select(left.columns[0]).limit(1))]


def told_by(verb: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Subject and facts of every entry with this verb."""
    query = select(AuditEntry.subject, AuditEntry.facts).where(AuditEntry.verb == verb)
    for subject, facts in db.session.execute(query, execution_options={"yield_per": PIECE}):
        yield subject, json.loads(facts)


def _unlike(entry: Entry, problem: str) -> Verdict:
    return Verdict(entry.seq - 1, entry.seq, f"{problem} ({entry.verb}, {entry.subject})")


def _own(entry: Entry) -> dict[str, Any]:
    return {
        "actor": entry.actor_id,
        "moment": entry.at,
        "policy": entry.policy,
        "subject": entry.subject,
    }


def _salts(entries: Sequence[Entry]) -> dict[int, dict[str, bytes]]:
    """For each entry its salts, by commitment."""
    found: dict[int, dict[str, bytes]] = defaultdict(dict)
    between = AuditSalt.seq.between(entries[0].seq, entries[-1].seq)
    for row in db.session.execute(
        select(AuditSalt.seq, AuditSalt.commitment, AuditSalt.salt).where(between)
    ):
        found[row.seq][row.commitment] = bytes(row.salt)
    return found


def _told(witnesses: Witnesses, entries: Sequence[Entry], recorded: Recorded) -> Answers:
    """What the tables hold, for each entry and each witness that answers for it."""
    asked: dict[Witness, list[Entry]] = defaultdict(list)
    for entry in entries:
        for witness in witnesses.get(entry.verb, ()):
            asked[witness].append(entry)
    found: Answers = defaultdict(list)
    for witness, about in asked.items():
        answered = _last(about, witness) if witness.replaced_by else about
        answers: dict[int, Answer] = {entry.seq: {} for entry in answered}
        for seq, name, value in witness.tell(answered):
            said, answer = recorded[seq], answers[seq]
            if name in said and said[name] == value:
                answer[name] = None
            elif (values := answer.setdefault(name, [])) is not None:
                values.append(value)
        for seq, answer in answers.items():
            found[seq].append((witness, answer))
    return found


def _last(entries: Sequence[Entry], witness: Witness) -> list[Entry]:
    """Those that no later entry has replaced."""
    newest = set(
        db.session.scalars(
            select(func.max(AuditEntry.seq))
            .where(
                AuditEntry.subject.in_({entry.subject for entry in entries}),
                AuditEntry.verb.in_(witness.replaced_by),
                AuditEntry.facts.contains(witness.saying, autoescape=True),
            )
            .group_by(AuditEntry.subject)
        )
    )
    return [entry for entry in entries if entry.seq in newest]


def _problem(
    name: str,
    values: Sequence[Any],
    facts: Mapping[str, Any],
    salts: Mapping[str, bytes],
    *,
    is_newer: bool,
) -> str:
    """Why what the tables hold is not what was recorded; "" when it is."""
    if name in facts:
        if not values:
            return "is no longer there"
        changed = next((f" in {v.row}" for v in values if isinstance(v, Changed)), "")
        return "" if facts[name] in values else f"was changed{changed}"
    committed = facts.get(f"{name}_commitment")
    if committed is None:
        return "was added" if values and not is_newer else ""
    salt = salts.get(committed)
    if salt is None:  # a text is erased together with its salt, or not at all
        return "can no longer be checked: its salt was taken away" if any(values) else ""
    if not values:
        return "is no longer there"
    return "" if any(commitment(salt, text) == committed for text in values) else "was changed"


def _strings(facts: Mapping[str, Any]) -> Iterable[str]:
    return (value for value in facts.values() if isinstance(value, str))


_LAST = select(func.max(AuditEntry.seq))
