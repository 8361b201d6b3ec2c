"""The leader's page: what it tells, who sees it, who decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from policyforum.commenting.services import endorse
from policyforum.db.session import db, transaction
from policyforum.decisions.models import Decision
from policyforum.decisions.queries import decisions_waiting
from policyforum.drafting.services import PublishData, publish_draft, start_policy
from policyforum.policies.queries import revision_by_number, status_of
from policyforum.policies.rounds import RoundData, open_round
from policyforum.policies.services import PolicyData
from tests.commenting.town import LAW, Counted, now
from tests.consolidation.hall import Hall, page_of
from tests.people import Browser, make_person, make_unit


class Chamber(Hall):
    """A hall with a leader in it."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.leader = self.person("wali", "leader")

    @property
    def address(self) -> str:
        return f"/policies/{self.slug}/decision"

    def vote(self, outcome: str, reason: str = "", *, by: Browser | None = None) -> TestResponse:
        person = by or self.leader
        form = {"outcome": outcome, "reason": reason, "revision": self.number()}
        return person.post(self.address, form, page="/account/password")

    def number(self) -> str:
        field = page_of(self.leader.get(self.address)).select_one("[name=revision]")
        return str(field["value"]) if field else "1"

    def decisions(self) -> list[tuple[str, str]]:
        with self.app.app_context():
            return [(d.outcome, d.reason) for d in db.session.scalars(select(Decision))]

    def status(self) -> str:
        with self.app.app_context():
            return status_of(self.policy(), now())


@pytest.fixture
def chamber(app: Flask) -> Chamber:
    return Chamber(app)


def test_a_leader_approves_when_the_consultation_is_over(chamber: Chamber) -> None:
    assert chamber.status() == "consulting"
    for page in (chamber.leader.get(chamber.address), chamber.vote("approved")):
        assert "Until then nobody can decide" in page.get_data(as_text=True)
    assert page.status_code == 409
    chamber.close_round()
    assert chamber.status() == "deciding"
    assert chamber.vote("approved", "Sudah baik.").status_code == 303
    assert chamber.decisions() == [("approved", "Sudah baik.")]
    assert chamber.status() == "approved"
    with chamber.app.app_context():
        consultation = chamber.policy().current_round
        assert consultation is not None
        assert consultation.state(now()) == "concluded"
    shown = page_of(chamber.drafter.get(chamber.address)).text
    assert "Approved" in shown
    assert "Sudah baik." in shown


def test_no_decision_before_a_consultation(chamber: Chamber) -> None:
    with chamber.app.app_context(), transaction():
        actor = chamber.actor("ratna")
        policy = start_policy(actor, PolicyData("Tanpa konsultasi", "perwal", "public"), LAW, now())
        publish_draft(policy, actor, PublishData("Naskah pertama.", 1), now())
        chamber.slug = policy.slug
    assert "no consultation on this policy yet" in chamber.vote("approved").get_data(as_text=True)
    with chamber.app.app_context(), transaction():
        revision = revision_by_number(chamber.policy(), 1)
        data = RoundData(now() + timedelta(days=1), now() + timedelta(days=7), "public")
        open_round(chamber.policy(), revision, chamber.actor("ratna"), data, now())
    assert chamber.vote("approved").status_code == 409
    chamber.close_round()  # before it opened
    assert chamber.status() == "drafting"
    assert chamber.vote("approved").status_code == 409
    chamber.open_round()
    chamber.close_round()
    assert chamber.vote("approved").status_code == 303


def test_returning_needs_a_reason_and_keeps_what_was_typed(chamber: Chamber) -> None:
    chamber.close_round()
    assert chamber.vote("returned").status_code == 422
    too_long = chamber.vote("returned", "Belum. " * 2000)
    assert too_long.status_code == 422
    assert "Belum. Belum." in too_long.get_data(as_text=True)
    assert chamber.decisions() == []
    assert chamber.vote("returned", "Pasal 2 ditinjau lagi.").status_code == 303
    assert chamber.status() == "returned"
    chamber.publish(LAW.replace("31 Maret", "30 April"))
    assert chamber.status() == "deciding"
    page = page_of(chamber.leader.get(chamber.address)).text
    assert "Pasal 2 ditinjau lagi." in page
    assert "Approve Revision 2" in page


def test_no_decision_while_a_contribution_is_open(chamber: Chamber) -> None:
    chamber.contribute(chamber.neneng, "Pasal 1", "Mohon dijawab dulu.")
    refused = chamber.vote("approved")
    assert refused.status_code == 422
    assert "no disposition yet" in refused.get_data(as_text=True)
    assert chamber.decisions() == []
    chamber.decide("already_covered", reason="Sudah ada.")
    chamber.close_round()
    assert chamber.vote("approved").status_code == 303


def test_one_decision_for_a_revision(chamber: Chamber) -> None:
    chamber.close_round()
    assert chamber.vote("approved").status_code == 303
    late = chamber.vote("returned", "Ternyata belum.")
    assert late.status_code == 409
    assert "Ternyata belum." in page_of(late).select_one("aside.dec").get_text()
    assert chamber.decisions() == [("approved", "")]


def test_the_revision_in_view_is_the_one_decided_on(chamber: Chamber) -> None:
    chamber.publish(LAW.replace("31 Maret", "30 April"))
    form = {"outcome": "approved", "reason": "", "revision": "1"}
    late = chamber.leader.post(chamber.address, form, page="/account/password")
    assert late.status_code == 409
    assert chamber.decisions() == []


def test_who_sees_it_and_who_decides(chamber: Chamber) -> None:
    make_unit(chamber.app, "LAIN")
    make_person(chamber.app, "luar@kota.example", "leader", unit="LAIN")
    elsewhere = chamber.browser("luar")
    auditor = chamber.person("audi", "auditor")
    for person in (chamber.leader, chamber.drafter, auditor):
        assert person.get(chamber.address).status_code == 200
    for person in (chamber.neneng, elsewhere):
        assert person.get(chamber.address).status_code == 403
    for person in (chamber.drafter, auditor, chamber.neneng, elsewhere):
        assert chamber.vote("approved", by=person).status_code == 403
    assert "Approve Revision" not in chamber.drafter.get(chamber.address).get_data(as_text=True)
    assert chamber.decisions() == []


def test_drafters_advise_and_leaders_read_it(chamber: Chamber) -> None:
    advise = f"{chamber.address}/recommendation"
    empty = chamber.drafter.post(advise, {"text": " "}, page=chamber.address)
    assert empty.status_code == 422
    for text in ("Disetujui.", "Disetujui dengan catatan."):
        sent = chamber.drafter.post(advise, {"text": text}, page=chamber.address)
        assert sent.status_code == 303
    cited = page_of(chamber.leader.get(chamber.address)).select_one(".reco")
    assert cited is not None
    assert "Disetujui dengan catatan." in cited.text
    assert "Ratna Dewi" in cited.text
    refused = chamber.leader.post(advise, {"text": "Saya."}, page="/account/password")
    assert refused.status_code == 403


def test_what_many_object_to_is_contested(chamber: Chamber) -> None:
    reporter = chamber.speak_for("dadan", "Korpri")
    chamber.contribute(reporter, "Pasal 3", "Kami keberatan.", stance="oppose")
    chamber.contribute(chamber.neneng, "Pasal 3", "Saya juga.", stance="oppose")
    chamber.contribute(chamber.asep, "Pasal 3", "Saya setuju.", stance="support")
    with chamber.app.app_context(), transaction():
        endorse(chamber.thread(1), chamber.actor("asep"), "support", now())
        endorse(chamber.thread(3), chamber.actor("neneng"), "oppose", now())
    (row,) = page_of(chamber.leader.get(chamber.address)).select(".ct")
    assert "Pasal 3" in row.text
    assert "1 support, 4 object, 0 other" in row.text
    assert "Korpri object." in row.text
    for number in (1, 2, 3):
        chamber.decide("rejected", number, reason="Anggaran terbatas.")
    page = page_of(chamber.leader.get(chamber.address))
    lede = page.select_one(".lede")
    assert lede is not None
    assert "Every contribution is answered." in lede.text
    assert "1 provision is contested" in lede.text
    assert "differs from what Korpri ask for" in lede.text
    assert "Anggaran terbatas." in page.text


def test_units_that_spoke_count_with_all_below_them(app: Flask) -> None:
    for code, parent in (("KOTA", None), ("DINAS", "KOTA"), ("UPT", "DINAS"), ("SEPI", "KOTA")):
        make_unit(app, code, under=parent)
    chamber = Chamber(app)
    make_person(app, "lilis@kota.example", "staff", unit="UPT", name="Lilis")
    chamber.contribute(chamber.browser("lilis"), "Pasal 1", "Dari bawah.")
    page = page_of(chamber.leader.get(f"{chamber.address}?table=1"))
    rows = {
        row.th.text: row.td.text
        for row in page.select("table tbody tr")
        if row.th is not None and row.td is not None
    }
    assert rows == {"Unit DINAS": "1", "Unit SEPI": "0"}


def test_the_page_costs_the_same_however_much_was_said(chamber: Chamber) -> None:
    chamber.contribute(chamber.neneng, "Pasal 1", "Satu.", stance="oppose")
    counts = []
    for more in (0, 60):
        if more:
            chamber.many("asep", more)
            chamber.many("neneng", more, "Pasal 3")
        with chamber.app.app_context():
            chamber.leader.get(chamber.address)
            with Counted() as counted:
                assert chamber.leader.get(chamber.address).status_code == 200
            counts.append(counted.number)
    assert counts[0] == counts[1]


def test_leaders_are_told_what_waits(chamber: Chamber) -> None:
    with chamber.app.app_context():
        assert decisions_waiting(chamber.actor("wali"), now()) == []
    chamber.close_round()
    with chamber.app.app_context():
        (waiting,) = decisions_waiting(chamber.actor("wali"), now())
        assert (waiting.slug, waiting.revision) == (chamber.slug, 1)
        assert decisions_waiting(chamber.actor("ratna"), now()) == []
    chamber.vote("approved")
    with chamber.app.app_context():
        assert decisions_waiting(chamber.actor("wali"), now()) == []
