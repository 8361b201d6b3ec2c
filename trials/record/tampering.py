"""F15: every way to change the record, found out by the check an operator runs."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from flask import current_app
from sqlalchemy import (
    LargeBinary,
    String,
    Text,
    cast,
    delete,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from policyforum.accounts.queries import account_by_email
from policyforum.audit import chain
from policyforum.audit.chain import EMPTY_HASH, Mark, Verdict, entry_hash
from policyforum.audit.heads import make_head, name_of
from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt, AuditTreeHead
from policyforum.audit.notes import notes_in
from policyforum.audit.verifying import verify_record
from policyforum.db.base import UtcDateTime
from policyforum.db.session import db, transaction
from policyforum.decisions.models import OUTCOMES as DECISIONS
from policyforum.decisions.services import recommend
from policyforum.organisation.acting import actor_for
from policyforum.policies.models import Policy
from tests.api.program import made, told
from tests.engines import ENGINES
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

CLEAN, CLEAN_SHORT = 1_000, 20
LONG = 100_000
SPARSE = 23  # in short, so many bytes lie between two that are flipped
LONGEST = 10.0  # seconds for so many entries
NAMED = 0.99

Snapshot = Mapping[str, list[dict[str, Any]]]
TABLES = (AuditEntry, AuditHead, AuditSalt, AuditTreeHead)
TOLD: Mapping[str, tuple[str, ...]] = {
    "comments": ("body",),
    "comment_versions": ("body",),
    "threads": ("suggestion", "number"),
    "revisions": ("source", "source_hash", "change_note"),
    "revision_sections": ("text", "hash"),
    "feedback_items": ("summary", "number"),
    "dispositions": ("outcome", "reason"),
    "answers": ("body",),
    "recommendations": ("text",),
    "decisions": ("outcome", "reason"),
    "rounds": ("closes_at", "audience"),
    "role_grants": ("role",),
}
"""Columns that entries tell of, or commit to."""


@dataclass
class Seen:
    changes: int = 0
    refused: int = 0
    """By the database itself: no such text can be kept."""
    missed: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    clean: int = 0
    alarms: int = 0
    long: str = ""
    took: float = 0.0

    def judge(self, verdict: Verdict, what: str, seqs: Sequence[int] = ()) -> None:
        """`seqs`: the entries any of which is rightly named; none given: any."""
        self.changes += 1
        if verdict.broken_seq is None:
            self.missed.append(what)
        elif seqs and verdict.broken_seq not in seqs:
            self.misnamed.append(f"{what}: {verdict.broken_seq}")


def fill(here: Site) -> list[Mark]:
    """A whole consultation, sealed midway and at its end; → the heads as others hold them."""
    city = here.city
    ratna, leader = city.program("ratna", "drafter"), city.program("walikota", "leader")
    neneng = city.program("neneng", "staff")
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    body = {"section": None, "body": "Bagaimana – «ñ» 日本?"}
    first = made(neneng.post(threads, body))["id"]
    reply = made(ratna.post(f"/threads/{first}/comments", {"body": "Begini.", "parent": None}))
    told(ratna.patch(f"/comments/{reply['id']}", {"body": "Begini saja."}))
    with here.app.app_context(), transaction():
        make_head(datetime.now(UTC))
    sections = told(ratna.get(f"/policies/{slug}/revisions/1"))["sections"]
    key = next(s["key"] for s in sections if s["label"] == "Pasal 1")
    change = {"section": key, "body": "Usul.", "suggestion": {"replacement": "Pasal 1\n\nBaru."}}
    second = made(neneng.post(threads, {**change, "kind": "proposal"}))["id"]
    told(ratna.patch(f"/policies/{slug}/revisions/1/round", {"state": "closed"}))
    item = {"revision": 1, "summary": "Ringkas", "threads": [first, second]}
    item = made(ratna.post(f"/policies/{slug}/feedback", item))["id"]
    answer = {"outcome": "rejected", "reason": "Sudah diatur.", "response": "Terima kasih."}
    told(ratna.put(f"/feedback/{item}/disposition", answer))
    _recommend(here, slug)
    decision = {"revision": 1, "outcome": "returned", "reason": "Perbaiki."}
    made(leader.post(f"/policies/{slug}/decisions", decision))
    return held_by_others(here)


def held_by_others(here: Site) -> list[Mark]:
    with here.app.app_context():
        notes = list(db.session.scalars(select(AuditTreeHead.note).order_by(AuditTreeHead.size)))
        db.session.rollback()
    found = [next(notes_in(note)) for note in notes]
    return [Mark(one.head.size, one.head.root, name_of(one)) for one in found]


def _recommend(here: Site, slug: str) -> None:
    """The drafters' advice has no call of the API."""
    with here.app.app_context(), transaction():
        account = account_by_email("ratna@kota.example")
        policy = db.session.scalars(select(Policy).where(Policy.slug == slug)).one()
        if account is None or policy.current_revision is None:
            raise RuntimeError("the consultation was not filled")
        moment = datetime.now(UTC)
        actor = actor_for(account, moment)
        recommend(policy, policy.current_revision, actor, "Setujui.", moment)


def tamper(here: Site, held: Sequence[Mark], *, every: int = 1) -> Seen:
    """Change everything there is to change, one thing at a time; of bytes every so many."""
    seen = Seen()
    with here.app.app_context():
        for what in (_flip_record, _flip_what_it_tells_of, _move_entries, _rewrite):
            what(seen, held, every)
        db.session.remove()
    return seen


def _flip_record(seen: Seen, _held: Sequence[Mark], every: int) -> None:
    """A bit in each byte (in short: in some bytes) of each column of the record's own tables."""
    chance = random.Random(15)
    for model in TABLES:
        table: Any = model.__table__
        key: Any = next(iter(table.primary_key.columns))
        for row in _rows(table):
            for column in table.columns:
                value = row[column.name]
                for changed in _flips(value, chance, every=every):
                    what = f"{table.name}.{column.name} {value!r} → {changed!r}"
                    same = key == row[key.name]
                    if _try(seen, table, same, column.name, changed):
                        # What entries tell of is tried apart: asking every table takes its time.
                        told: Any = {} if model in (AuditEntry, AuditHead) else None
                        seen.judge(_verdict(told=told), what, _blamed(model, row, changed))
                        now = key == (_raw(changed, key) if column is key else row[key.name])
                        _put(table, now, column.name, value)


def _blamed(model: Any, row: Mapping[str, Any], changed: Any) -> list[int]:
    """Which entries may be named for a change of this row."""
    if model is AuditEntry:
        return [row["seq"]]
    if model is AuditSalt:
        return [row["seq"], *([changed] if isinstance(changed, int) else [])]
    return []


def _flips(value: Any, chance: random.Random, every: int) -> Iterator[Any]:
    """The value with one bit changed, once for each byte of it."""
    if isinstance(value, int):
        for bit in range(0, 31, every):
            yield value ^ (1 << bit)
    elif isinstance(value, datetime):
        for bit in range(0, 40, every):
            yield value + timedelta(microseconds=1 << bit)
    else:
        whole = value.encode("utf-8") if isinstance(value, str) else bytes(value)
        for place in range(chance.randrange(every), len(whole), every):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << chance.randrange(8)
            yield (
                flipped.decode("utf-8", "surrogateescape")
                if isinstance(value, str)
                else bytes(flipped)
            )


def _try(seen: Seen, table: Any, where: Any, column: str, value: Any) -> bool:
    """Write it behind the application's back; whether the database took it."""
    try:
        _put(table, where, column, value)
    except (SQLAlchemyError, UnicodeError, ValueError):
        seen.refused += 1
        return False
    return True


def _put(table: Any, where: Any, column: str, value: Any) -> None:
    with db.engine.begin() as connection:
        kept = _raw(value, table.columns[column])
        done = connection.execute(update(table).where(where).values({column: kept}))
        if done.rowcount != 1:
            raise RuntimeError(f"{table.name}.{column} was not changed")


def _raw(value: Any, column: Any) -> Any:
    """For SQLite, which keeps any bytes as a text."""
    plain = isinstance(column.type, String | UtcDateTime)
    if isinstance(value, str) and plain and db.engine.dialect.name == "sqlite":
        return cast(literal(value.encode("utf-8", "surrogateescape"), LargeBinary), Text)
    return value


def _rows(table: Any) -> list[dict[str, Any]]:
    """As they are kept: SQLite's moments as the texts that they are."""
    columns = [
        type_coerce(column, String).label(column.name)
        if isinstance(column.type, UtcDateTime) and db.engine.dialect.name == "sqlite"
        else column
        for column in table.columns
    ]
    order = next(iter(table.primary_key.columns))
    with db.engine.connect() as connection:
        found = connection.execute(select(*columns).order_by(order)).mappings().all()
    return [dict(row) for row in found]


def _verdict(held: Sequence[Mark] = (), told: Any = None) -> Verdict:
    extensions = current_app.extensions
    name = "policyforum.witnesses"
    asked = extensions[name] if told is None else told
    with patch.dict(extensions, {name: asked}):
        verdict = verify_record(held)
    db.session.rollback()
    return verdict


def _flip_what_it_tells_of(seen: Seen, _held: Sequence[Mark], every: int) -> None:
    chance = random.Random(16)
    for name, columns in TOLD.items():
        table = db.metadata.tables[name]
        key = next(iter(table.primary_key.columns))
        for row in _rows(table):
            for column in columns:
                value = row[column]
                for changed in _others(
                    table.columns[column], value, chance, 5 if every == 1 else 1
                ):
                    if _try(seen, table, key == row[key.name], column, changed):
                        what = f"{name}.{column} {value!r} → {changed!r}"
                        seen.judge(_verdict(), what)
                        _put(table, key == row[key.name], column, value)


def _others(column: Any, value: Any, chance: random.Random, most: int) -> list[Any]:
    """Values that the column takes as well."""
    match column.name:
        case "outcome" if value in DECISIONS:
            return [one for one in DECISIONS if one != value]
        case "outcome":
            return ["accepted", "deferred"]
        case "audience":
            return ["staff"]
        case "role":
            return ["admin"]
        case "closes_at":
            return (
                [str(value).replace("20", "21", 1)]
                if isinstance(value, str)
                else [value + timedelta(days=1)]
            )
        case "number":
            return [value + 100]
    if value is None or value == "":
        return ["Disisipkan."] if column.name != "suggestion" else []
    if isinstance(value, bytes):
        flips = list(_flips(value, chance, every=1))
    else:
        places = [place for place, letter in enumerate(value) if letter.isascii()]
        flips = [
            value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :] for place in places
        ]
    return chance.sample(flips, min(most, len(flips)))


def _move_entries(seen: Seen, held: Sequence[Mark], every: int) -> None:
    """Delete, swap, duplicate, cut off: without mending the rest."""
    before = _snapshot()
    entries = before["audit_entries"]
    for entry in entries[:: 1 + every // 8]:
        seq = entry["seq"]
        with _restoring(before):
            _replace(before, entries=[one for one in entries if one["seq"] != seq])
            seen.judge(_verdict(), f"entry {seq} deleted", [seq])
        with _restoring(before):
            copy = {**entry, "seq": len(entries) + 1, "hash": "f" * 64}
            _replace(before, entries=[*entries, copy])
            seen.judge(_verdict(), f"entry {seq} doubled", [len(entries) + 1])
        with _restoring(before):
            _replace(before, entries=[one for one in entries if one["seq"] < seq])
            seen.judge(_verdict(), f"cut off at {seq}", [seq])
        if seq < len(entries):
            other = entries[seq]
            swapped = [
                {**other, "seq": seq}
                if one is entry
                else {**entry, "seq": seq + 1}
                if one is other
                else one
                for one in entries
            ]
            with _restoring(before):
                _replace(before, entries=swapped)
                seen.judge(_verdict(), f"entries {seq} and {seq + 1} swapped", [seq])


def _rewrite(seen: Seen, held: Sequence[Mark], every: int) -> None:
    """What an insider does who knows all of this: recompute every hash, forge every head here.

    Only heads that others hold tell; they name the first that is missing or contradicted.
    """
    before = _snapshot()
    entries = before["audit_entries"]
    for entry in entries[:: 1 + every // 8]:
        seq = entry["seq"]
        end = next(mark.size for mark in held if mark.size >= seq)
        begin = max([mark.size for mark in held if mark.size < seq], default=0)
        with _restoring(before):
            _replace(
                before, entries=_recomputed(entries, seq, {"verb": "policy.changed"}), heads=[]
            )
            _forge_a_head()
            if _verdict(told={}).broken_seq is not None:
                seen.misnamed.append(f"forging {seq} was not complete")
            seen.judge(_verdict(held, {}), f"rewritten from {seq}", range(begin + 1, end + 1))
        with _restoring(before):
            kept = [one for one in entries if one["seq"] < seq]
            _replace(before, entries=kept, heads=[])
            _forge_a_head()
            verdict = _verdict(held, {})
            missing = next(mark for mark in held if mark.size >= seq)
            seen.judge(verdict, f"rolled back to {seq - 1}", [seq])
            if missing.name not in verdict.problem:
                seen.misnamed.append(f"rolled back to {seq - 1}: {verdict.problem}")


def _recomputed(
    entries: Sequence[dict[str, Any]], seq: int, change: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The entries with one changed and every hash from there on made anew."""
    made_anew, last = [], EMPTY_HASH
    for entry in entries:
        one = {**entry, **(change if entry["seq"] == seq else {}), "prev_hash": last}
        one["hash"] = entry_hash(AuditEntry(**one))
        made_anew.append(one)
        last = one["hash"]
    return made_anew


def _forge_a_head() -> None:
    with transaction():
        make_head(datetime.now(UTC))


def _snapshot() -> Snapshot:
    with db.engine.connect() as connection:
        return {
            model.__tablename__: [
                dict(row) for row in connection.execute(_in_order(model.__table__)).mappings()
            ]
            for model in TABLES
        }


def _in_order(table: Any) -> Any:
    return select(table).order_by(next(iter(table.primary_key.columns)))


def _replace(
    before: Snapshot,
    *,
    entries: Sequence[dict[str, Any]],
    heads: Sequence[dict[str, Any]] | None = None,
) -> None:
    """Put other entries in; with other `heads`, the end of the record is moved along as well."""
    last = max(entries, key=lambda one: one["seq"], default={"seq": 0, "hash": EMPTY_HASH})
    end = [{"id": 1, "seq": last["seq"], "hash": last["hash"]}]
    seqs = {entry["seq"] for entry in entries}
    _store(
        {
            "audit_entries": entries,
            "audit_head": end if heads is not None else before["audit_head"],
            "audit_salts": [salt for salt in before["audit_salts"] if salt["seq"] in seqs],
            "audit_tree_heads": before["audit_tree_heads"] if heads is None else heads,
        }
    )


@contextmanager
def _restoring(before: Snapshot) -> Iterator[None]:
    try:
        yield
    finally:
        _store(before)


def _store(rows: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    with db.engine.begin() as connection:
        for model in reversed(TABLES):
            connection.execute(delete(model))
        for model in TABLES:
            if rows[model.__tablename__]:
                connection.execute(insert(model), list(rows[model.__tablename__]))


def leave_alone(here: Site, runs: int, seen: Seen) -> None:
    """Check a record nobody tampers with while people write: no alarm."""
    ratna = here.city.program("siti", "drafter")
    slug = here.city.consulted(ratna)
    over = threading.Event()

    def write() -> None:
        body = {"section": None, "body": "Masukan."}
        while not over.is_set():
            made(ratna.post(f"/policies/{slug}/revisions/1/threads", body))
            over.wait(0.1)
        here.let_go()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with here.app.app_context():
            for _run in range(runs):
                seen.clean += 1
                seen.alarms += _verdict().broken_seq is not None
            db.session.remove()
    finally:
        over.set()
        writer.join()


def check_a_long_one(here: Site, entries: int, seen: Seen) -> None:
    """How long a record of so many entries takes."""
    last, rows = EMPTY_HASH, []
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for seq in range(1, entries + 1):
        entry = AuditEntry(
            seq=seq,
            at=moment + timedelta(seconds=seq),
            actor_id="n" * 20,
            verb="session.started",
            subject="account:" + "n" * 20,
            policy="",
            facts='{"session":"nnnnnnnnnnnnnnnnnnnn"}',
            prev_hash=last,
        )
        last = entry_hash(entry)
        rows.append({**{c.name: getattr(entry, c.name) for c in AuditEntry.__table__.columns}})
        rows[-1]["hash"] = last
    with here.app.app_context():
        with db.engine.begin() as connection:
            connection.execute(insert(AuditEntry), rows)
            connection.execute(insert(AuditHead), [{"id": 1, "seq": entries, "hash": last}])
        began = time.perf_counter()
        verdict = _verdict()
        seen.took = time.perf_counter() - began
        if verdict.count != entries or verdict.broken_seq is not None:
            seen.alarms += 1
        db.session.remove()
    seen.long = f"; {entries:,} entries checked in {seen.took:.1f} s"


def outcome(seen: Seen) -> Outcome:
    found = seen.changes - len(seen.missed)
    named = found - len(seen.misnamed)
    share = named / found if found else 0.0
    figure = (
        f"{seen.changes} changes ({seen.refused} more refused by the database): {found} found, "
        f"{share:.2%} named; {seen.alarms} alarms in {seen.clean} clean checks while people write"
        f"{seen.long}"
    )
    first = "".join(f"; {one}" for one in [*seen.missed[:1], *seen.misnamed[:1]])
    holds = not seen.missed and share >= NAMED and not seen.alarms and seen.took <= LONGEST
    return Outcome(f"{figure}{first}"[:500], holds and seen.changes > 0)


def _run(engine: str, *, full: bool) -> Outcome:
    with site(engine) as here:
        seen = tamper(here, fill(here), every=1 if full else SPARSE)
        leave_alone(here, CLEAN if full else CLEAN_SHORT, seen)
    if full:
        with site(engine) as here:
            check_a_long_one(here, LONG, seen)
    return outcome(seen)


def _broken(engine: str) -> Outcome:
    """The same on a check that believes the hash an entry carries."""
    with patch.object(chain, "entry_hash", _believed), site(engine) as here:
        return outcome(tamper(here, fill(here), every=SPARSE))


def _believed(entry: chain.Entry) -> str:
    return str(entry.hash) if re.fullmatch(r"[0-9a-f]{64}", entry.hash) else EMPTY_HASH


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F15 {engine}",
        what="a bit flipped in every byte of the record's tables, columns it tells of changed, "
        "entries deleted, swapped, doubled, cut off, rewritten with every hash, rolled back",
        goal="100 % found, ≥ 99 % name the entry, 0 false alarms, 100,000 entries in ≤ 10 s",
        run=lambda full: _run(engine, full=full),
        breaks="hashes are believed, not made again",
        broken=lambda _full: _broken(engine),
    )


TAMPERING = tuple(_trial(engine) for engine in ENGINES)
