"""A policy's audit record as a page shows it, each entry checked against its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.audit.chain import content_of, entry_hash
from policyforum.audit.models import AuditEntry
from policyforum.audit.queries import entries_of
from policyforum.audit.record import facts_of
from policyforum.commenting.permissions import may_know_who
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.reading.values import value_words
from policyforum.reading.verbs import fact_words, verb_words
from policyforum.web.paging import Page, decode_cursor, page_of

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `fits`: its hash is the one its content has. `facts` in words and numbers.

    `who`: "" the program. `raw`: the content exactly as it is hashed, so it tells who as well.
    Both are None where that is not for this reader.
    """

    seq: int
    at: datetime
    who: str | None
    verb: str
    facts: Sequence[tuple[str, str]]
    raw: str | None
    hash: str
    fits: bool


def trail_of(policy: Policy, actor: Actor, cursor: str = "") -> Page[Entry]:
    """The entries about a policy, oldest first, as this actor may read them. Two queries."""
    after = decode_cursor(cursor, (int,))
    rows = entries_of(policy.public_id, int(after[0]) if after else 0, ENTRIES + 1)
    named = [row for row in rows if may_know_who(actor, policy, row.verb)]
    names = _names([row.actor_id for row in named])
    who = {row.seq: names.get(row.actor_id, "") for row in named}
    page = page_of(rows, ENTRIES, lambda row: [row.seq])
    return Page([_entry(row, who.get(row.seq)) for row in page.items], page.next)


def _entry(row: AuditEntry, who: str | None) -> Entry:
    facts: dict[str, Any] = facts_of(row)
    return Entry(
        seq=row.seq,
        at=row.at,
        who=who,
        verb=verb_words(row.verb),
        facts=[
            (fact_words(name), value_words(name, value)) for name, value in sorted(facts.items())
        ],
        raw=None if who is None else content_of(row),
        hash=row.hash,
        fits=row.hash == entry_hash(row),
    )


def _names(public_ids: Sequence[str]) -> dict[str, str]:
    rows = db.session.execute(
        select(Account.public_id, Account.name).where(Account.public_id.in_(set(public_ids)))
    )
    return dict(rows.all())
