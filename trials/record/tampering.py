"""F15: every way to change the record, found out by the check an operator runs."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from sqlalchemy import insert, select

from policyforum.accounts.queries import account_by_email
from policyforum.audit import chain
from policyforum.audit.chain import EMPTY_HASH, Mark, entry_hash
from policyforum.audit.heads import make_head, name_of
from policyforum.audit.models import AuditEntry, AuditHead, AuditTreeHead
from policyforum.audit.notes import notes_in
from policyforum.db.session import db, transaction
from policyforum.decisions.services import recommend
from policyforum.organisation.acting import actor_for
from policyforum.policies.models import Policy
from tests.api.program import made, told
from tests.engines import ENGINES
from trials.record.checking import Seen, outcome, verdict
from trials.record.flipping import flip_record
from trials.record.rearranging import move_entries, rewrite
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

CLEAN, CLEAN_SHORT = 1_000, 20
LONG = 100_000
SPARSE = 23  # in short, so many bytes lie between two that are flipped


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
        flip_record(seen, every)
        move_entries(seen, every)
        rewrite(seen, held, every)
        db.session.remove()
    return seen


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
                seen.alarms += verdict().broken_seq is not None
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
        said = verdict()
        seen.took = time.perf_counter() - began
        if said.count != entries or said.broken_seq is not None:
            seen.alarms += 1
        db.session.remove()
    seen.long = f"; {entries:,} entries checked in {seen.took:.1f} s"


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
        what="a bit flipped in every byte of the record's tables, entries deleted, swapped, "
        "doubled, cut off, rewritten with every hash, rolled back",
        goal="100 % found, ≥ 99 % name the entry, 0 false alarms, 100,000 entries in ≤ 10 s",
        run=lambda full: _run(engine, full=full),
        breaks="hashes are believed, not made again",
        broken=lambda _full: _broken(engine),
    )


TAMPERING = tuple(_trial(engine) for engine in ENGINES)
