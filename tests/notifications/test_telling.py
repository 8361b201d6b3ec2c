"""Who is told what: in the inbox at once, and by a mail in their own language."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.consolidation.gathering import FeedbackData, gather
from policyforum.consolidation.services import DispositionData, dispose
from policyforum.db.session import db, transaction
from policyforum.decisions.services import DecisionData, decide
from policyforum.notifications import services
from policyforum.notifications.models import OutboxMail
from tests.commenting.town import LAW, Town, now
from tests.people import Browser


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def mails_to(town: Town, name: str) -> list[OutboxMail]:
    with town.app.app_context():
        return list(
            db.session.scalars(
                select(OutboxMail)
                .join(Account, Account.id == OutboxMail.account_id)
                .where(Account.email == f"{name}@kota.example")
                .order_by(OutboxMail.id)
            )
        )


def lines(person: Browser) -> list[str]:
    soup = BeautifulSoup(person.get("/inbox").get_data(as_text=True), "html.parser")
    return [" ".join(line.get_text(" ").split()) for line in soup.select(".inbox-line")]


def test_an_answer_reaches_the_author_once_until_they_looked(town: Town) -> None:
    neneng, asep = town.person("neneng", "staff"), town.person("asep", "staff")
    assert "Nothing here yet" in neneng.get("/inbox").get_data(as_text=True)
    town.contribute(neneng, "Pasal 1", "Bagaimana?")
    town.reply(neneng, "Maksud saya, jadwal jaga.")
    assert lines(neneng) == []
    town.reply(asep, "Setuju.")
    town.reply(town.drafter, "Terima kasih.", to=town.comment_ids()[2])
    assert len(lines(neneng)) == 2
    assert "Ratna Dewi replied on contribution no. 1." in lines(neneng)[0]
    assert len(lines(asep)) == 1  # the drafter answered Asep
    assert len(mails_to(town, "neneng")) == 1
    assert "Setuju" not in mails_to(town, "neneng")[0].body  # leads to the words, carries none
    page = BeautifulSoup(neneng.get("/inbox").get_data(as_text=True), "html.parser")
    line = page.select_one(".inbox-line form")["action"]
    stranger = asep.post(line, page="/account/password")
    assert stranger.status_code == 404
    opened = neneng.post(line, page="/inbox")
    assert opened.location == f"/threads/{town.thread_id()}"
    assert neneng.post("/inbox/read", page="/inbox").status_code == 303
    assert "New" not in " ".join(lines(neneng))
    town.reply(asep, "Satu lagi.")
    assert len(mails_to(town, "neneng")) == 2


def test_mails_speak_the_language_of_who_reads_them(town: Town) -> None:
    neneng = town.person("neneng", "staff")  # chose English when signing in
    town.person("siti", "staff")
    siti = Browser(town.app)
    siti.sign_in("siti@kota.example")
    siti.post("/language", {"locale": "id"}, page="/account")
    town.contribute(neneng, "Pasal 1", "One.")
    town.contribute(siti, "Pasal 1", "Dua.")
    town.reply(town.drafter, "A", number=1)
    town.reply(town.drafter, "B", number=2)
    (english,), (indonesian,) = mails_to(town, "neneng"), mails_to(town, "siti")
    assert "replied on contribution no. 1" in english.subject
    assert english.body.startswith("Dear Neneng")
    assert f"http://localhost/threads/{town.thread_id(1)}" in english.body
    assert f"http://localhost/threads/{town.thread_id(2)}" in indonesian.body
    assert "masukan nomor 2" in indonesian.subject


def test_what_became_of_contributions_is_told(town: Town) -> None:
    neneng = town.person("neneng", "staff")
    town.person("walikota", "leader")
    town.contribute(neneng, "Pasal 1", "Satu.")
    town.contribute(neneng, "Pasal 1", "Ditarik.")
    neneng.post(f"/comments/{town.comment_ids(2)[0]}/withdraw", page="/account/password")
    with town.app.app_context(), transaction():
        data = FeedbackData(1, "Ringkas", [town.thread_id(1)])
        item = gather(town.policy(), town.actor("ratna"), data, now())
        dispose(item, town.actor("ratna"), DispositionData("rejected", "Sudah diatur."), now())
    assert "Your contribution no. 1 was decided on: Not accepted." in lines(neneng)[0]
    town.publish(LAW.replace("31 Maret", "30 April"))
    assert "Revision 2 is out." in lines(neneng)[0]
    assert len(mails_to(town, "neneng")) == 2
    with town.app.app_context(), transaction():
        policy = town.policy()
        assert policy.current_revision is not None
        decision = DecisionData("returned", "Perbaiki Pasal 2.")
        decide(policy, policy.current_revision, town.actor("walikota"), decision, now())
    assert "Revision 2 was returned." in lines(town.drafter)[0]
    assert town.drafter.get("/inbox").status_code == 200
    visitor = Browser(town.app)
    assert visitor.get("/inbox").status_code == 302


def test_a_change_and_what_is_told_of_it_stand_or_fall_together(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    neneng = town.person("neneng", "staff")
    town.contribute(neneng, "Pasal 1", "Bagaimana?")

    def fail(*_arguments: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(services, "_mail", fail)
        assert town.reply(town.drafter, "Begini.").status_code == 500
    assert len(town.comment_ids()) == 1
    assert lines(neneng) == []


def test_headers_are_one_line(town: Town) -> None:
    neneng = town.person("neneng", "staff")
    with town.app.app_context(), transaction():
        town.policy().title = "Judul\r\nBcc: semua@kota.example"
    town.contribute(neneng, "Pasal 1", "Bagaimana?")
    town.reply(town.drafter, "Begini.")
    assert re.fullmatch(r"[^\r\n]+", mails_to(town, "neneng")[0].subject)


def test_no_line_of_a_mail_is_somebodys_own(town: Town) -> None:
    neneng = town.person("neneng", "staff")
    with town.app.app_context(), transaction():
        town.policy().title = "Judul\n1843"  # from before titles were one line
    town.contribute(neneng, "Pasal 1", "Bagaimana?")
    town.reply(town.drafter, "Begini.")
    assert "\n1843" not in mails_to(town, "neneng")[0].body
