"""Consultation rounds: opening, extending, closing, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from policyforum.audit.models import AuditEntry
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import Actor, Grant
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Round
from policyforum.policies.queries import latest_round, policy_by_slug, rounds_of, status_of
from policyforum.policies.rounds import conclude_if_answered
from tests.drafting.desk import LAW, Desk, text_of
from tests.people import Browser, make_person

DRAFTER = Actor(grants=frozenset([Grant("drafter")]))


def test_a_round_opens_and_the_policy_is_consulting(app: Flask, desk: Desk, published: str) -> None:
    assert _open(desk, published).status_code == 303
    with app.app_context():
        policy = policy_by_slug(published, DRAFTER)
        consultation = policy.current_round
        assert consultation.state(datetime.now(UTC)) == "open"
        assert consultation.number == 1
        assert status_of(policy, datetime.now(UTC)) == "consulting"
        assert status_of(policy, datetime.now(UTC) + timedelta(days=30)) == "deciding"
    assert "Round 1 Open" in text_of(desk.get(_page(published)))


def test_who_locks_a_policy_sees_its_round_as_it_is(app: Flask, desk: Desk, published: str) -> None:
    _open(desk, published)
    with app.app_context(), transaction():
        policy = policy_by_slug(published, DRAFTER)
        known = policy.current_round
        meanwhile = update(Round.__table__).values(
            waiting=7
        )  # the identity map knows nothing of it
        db.session.connection().execute(meanwhile)
        assert known.waiting == 0
        assert lock_policy(policy.id).current_round.waiting == 7


def test_times_are_typed_in_the_citys_zone(app: Flask, desk: Desk, published: str) -> None:
    _open(desk, published, opens="at", opens_at="2026-11-01T08:00", closes_at="2099-12-20T16:00")
    with app.app_context():
        consultation = policy_by_slug(published, DRAFTER).current_round
        assert consultation.opens_at == datetime(2026, 11, 1, 1, tzinfo=UTC)
        assert consultation.closes_at == datetime(2099, 12, 20, 9, tzinfo=UTC)


def test_a_round_may_be_announced(app: Flask, desk: Desk, published: str) -> None:
    _open(desk, published, opens="at", opens_at=_in_days(3), closes_at=_in_days(9))
    assert "Round 1 Not yet open" in text_of(desk.get(_page(published)))


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"closes_at": "2020-01-01T10:00"}, "has to close after it opens"),
        (
            {"opens": "at", "opens_at": "2019-01-01T10:00", "closes_at": "2020-01-01T10:00"},
            "has to close in the future",
        ),
        ({"closes_at": ""}, "Please give a date and a time."),
        ({"closes_at": "besok"}, "not a date with a time"),
        ({"closes_at": "9999-12-31T23:59+00:00"}, "not a date with a time"),
        ({"audience": "siapa"}, "Not a valid choice."),
    ],
)
def test_a_wrong_round_is_refused_where_it_is_wrong(
    app: Flask, desk: Desk, published: str, fields: dict[str, str], said: str
) -> None:
    answer = _open(desk, published, **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert _rounds(app, published) == []


def test_a_round_that_closes_where_dates_end_takes_no_page_down(
    app: Flask, desk: Desk, published: str
) -> None:
    _open(desk, published)
    with app.app_context(), transaction():
        db.session.query(Round).one().closes_at = datetime.max.replace(tzinfo=UTC)
    here = f"/policies/{published}"
    pages = ("/", "/policies", here, f"{here}/revisions/1", f"{here}/history", f"{here}/feedback")
    visitor = app.test_client()
    assert [visitor.get(path, follow_redirects=True).status_code for path in pages] == [200] * 6
    assert desk.get(_page(published)).status_code == 200
    assert _change(desk, published, new_closes_at=_in_days(9)).status_code == 303


def test_the_audience_is_not_wider_than_those_who_may_read(app: Flask, desk: Desk) -> None:
    slug = desk.start("Hanya pegawai", LAW, visibility="staff")
    desk.publish(slug)
    assert _open(desk, slug, audience="public").status_code == 422
    assert _open(desk, slug, audience="staff").status_code == 303


def test_one_round_at_a_time_and_one_after_the_other(
    app: Flask, desk: Desk, published: str
) -> None:
    _open(desk, published)
    answer = _open(desk, published)
    assert answer.status_code == 409
    assert "already has a round" in text_of(answer)
    _change(desk, published, action="close")
    assert _open(desk, published).status_code == 303
    assert _rounds(app, published) == [(2, "open"), (1, "closed")]


def test_a_round_is_on_the_current_revision_only(app: Flask, desk: Desk, published: str) -> None:
    desk.save(published, LAW + "Tambahan.\n", 2)
    desk.publish(published, "Kedua.")
    assert _open(desk, published).status_code == 409
    assert _open(desk, published, number=2).status_code == 303


def test_extending_and_closing_leave_a_trace(app: Flask, desk: Desk, published: str) -> None:
    _open(desk, published)
    assert _change(desk, published, new_closes_at="2099-12-25T16:00").status_code == 303
    assert _change(desk, published, action="close").status_code == 303
    shown = text_of(desk.get(_page(published)))
    assert shown.count("Ratna moved the closing from") == 2
    assert _change(desk, published, action="close").status_code == 409
    with app.app_context():
        verbs = [entry.verb for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)]
        assert verbs[-3:] == ["round.opened", "round.changed", "round.changed"]


def test_a_closed_round_can_be_opened_again_until_it_is_concluded(
    app: Flask, desk: Desk, published: str
) -> None:
    _open(desk, published)
    _change(desk, published, action="close")
    assert _change(desk, published, new_closes_at="2099-12-25T16:00").status_code == 303
    assert _rounds(app, published) == [(1, "open")]
    _change(desk, published, action="close")
    with app.app_context(), transaction():
        consultation = db.session.query(Round).one()
        conclude_if_answered(consultation, datetime.now(UTC))
    assert _rounds(app, published) == [(1, "concluded")]
    answer = _change(desk, published, new_closes_at="2099-12-25T16:00")
    assert answer.status_code == 409
    assert "concluded" in text_of(answer)


@pytest.mark.parametrize("closes_at", ["", "2020-01-01T10:00", "kapan"])
def test_a_wrong_closing_time_is_refused(
    app: Flask, desk: Desk, published: str, closes_at: str
) -> None:
    _open(desk, published)
    assert _change(desk, published, new_closes_at=closes_at).status_code == 422
    assert _rounds(app, published) == [(1, "open")]


def test_an_announced_round_can_be_called_off(app: Flask, desk: Desk, published: str) -> None:
    _open(desk, published, opens="at", opens_at=_in_days(3), closes_at=_in_days(9))
    _change(desk, published, action="close")
    assert _rounds(app, published) == [(1, "closed")]


def test_nobody_was_heard_before_the_round_was_entered(
    app: Flask, desk: Desk, published: str
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        _open(desk, published, opens="at", opens_at="2026-01-05T08:00")
        _change(desk, published, action="close")
        assert _status(app, published) == "drafting"
        _open(desk, published, opens="at", opens_at="2026-01-05T08:00")
        clock.shift(timedelta(minutes=1))
        _change(desk, published, action="close")
        assert _status(app, published) == "deciding"


def test_a_round_with_unanswered_threads_is_not_concluded(
    app: Flask, desk: Desk, published: str
) -> None:
    _open(desk, published)
    with app.app_context(), transaction():
        consultation = db.session.query(Round).one()
        consultation.threads = consultation.waiting = 1
    _change(desk, published, action="close")
    assert _rounds(app, published) == [(1, "closed")]
    with app.app_context():
        policy = policy_by_slug(published, DRAFTER)
        assert status_of(policy, datetime.now(UTC)) == "consolidating"
        assert latest_round(policy.current_revision).waiting == 1


def test_others_do_not_set_rounds(app: Flask, desk: Desk, published: str) -> None:
    make_person(app, "staf@kota.example", "staff")
    staff = Browser(app)
    staff.sign_in("staf@kota.example")
    assert staff.get(_page(published)).status_code == 403
    assert desk.get(_page(published, 7)).status_code == 404


def _page(slug: str, number: int = 1) -> str:
    return f"/policies/{slug}/revisions/{number}/round"


def _open(desk: Desk, slug: str, number: int = 1, **fields: Any) -> TestResponse:
    form = {"opens": "now", "closes_at": _in_days(20), "audience": "public", **fields}
    return desk.post(_page(slug, number), form)


def _change(desk: Desk, slug: str, **fields: Any) -> TestResponse:
    form = {"action": "extend", **fields}
    return desk.post(f"{_page(slug)}/change", form, page=_page(slug))


def _in_days(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"


def _status(app: Flask, slug: str) -> str:
    with app.app_context():
        return status_of(policy_by_slug(slug, DRAFTER), datetime.now(UTC))


def _rounds(app: Flask, slug: str) -> list[tuple[int, str]]:
    with app.app_context():
        rounds = rounds_of(policy_by_slug(slug, DRAFTER))
        return [(entry.number, entry.state(datetime.now(UTC))) for entry in rounds]
