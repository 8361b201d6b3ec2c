"""Whoever may no longer see a policy keeps their own words, and learns nothing more of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from policyforum.accounts.queries import account_by_email
from policyforum.db.session import db, transaction
from policyforum.notifications.delivery import deliver_mails
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import RoleGrant
from policyforum.organisation.people import GrantData, PersonData, add_person, end_role
from policyforum.policies.rounds import change_round
from policyforum.policies.services import SettingsData, change_settings
from policyforum.web.paging import PAGE
from tests.commenting.town import LAW
from tests.consolidation.hall import Hall
from tests.people import PASSWORD, Browser, make_person, make_token
from trials.record.post import Post

WORDS = "Tenggat ini terlalu singkat bagi kami."
REPLY = "Rekan-rekan kami mengatakan hal yang sama."
SECRETS = ("Rencana Rahasia", "ALASAN-RAHASIA", "JAWABAN-RAHASIA", "BALASAN-RAHASIA", "Ratna")
GUEST = "guest@kota.example"


class Invited(Hall):
    """A guest with a seat has spoken, and the policy is for invited people from then on."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        make_person(app, "admin@kota.example", "admin")  # without one, nobody's role can end
        with app.app_context(), transaction():
            seat = GrantData("guest", policy_id=self.policy().id)
            add_person(PROGRAM, PersonData(GUEST, "Tamu", seat, None, "", PASSWORD), now())
        self.guest = self.browser("guest")
        assert self.contribute(self.guest, "Pasal 2 ayat (2)", WORDS).status_code == 303
        assert self.reply(self.guest, REPLY).status_code == 303
        self.close_round()
        with app.app_context(), transaction():
            settings = SettingsData("Rencana Rahasia", "", "invited")
            change_settings(self.policy(), self.actor("ratna"), settings, now())

    def end_the_seat(self) -> None:
        with self.app.app_context(), transaction():
            account = account_by_email(GUEST)
            assert account is not None
            for grant in db.session.scalars(select(RoleGrant).filter_by(account_id=account.id)):
                end_role(grant, PROGRAM, now())

    def open_again(self) -> None:
        with self.app.app_context(), transaction():
            consultation = self.policy().current_round
            assert consultation is not None
            change_round(consultation, self.actor("ratna"), now() + timedelta(days=7), now())

    def go_on(self) -> None:
        """The drafter replies, decides and publishes."""
        assert self.reply(self.drafter, "BALASAN-RAHASIA").status_code == 303
        decided = self.decide("rejected", reason="ALASAN-RAHASIA", response="JAWABAN-RAHASIA")
        assert decided.status_code == 303
        self.publish(LAW.replace("31 Maret", "30 April"))


@pytest.fixture
def invited(app: Flask) -> Invited:
    return Invited(app)


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    post.start()
    yield post
    post.stop()


@pytest.mark.parametrize("ends_first", [True, False])
def test_pages_show_ones_own_words_alone(invited: Invited, *, ends_first: bool) -> None:
    if ends_first:
        invited.end_the_seat()
    invited.go_on()
    if not ends_first:
        assert all(secret in seen(invited.guest, "/contributions") for secret in SECRETS[:3:2])
        assert "Rencana Rahasia" in seen(invited.guest, "/inbox")
        invited.end_the_seat()
    assert invited.guest.get(f"/policies/{invited.slug}").status_code == 404
    for page in ("/contributions", "/"):
        words = seen(invited.guest, page)
        assert WORDS in words
        assert "A policy you can no longer see" in words
        assert [secret for secret in SECRETS if secret in words] == []
    inbox = seen(invited.guest, "/inbox")
    assert [secret for secret in SECRETS if secret in inbox] == []
    assert "Revision 2" not in inbox
    assert ("A policy you can no longer see" in inbox) == (not ends_first)


def test_a_line_about_it_leads_back_to_the_inbox(invited: Invited) -> None:
    invited.go_on()
    invited.end_the_seat()
    page = BeautifulSoup(invited.guest.get("/inbox").get_data(as_text=True), "html.parser")
    line = page.select_one(".inbox-line form")
    assert line is not None
    assert invited.guest.post(str(line["action"]), page="/inbox").location == "/inbox"


def test_mails_reach_those_who_may_see_it_when_they_are_sent(invited: Invited, post: Post) -> None:
    assert invited.reply(invited.drafter, "Terima kasih.").status_code == 303
    invited.end_the_seat()
    invited.go_on()
    with invited.app.app_context():
        assert deliver_mails(now(), post.url) == 1  # written while the guest had the seat
    assert post.received == []


def test_ones_words_can_still_be_withdrawn(invited: Invited) -> None:
    invited.end_the_seat()
    form = f"/comments/{invited.comment_ids()[0]}/withdraw"
    assert form in invited.guest.get("/contributions").get_data(as_text=True)
    taken_back = invited.guest.post(form, page="/contributions")
    assert taken_back.location == "/contributions"
    assert "Withdrawn by you" in seen(invited.guest, "/contributions")
    assert WORDS not in seen(invited.drafter, f"/threads/{invited.thread_id()}")
    edited = invited.guest.post(form.replace("withdraw", "edit"), {"body": "Lain."}, page="/inbox")
    assert edited.status_code == 404


def test_ones_replies_can_still_be_withdrawn(invited: Invited) -> None:
    invited.go_on()
    form = f"/comments/{invited.comment_ids()[1]}/withdraw"
    assert REPLY not in seen(invited.guest, "/contributions")  # their place is the discussion
    invited.end_the_seat()
    assert REPLY in seen(invited.guest, "/contributions")
    assert REPLY not in seen(invited.neneng, "/contributions")
    assert form in invited.guest.get("/contributions").get_data(as_text=True)
    taken_back = invited.guest.post(form, page="/contributions")
    assert taken_back.location == "/contributions"
    left = seen(invited.guest, "/contributions")
    assert REPLY not in left
    assert WORDS in left
    assert REPLY not in seen(invited.drafter, f"/threads/{invited.thread_id()}")


def test_many_replies_come_in_pages(invited: Invited) -> None:
    invited.open_again()
    for number in range(PAGE):
        assert invited.reply(invited.guest, f"Balasan nomor {number}.").status_code == 303
    invited.end_the_seat()
    page = BeautifulSoup(invited.guest.get("/contributions").get_data(as_text=True), "html.parser")
    assert len(page.select("#replies .mine")) == PAGE
    following = page.select_one("#replies a[rel=next]")
    assert following is not None
    assert REPLY in seen(invited.guest, str(following["href"]))
    assert REPLY not in page.get_text()


def test_a_program_can_withdraw_its_owners_words(invited: Invited) -> None:
    invited.end_the_seat()
    token = {"Authorization": f"Bearer {make_token(invited.app, GUEST)}"}
    path = f"/api/v1/comments/{invited.comment_ids()[0]}"
    answer = invited.app.test_client().delete(path, headers=token)
    assert answer.get_json()["withdrawn_at"]


def seen(person: Browser, path: str) -> str:
    page = BeautifulSoup(person.get(path).get_data(as_text=True), "html.parser")
    return " ".join(page.get_text(" ").split())


def now() -> datetime:
    return datetime.now(UTC)
