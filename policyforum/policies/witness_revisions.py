"""What the tables of revisions hold now for entries of the audit record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import undefer

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Changed, Told, untold
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, RevisionSection
from policyforum.policies.page_hash import changed_row, page_hash


def of_revisions(entries: Sequence[Entry]) -> Iterator[Told]:
    for entry in entries:
        row = db.session.execute(
            select(Revision, Account.public_id, Policy.public_id)
            .join(Policy, Policy.id == Revision.policy_id)
            .join(Account, Account.id == Revision.published_by_id)
            .where(Revision.public_id == entry.subject)
            .options(undefer(Revision.source))
        ).one_or_none()
        if row is not None:
            revision, account, policy = row
            yield entry.seq, "actor", account
            yield entry.seq, "policy", policy
            yield entry.seq, "moment", revision.published_at
            yield entry.seq, "revision", revision.number
            yield entry.seq, "change_note", revision.change_note
            yield from _of_text(entry, revision)
            yield entry.seq, "page_hash", _page(entry, revision)


def _of_text(entry: Entry, revision: Revision) -> Iterator[Told]:
    sections = db.session.execute(
        select(RevisionSection.text, RevisionSection.hash)
        .where(RevisionSection.revision_id == revision.id)
        .order_by(RevisionSection.position)
    ).all()
    yield entry.seq, "sections", len(sections)
    whole = "".join(section.text for section in sections) == revision.source
    hashed = all(_sha256(section.text) == section.hash for section in sections)
    digest = _sha256(revision.source)
    if whole and hashed and digest == revision.source_hash:
        yield entry.seq, "source_hash", digest
    else:
        yield entry.seq, "source_hash", ""


def _page(entry: Entry, revision: Revision) -> str | Changed:
    committed, found = json.loads(entry.facts).get("page_hash"), page_hash(revision)
    if committed is None or found == committed:
        return found
    return Changed(changed_row(revision))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def amiss() -> Iterable[Amiss]:
    return untold("revisions", select(Revision.public_id), "revision.published")
