"""Entries of the record deleted, moved, doubled, cut off, or written anew by an insider (F15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from policyforum.audit.chain import EMPTY_HASH, Mark, entry_hash
from policyforum.audit.heads import make_head
from policyforum.audit.models import AuditEntry
from policyforum.db.session import db, transaction
from trials.record.checking import TABLES, Seen, verdict

Snapshot = Mapping[str, list[dict[str, Any]]]


def move_entries(seen: Seen, every: int) -> None:
    """Delete, swap, duplicate, cut off: without mending the rest."""
    before = _snapshot()
    entries = before["audit_entries"]
    for entry in entries[:: 1 + every // 8]:
        seq = entry["seq"]
        with _restoring(before):
            _replace(before, entries=[one for one in entries if one["seq"] != seq])
            seen.judge(verdict(), f"entry {seq} deleted", [seq])
        with _restoring(before):
            copy = {**entry, "seq": len(entries) + 1, "hash": "f" * 64}
            _replace(before, entries=[*entries, copy])
            seen.judge(verdict(), f"entry {seq} doubled", [len(entries) + 1])
        with _restoring(before):
            _replace(before, entries=[one for one in entries if one["seq"] < seq])
            seen.judge(verdict(), f"cut off at {seq}", [seq])
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
                seen.judge(verdict(), f"entries {seq} and {seq + 1} swapped", [seq])


def rewrite(seen: Seen, held: Sequence[Mark], every: int) -> None:
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
            if verdict(told={}).broken_seq is not None:
                seen.misnamed.append(f"forging {seq} was not complete")
            seen.judge(verdict(held, {}), f"rewritten from {seq}", range(begin + 1, end + 1))
        with _restoring(before):
            kept = [one for one in entries if one["seq"] < seq]
            _replace(before, entries=kept, heads=[])
            _forge_a_head()
            said = verdict(held, {})
            missing = next(mark for mark in held if mark.size >= seq)
            seen.judge(said, f"rolled back to {seq - 1}", [seq])
            if missing.name not in said.problem:
                seen.misnamed.append(f"rolled back to {seq - 1}: {said.problem}")


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
