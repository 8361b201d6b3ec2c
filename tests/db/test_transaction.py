"""`transaction()`: all of it is kept, or nothing; there is none within another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import Association
from policyforum.organisation.services import AssociationData, add_association


def test_one_within_another_is_refused_and_undoes_both(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="within"):
            _one_within_another()
        assert db.session.scalars(select(Association)).all() == []
        with transaction():
            add_association(PROGRAM, AssociationData("PGRI", "PGRI"), datetime.now(UTC))
        assert [body.code for body in db.session.scalars(select(Association))] == ["PGRI"]


def _one_within_another() -> None:
    with transaction():
        add_association(PROGRAM, AssociationData("KORPRI", "KORPRI"), datetime.now(UTC))
        with transaction():
            pass
