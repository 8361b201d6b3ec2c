"""Whether what the record tells of is still there as it was told.

An entry holds facts and commitments to texts; the texts themselves lie in the tables of the
packages that wrote them. Each of those says, in a witness, what its tables hold now for an entry.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from policyforum.audit.chain import Entry, Verdict
from policyforum.audit.models import AuditEntry, AuditSalt
from policyforum.audit.record import commitment
from policyforum.db.session import db

Told = tuple[int, str, Any]
"""The seq of an entry, the name of a fact or text in it, and what the tables hold for it now."""


@dataclass(frozen=True, slots=True)
class Witness:
    """`tell` says what the tables hold now for entries of one verb, under these `names`.

    Where one name of an entry is told several values, one of them must be the recorded one.
    `replaced_by`: of a subject's entries with these verbs, the tables hold only what the last says.
    """

    names: tuple[str, ...]
    tell: Callable[[Sequence[Entry]], Iterable[Told]]
    replaced_by: tuple[str, ...] = ()


Witnesses = Mapping[str, Witness]
"""By verb."""


def ask(witnesses: Witnesses, entries: Sequence[Entry]) -> Verdict | None:
    """The first of these entries whose salts, facts or texts are no longer what they were."""
    if not entries:
        return None
    salts = _salts(entries)
    told = _told(witnesses, entries)
    for entry in entries:
        facts = json.loads(entry.facts)
        kept = salts.get(entry.seq, {})
        stray = kept.keys() - set(_strings(facts))
        if stray:
            return Verdict(entry.seq - 1, entry.seq, "has a salt that opens none of its texts")
        if (found := told.get(entry.seq)) is None:
            continue
        for name, values in found.items():
            if problem := _problem(name, values, facts, kept):
                return Verdict(entry.seq - 1, entry.seq, f"tells of {name}, which {problem}")
    return None


def strays() -> int:
    """How many salts name an entry that is not there."""
    return db.session.scalars(
        select(func.count())
        .select_from(AuditSalt)
        .where(AuditSalt.seq.not_in(select(AuditEntry.seq)))
    ).one()


def _salts(entries: Sequence[Entry]) -> dict[int, dict[str, bytes]]:
    """For each entry its salts, by commitment."""
    found: dict[int, dict[str, bytes]] = defaultdict(dict)
    between = AuditSalt.seq.between(entries[0].seq, entries[-1].seq)
    for row in db.session.execute(
        select(AuditSalt.seq, AuditSalt.commitment, AuditSalt.salt).where(between)
    ):
        found[row.seq][row.commitment] = bytes(row.salt)
    return found


def _told(witnesses: Witnesses, entries: Sequence[Entry]) -> dict[int, dict[str, list[Any]]]:
    """What the tables hold, for each entry that a witness answers for."""
    by_verb: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.verb in witnesses:
            by_verb[entry.verb].append(entry)
    found: dict[int, dict[str, list[Any]]] = {}
    for verb, asked in by_verb.items():
        witness = witnesses[verb]
        answered = _last(asked, witness.replaced_by) if witness.replaced_by else asked
        for entry in answered:
            found[entry.seq] = {name: [] for name in witness.names}
        for seq, name, value in witness.tell(answered):
            if name in witness.names:
                found[seq][name].append(value)
    return found


def _last(entries: Sequence[Entry], verbs: tuple[str, ...]) -> list[Entry]:
    """Those that no later entry with one of these verbs has replaced."""
    newest = set(
        db.session.scalars(
            select(func.max(AuditEntry.seq))
            .where(
                AuditEntry.subject.in_({entry.subject for entry in entries}),
                AuditEntry.verb.in_(verbs),
            )
            .group_by(AuditEntry.subject)
        )
    )
    return [entry for entry in entries if entry.seq in newest]


def _problem(
    name: str, values: Sequence[Any], facts: Mapping[str, Any], salts: Mapping[str, bytes]
) -> str:
    """Why what the tables hold is not what was recorded; "" when it is."""
    if name in facts:
        if not values:
            return "is no longer there"
        return "" if facts[name] in values else "was changed"
    committed = facts.get(f"{name}_commitment")
    if committed is None:
        return "was added" if values else ""
    salt = salts.get(committed)
    if salt is None:  # a text is erased together with its salt, or not at all
        return "can no longer be checked: its salt was taken away" if values else ""
    if not values:
        return "is no longer there"
    return "" if any(commitment(salt, text) == committed for text in values) else "was changed"


def _strings(facts: Mapping[str, Any]) -> Iterable[str]:
    return (value for value in facts.values() if isinstance(value, str))
