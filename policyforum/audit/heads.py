"""Tree heads of the record: made at least twice a day and at every decision, signed, published.

A head binds us to every entry before it. Who holds one can show later that an entry was changed,
left out or put in, whatever was done to the database and whoever holds the signing key.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import func, select

from config import Config
from policyforum.audit.merkle import HASH_SIZE, Frontier
from policyforum.audit.models import AuditEntry, AuditHead, AuditTreeHead
from policyforum.audit.notes import (
    SignedHead,
    TreeHead,
    notes_in,
    sign,
    signing_key,
    verifier_key,
)
from policyforum.audit.record import HEAD_ID, Event, append_noted
from policyforum.db.session import db

INTERVAL = timedelta(hours=12)
KEY = re.compile("[0-9a-f]{64}")

log = structlog.get_logger()


def head_at_decision(_event: Event) -> None:
    """Listener of `decision.made`: the decision is under a head before anybody is told of it."""
    make_head(_event.at)


def is_head_due(now: datetime) -> bool:
    """Whether the record grew since the latest head, and that one is old."""
    latest = latest_head()
    newest = db.session.scalars(select(func.max(AuditEntry.seq))).one()
    if newest is None or (latest is not None and latest.size >= newest):
        return False
    return latest is None or latest.at <= now - INTERVAL


def make_head(now: datetime) -> AuditTreeHead | None:
    """Sign a head over the record as it is; the one that is there when nothing was added since.

    To be called in a transaction. None when the record is empty or has a gap: what is broken is
    not signed.
    """
    append_noted()  # what this very transaction recorded belongs under it
    end = db.session.scalars(
        select(AuditHead)
        .where(AuditHead.id == HEAD_ID)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    latest = latest_head()
    if end is None or end.seq == 0 or (latest is not None and latest.size == end.seq):
        return latest
    tree = _grown(_frontier(latest), end.seq)
    if tree.size != end.seq:
        log.error("record_has_a_gap", entries=tree.size, expected=end.seq)
        return None
    key = signing_key(_config().audit_key)
    signed = sign(TreeHead(origin(), tree.size, tree.root, now), key)
    made = AuditTreeHead(
        size=tree.size,
        at=now,
        note=signed.note,
        key=key.public_key().public_bytes_raw().hex(),
        peaks=b"".join(tree.peaks).hex(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def latest_head() -> AuditTreeHead | None:
    """The newest head, if one was made yet."""
    return db.session.scalars(
        select(AuditTreeHead).order_by(AuditTreeHead.size.desc()).limit(1)
    ).one_or_none()


def head_over_all() -> AuditTreeHead | None:
    """The newest head, if it is whole and nothing on record is missing under it."""
    latest = latest_head()
    newest = db.session.scalars(select(AuditHead.seq).where(AuditHead.id == HEAD_ID)).one_or_none()
    if latest is None or latest.size != newest or head_if_whole(latest) is None:
        return None
    return latest


def heads_before(size: int | None = None, limit: int = 50) -> list[AuditTreeHead]:
    """The newest heads, newest first; those of fewer than `size` entries, if that is given."""
    query = select(AuditTreeHead).order_by(AuditTreeHead.size.desc()).limit(limit)
    if size is not None:
        query = query.where(AuditTreeHead.size < size)
    return list(db.session.scalars(query))


def leaves(size: int) -> list[bytes]:
    """The hashes of the first `size` entries, fewer if there are not so many."""
    hashes = db.session.scalars(
        select(AuditEntry.hash).where(AuditEntry.seq <= size).order_by(AuditEntry.seq)
    )
    return [bytes.fromhex(found) for found in hashes]


def origin() -> str:
    """The name this site signs with: its host, and its port where that is not the usual one."""
    return urlsplit(_config().base_url).netloc


def signed_with() -> str:
    """The public key that heads are signed with now, as verifiers take it."""
    return verifier_key(origin(), _public_key())


def signed_head(row: AuditTreeHead) -> SignedHead:
    """What the note in a row says. Raises `ValueError` when it is no note any more."""
    signed = next(notes_in(row.note), None)
    if signed is None:
        raise ValueError(f"the head of {row.size} entries was changed")
    return signed


def verifier_of(row: AuditTreeHead) -> str:
    """The public key of a head, as verifiers take it."""
    return verifier_key(signed_head(row).head.origin, bytes.fromhex(row.key))


def is_ours(signed: SignedHead) -> bool:
    """Whether one of the keys this record was ever signed with made the signature."""
    stored = db.session.scalars(select(AuditTreeHead.key).distinct())
    known = {bytes.fromhex(key) for key in stored if KEY.fullmatch(key)}
    return any(signed.is_signed_by(key) for key in {*known, _public_key()})


def origins() -> set[str]:
    """Every name this site has signed with: its address may have changed."""
    notes = db.session.scalars(select(AuditTreeHead.note))
    return {origin(), *(signed.head.origin for note in notes for signed in notes_in(note))}


def head_if_whole(row: AuditTreeHead) -> SignedHead | None:
    """The head in a row; None when something in the row does not fit the rest."""
    try:
        signed = signed_head(row)
        key = bytes.fromhex(row.key)
        peaks = bytes.fromhex(row.peaks)
    except ValueError:
        return None
    fits = (
        signed.note == row.note
        and (signed.head.size, signed.head.at) == (row.size, row.at)
        and (key.hex(), peaks.hex()) == (row.key, row.peaks)
        and len(key) == HASH_SIZE
        and len(peaks) == HASH_SIZE * row.size.bit_count()
        and _split(row.size, peaks).root == signed.head.root
        and signed.is_signed_by(key)
    )
    return signed if fits else None


def name_of(signed: SignedHead) -> str:
    """How a head is named to people."""
    return f"the head of {signed.head.at:%Y-%m-%d %H:%M:%S} UTC"


def _frontier(row: AuditTreeHead | None) -> Frontier:
    """Where the latest head ended; the beginning when that row can't be relied on."""
    if row is None or head_if_whole(row) is None:
        return Frontier()
    return _split(row.size, bytes.fromhex(row.peaks))


def _split(size: int, peaks: bytes) -> Frontier:
    cut = range(0, len(peaks), HASH_SIZE)
    return Frontier(size, tuple(peaks[start : start + HASH_SIZE] for start in cut))


def _grown(tree: Frontier, size: int) -> Frontier:
    hashes = db.session.scalars(
        select(AuditEntry.hash)
        .where(AuditEntry.seq > tree.size, AuditEntry.seq <= size)
        .order_by(AuditEntry.seq)
    )
    for entry in hashes:
        tree = tree.grown(bytes.fromhex(entry))
    return tree


def _public_key() -> bytes:
    return signing_key(_config().audit_key).public_key().public_bytes_raw()


def _config() -> Config:
    config: Config = current_app.extensions["policyforum.config"]
    return config
