"""Every revision of every real policy at hand goes in and comes out byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.accounts.queries import account_by_email
from policyforum.db.session import db, transaction
from policyforum.drafting.incoming import from_bytes
from policyforum.drafting.queries import current_draft, current_source
from policyforum.drafting.services import (
    PublishData,
    publish_draft,
    save_draft,
    start_policy,
)
from policyforum.organisation.acting import actor_for
from policyforum.policies.models import Policy, Revision, RevisionSection
from policyforum.policies.queries import sections_of
from policyforum.policies.services import PolicyData
from policyforum.text.sections import join
from tests.people import make_person

NOW = datetime(2099, 11, 23, 9, tzinfo=UTC)
PARTS = 5
"""So that the documents can be spread over several processes."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_real_texts_are_kept_exactly(app: Flask, engine: str, test_data: Path, part: int) -> None:
    make_person(app, "ratna@kota.example", "drafter")
    folders = sorted((test_data / "docs").iterdir())[part::PARTS]
    assert folders
    for folder in folders if engine == "sqlite" else [min(folders, key=_size)]:
        files = sorted(folder.glob("r*.md"))
        with app.app_context():
            policy_id = _publish_all(folder.name, files)
            for number, file in enumerate(files, 1):
                _check(policy_id, number, file.read_bytes())
            db.session.remove()


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("r*.md"))


def _publish_all(title: str, files: list[Path]) -> int:
    account = account_by_email("ratna@kota.example")
    actor = actor_for(account, NOW)
    data = PolicyData(title, "generic", "public")
    with transaction():
        policy = start_policy(actor, data, "", NOW, cause="imported")
        policy_id = policy.id
    for file in files:
        with transaction():
            policy = db.session.get_one(Policy, policy_id)
            source = from_bytes(file.read_bytes())
            draft = save_draft(policy, actor, source, current_draft(policy).version, NOW)
            assert current_source(policy).encode() == file.read_bytes()
            publish_draft(policy, actor, PublishData(file.name, draft.version), NOW)
    return policy_id


def _check(policy_id: int, number: int, content: bytes) -> None:
    query = select(Revision).where(Revision.policy_id == policy_id, Revision.number == number)
    revision = db.session.scalars(query).one()
    assert revision.source.encode() == content
    sections = sections_of(revision.id)
    assert join(sections).encode() == content
    assert [section.offset for section in sections] == _offsets(sections)
    assert len({section.section_id for section in sections}) == len(sections)


def _offsets(sections: Sequence[RevisionSection]) -> list[int]:
    found, at = [], 0
    for section in sections:
        found.append(at)
        at += len(section.text)
    return found
