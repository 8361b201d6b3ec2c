"""What is said about a policy, who may read it, and withdrawing it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from policyforum.organisation.actor import ANONYMOUS, Actor, Grant
from policyforum.policies.permissions import may_see
from policyforum.policies.queries import policy_by_slug, status_of
from tests.drafting.desk import Desk, soup_of, text_of
from tests.people import Browser, make_person

DRAFTER = Actor(grants=frozenset([Grant("drafter")]))
STAFF = Actor(account_id=9, grants=frozenset([Grant("staff")]))


def test_title_and_visibility_change_and_the_address_stays(
    app: Flask, desk: Desk, published: str
) -> None:
    page = f"/policies/{published}/settings"
    with app.app_context():
        assert may_see(ANONYMOUS, policy_by_slug(published, DRAFTER))
    form = {"title": "Judul baru", "summary": "Ringkas.", "visibility": "staff"}
    assert desk.post(page, form).status_code == 303
    with app.app_context():
        policy = policy_by_slug(published, DRAFTER)
        assert (policy.title, policy.summary) == ("Judul baru", "Ringkas.")
        assert may_see(STAFF, policy)
        assert not may_see(ANONYMOUS, policy)


def test_a_wrong_field_keeps_what_was_typed(desk: Desk, published: str) -> None:
    page = f"/policies/{published}/settings"
    form = {"title": " ", "summary": "Yang diketik", "visibility": "public"}
    answer = desk.post(page, form)
    assert answer.status_code == 422
    assert soup_of(answer).select_one("#summary").text.strip() == "Yang diketik"
    long = desk.post(page, {**form, "title": "x" * 501})
    assert "501 characters" in text_of(long)


def test_fewer_may_not_read_than_may_comment(desk: Desk, published: str) -> None:
    desk.post(
        f"/policies/{published}/revisions/1/round",
        {"opens": "now", "closes_at": "2099-12-20T16:00", "audience": "public"},
    )
    form = {"title": "Judul", "summary": "", "visibility": "invited"}
    assert desk.post(f"/policies/{published}/settings", form).status_code == 422


def test_withdrawing_needs_a_reason_and_ends_the_work(
    app: Flask, desk: Desk, published: str
) -> None:
    page = f"/policies/{published}/settings"
    round_page = f"/policies/{published}/revisions/1/round"
    fields = {"opens": "now", "closes_at": "2099-12-20T16:00", "audience": "public"}
    desk.post(round_page, fields)
    withdraw = f"/policies/{published}/withdraw"
    assert desk.post(withdraw, {"reason": " "}, page=page).status_code == 422
    assert desk.post(withdraw, {"reason": "Diganti perda."}, page=page).status_code == 303
    assert "Diganti perda." in text_of(desk.get(page))
    with app.app_context():
        policy = policy_by_slug(published, DRAFTER)
        assert status_of(policy, datetime.now(UTC)) == "withdrawn"
        assert policy.current_round.state(datetime.now(UTC)) == "closed"
    assert desk.save(published, "lain", 2).status_code == 409
    assert desk.publish(published).status_code == 409
    assert desk.post(round_page, fields).status_code == 409


def test_only_its_drafters_change_a_policy(app: Flask, desk: Desk, published: str) -> None:
    make_person(app, "lead@kota.example", "leader", "admin")
    leader = Browser(app)
    leader.sign_in("lead@kota.example")
    assert leader.get(f"/policies/{published}/settings").status_code == 403
