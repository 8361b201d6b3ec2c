"""Whoever changes what the record tells of, in whatever table, is found out, and the row named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, insert, select, text, update

from config import Config
from policyforum.audit.models import AuditEntry, AuditSalt
from policyforum.audit.verifying import verify_record
from policyforum.db.session import db
from trials.record import story
from trials.record.site import existing

CHANGES = (
    ("threads", "voice_id = 2", "number = 1", "actor", "thread.opened"),
    ("comments", "public_id = 'another'", "id = 1", "comment", "thread.opened"),
    ("comments", "voice_id = 1", "body = 'Setuju.'", "actor", "comment.posted"),
    ("voices", "name = 'Wali Kota'", "id = 1", "face", "voice.taken"),
    ("voices", "association_name = 'PGRI'", "id = 2", "face", "voice.taken"),
    ("threads", "stance = 'oppose'", "number = 1", "stance", "thread.opened"),
    ("threads", "kind = 'question'", "number = 1", "kind", "thread.opened"),
    ("threads", "quote_exact = 'kata lain'", "number = 1", "quote", "thread.opened"),
    ("threads", "support_count = 400", "number = 1", "threads.support_count", "thread.opened"),
    ("comments", "html = '<p>Tidak.</p>'", "body = 'Setuju.'", "html", "comment.posted"),
    ("revisions", "published_by_id = 4", "number = 1", "actor", "revision.published"),
    ("accounts", "name = 'Lain'", "id = 3", "name", "account.created"),
    ("accounts", "email = 'lain@kota.example'", "id = 3", "email", "account.created"),
    ("role_grants", "unit_id = NULL", "role = 'leader'", "unit", "role.granted"),
    ("role_grants", "account_id = 2", "role = 'leader'", "subject", "role.granted"),
    ("role_grants", "ends_at = NULL", "role = 'auditor'", "moment", "role.ended"),
    ("decisions", "decided_by_id = 2", "1 = 1", "actor", "decision.made"),
)
"""Table, what is set, in which rows; what the check says the entry tells of, and which entry."""


@pytest.fixture
def told(app: Flask, config: Config, tmp_path: Path) -> Flask:
    story.tell(existing(app, config, tmp_path))
    return app


def test_what_was_changed_is_named_with_its_entry_and_row(told: Flask) -> None:
    with told.app_context():
        assert verify_record().broken_seq is None
        for table, what, where, name, verb in CHANGES:
            with changed(table, what, where):
                verdict = verify_record()
            assert name in verdict.problem, (what, verdict)
            entry = db.session.get_one(AuditEntry, verdict.broken_seq)
            assert (entry.verb, entry.subject in verdict.problem) == (verb, True), (what, verdict)
        assert verify_record().broken_seq is None


def test_which_piece_of_a_page_was_changed_is_told(told: Flask) -> None:
    with told.app_context():
        for table in ("revision_blocks", "revision_sections"):
            with changed(table, "html = '<p>Lain.</p>'", "revision_id = 2 AND position = 1"):
                problem = verify_record().problem
            assert f"page_hash, which was changed in {table}, position 1 " in problem


def test_rows_put_in_or_taken_away_are_named(told: Flask) -> None:
    grants, pressed = db.metadata.tables["role_grants"], db.metadata.tables["endorsements"]
    with told.app_context():
        with changed("endorsements", "stance = 'oppose'", "1 = 1"):
            assert "tells of stance" in verify_record().problem
        (endorsement,) = rows(pressed)
        write(delete(pressed))
        assert "(thread.endorsed, " in verify_record().problem
        write(insert(pressed).values(endorsement))
        given = {**rows(grants)[0], "id": 99, "public_id": "added", "role": "admin"}
        write(insert(grants).values(given))
        assert verify_record().problem == "does not account for role_grants (added)"


def test_words_are_erased_with_what_opens_their_commitments(told: Flask) -> None:
    comments, voices = db.metadata.tables["comments"], db.metadata.tables["voices"]
    with told.app_context():
        spoken = select(AuditEntry.seq).where(
            AuditEntry.verb.in_(("comment.posted", "voice.taken"))
        )
        write(update(comments).where(comments.c.depth > 0).values(body="", html=""))
        write(update(voices).values(name=""))
        assert verify_record().broken_seq is not None
        write(delete(AuditSalt).where(AuditSalt.seq.in_(spoken)))
        assert verify_record().broken_seq is None


def test_names_and_addresses_are_not_on_record(told: Flask) -> None:
    with told.app_context():
        facts = " ".join(db.session.scalars(select(AuditEntry.facts)))
        for name in ("Neneng", "neneng@kota.example", "Asep", "Korpri"):
            assert name not in facts


@contextmanager
def changed(table: str, what: str, where: str) -> Iterator[None]:
    """Behind the application's back, until the end of the block."""
    found = db.metadata.tables[table]
    before = rows(found)
    write(text(f"UPDATE {table} SET {what} WHERE {where}"))
    yield
    for row in before:
        write(update(found).where(found.c.id == row["id"]).values(row))


def rows(table: Any) -> list[dict[str, Any]]:
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def write(statement: Any) -> None:
    connection: Connection
    with db.engine.begin() as connection:
        assert connection.execute(statement).rowcount != 0
