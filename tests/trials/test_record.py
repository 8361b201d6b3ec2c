"""The trials of people at once and of the record, in their short forms.

`make trust` runs them in full, and each again on a product that is broken on purpose.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import Config
from policyforum.db.session import db
from trials.record import checking, drafting, judging, mailing, moving, sending, tampering, telling
from trials.record.columns import TOLD, UNTOLD, unlisted
from trials.record.site import existing
from trials.trial import Outcome


@pytest.mark.one_engine
def test_two_drafters_lose_nothing(app: Flask, config: Config, tmp_path: Path) -> None:
    seen = drafting.edit_rounds(existing(app, config, tmp_path), 5)
    assert_holds(drafting.outcome(seen))


@pytest.mark.one_engine
def test_comments_stay_where_their_authors_saw_them(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    size = moving.Size(people=4, comments=10, revisions=1)
    assert_holds(moving.outcome(moving.publish_under(existing(app, config, tmp_path), size)))


def test_what_is_sent_many_times_is_done_once(app: Flask, config: Config, tmp_path: Path) -> None:
    assert_holds(sending.outcome(sending.send_each(existing(app, config, tmp_path), 16)))


@pytest.mark.one_engine
def test_no_mail_is_lost_in_an_outage(app: Flask, config: Config, tmp_path: Path) -> None:
    assert_holds(mailing.outcome(mailing.outage(existing(app, config, tmp_path), 16)))


def test_no_change_of_the_record_stays_unseen(app: Flask, config: Config, tmp_path: Path) -> None:
    here = existing(app, config, tmp_path)
    seen = tampering.tamper(here, tampering.fill(here), every=97)
    tampering.leave_alone(here, 5, seen)
    assert_holds(checking.outcome(seen))


def test_no_change_of_what_people_read_stays_unseen(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    seen = telling.change_each(existing(app, config, tmp_path), most=1)
    assert_holds(checking.outcome(seen))


def test_the_record_answers_for_each_column_or_there_is_a_reason() -> None:
    recorded = {model.__tablename__ for model in checking.TABLES}
    tables = {
        name: [column.name for column in table.columns]
        for name, table in db.metadata.tables.items()
        if name not in recorded
    }
    assert unlisted(tables) == []
    assert {name.partition(".")[0] for name in (*TOLD, *UNTOLD)} <= {"*", *tables}


def test_the_tree_is_the_published_one() -> None:
    assert judging.published_differences() == 0
    assert judging.judged_differences(40) == (0, 160)
    assert judging.forged_accepted(40) == 0


def assert_holds(outcome: Outcome) -> None:
    assert outcome.holds, outcome.figure
