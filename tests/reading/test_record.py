"""What became of things: a contribution's page, the history, the answers, the audit record."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from policyforum.audit.models import AuditEntry
from policyforum.commenting.models import Thread
from policyforum.consolidation.matrix import ROWS
from policyforum.consolidation.services import FeedbackData, gather
from policyforum.db.session import db, transaction
from tests.commenting.town import now
from tests.consolidation.hall import DEADLINE, Hall
from tests.people import Browser, make_token
from tests.reading.pages import queries_of, see, words


def accepted(hall: Hall) -> None:
    """Neneng's wording accepted, and published with revision 2."""
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.decide("accepted", response="Terima kasih, **diubah**.")
    hall.draw_up()
    hall.publish(None)


def test_a_contributions_page_tells_how_far_it_has_come(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Terlalu cepat.")
    path = f"/threads/{hall.thread_id()}"
    page = see(Browser(hall.app), path)
    assert "Terlalu cepat." in words(page)
    assert page.select_one("article, section.th") is not None
    side = words(see(hall.neneng, path).select_one(".thread-side"))
    assert "Considered not yet" in side
    assert "Where its author put it." in side


def test_the_answer_and_the_words_it_changed_are_on_the_page(hall: Hall) -> None:
    accepted(hall)
    page = see(hall.neneng, f"/threads/{hall.thread_id()}")
    side = page.select_one(".thread-side")
    assert side is not None
    assert "Accepted" in words(side)
    assert side.select_one("strong") is not None
    link = side.select_one('a[href*="/changes/1..2"]')
    assert link is not None
    path, _, anchor = str(link["href"]).partition("#")
    assert see(hall.neneng, path).find(id=anchor) is not None
    ledger = [words(line) for line in side.select(".ledger li")]
    assert [line.split(" ")[:2] for line in ledger] == [["Revision", "1"], ["Revision", "2"]]


def test_the_discussion_page_costs_the_same_however_long_it_is(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    path = f"/threads/{hall.thread_id()}"
    few = queries_of(hall, hall.asep, path)
    for at in range(12):
        hall.reply(hall.asep, f"Balasan {at}.")
    assert queries_of(hall, hall.asep, path) == few


def test_my_contributions_are_mine_alone(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Punya Neneng.")
    assert "Punya Neneng." in words(see(hall.neneng, "/contributions"))
    assert "Punya Neneng." not in words(see(hall.asep, "/contributions"))
    assert Browser(hall.app).get("/contributions").status_code == 302


def test_the_history_tells_what_happened_in_order(hall: Hall) -> None:
    accepted(hall)
    told = see(Browser(hall.app), f"/policies/{hall.slug}/history")
    chapters = [words(title) for title in told.select(".told h2")]
    assert chapters == [
        "Penyusunan dimulai",
        "Revisi 1 terbit",
        "Konsultasi putaran 1 dibuka",
        "Putaran 1 ditutup lebih awal",
        "Semua masukan sudah ditanggapi",
        "Revisi 2 terbit",
    ]
    english = see(hall.neneng, f"/policies/{hall.slug}/history")
    last = words(english.select(".told")[-1])
    assert "after 1 comment in 1 discussion by 1 person" in last
    assert "Perbaikan." in last
    assert "See what changed" in last


def test_the_history_tells_of_the_decision(hall: Hall) -> None:
    leader = hall.person("wali", "leader")
    hall.close_round()
    sent = leader.post(
        f"/policies/{hall.slug}/decision", {"outcome": "returned", "reason": "Belum lengkap."}
    )
    assert sent.status_code == 303
    last = words(see(hall.neneng, f"/policies/{hall.slug}/history").select(".told")[-1])
    assert "Revision 1 is returned" in last
    assert "Belum lengkap." in last
    strip = see(hall.neneng, f"/policies/{hall.slug}/revisions/1").select_one(".strip")
    assert "returned" in words(strip)


def test_the_answers_are_public_with_their_reasons(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Terlalu cepat.")
    hall.contribute(hall.asep, "Pasal 1", "Bagus.")
    hall.decide("rejected", reason="Sudah cukup waktu.")
    path = f"/policies/{hall.slug}/feedback"
    visitor = Browser(hall.app)
    (row,) = see(visitor, path).select(".mx")
    assert "Pasal 2 ayat (2)" in words(row)
    assert "Terlalu cepat." in words(row)
    assert "Tidak diakomodasi Sudah cukup waktu." in words(row)
    summary = words(see(hall.neneng, path).select_one(".matrix-sum"))
    assert "Not accepted 1" in summary
    assert "Undecided 1" in summary
    assert not see(visitor, f"{path}?outcome=accepted").select(".mx")
    assert see(visitor, f"{path}?outcome=rejected").select(".mx")
    for number in ("9", "x", "-1", "9" * 40):
        assert visitor.get(f"{path}?revision={number}").status_code == 404


def test_many_answers_come_in_pages_without_gaps(hall: Hall) -> None:
    hall.many("neneng", ROWS + 3)
    with hall.app.app_context(), transaction():
        policy, actor = hall.policy(), hall.actor("ratna")
        for thread in db.session.scalars(select(Thread).order_by(Thread.id)):
            gather(policy, actor, FeedbackData(1, thread.public_id, [thread.public_id]), now())
    hall.decide("deferred", 2, reason="Nanti.")
    path = f"/policies/{hall.slug}/feedback?revision=1"
    assert rows_from(hall, path) == [list(range(1, ROWS + 1)), list(range(ROWS + 1, ROWS + 4))]
    undecided = [1, *range(3, ROWS + 4)]
    assert rows_from(hall, f"{path}&outcome=undecided") == [undecided[:ROWS], undecided[ROWS:]]
    assert rows_from(hall, f"{path}&outcome=deferred") == [[2]]
    assert f"Undecided {ROWS + 2}" in words(see(hall.asep, path).select_one(".matrix-sum"))
    assert hall.asep.get(f"{path}&cursor=nowhere").status_code == 422


def rows_from(hall: Hall, path: str) -> list[list[int]]:
    """The numbers of the rows on this page of the answers, and on those after it."""
    page = see(hall.asep, path)
    found = [int(str(row["id"]).removeprefix("m-")) for row in page.select(".mx")]
    following = page.select_one(".pager a[rel=next]")
    return [found, *(rows_from(hall, str(following["href"])) if following else [])]


def test_the_answers_cost_the_same_however_many(hall: Hall) -> None:
    hall.many("neneng", 2)
    hall.decide("rejected", reason="Tidak.")
    path = f"/policies/{hall.slug}/feedback"
    few = queries_of(hall, hall.asep, path)
    hall.many("asep", 40)
    hall.decide("rejected", 2, reason="Tidak.")
    hall.decide("rejected", 3, reason="Tidak.")
    assert queries_of(hall, hall.asep, path) == few


def test_the_audit_record_is_for_those_who_audit(hall: Hall) -> None:
    path = f"/policies/{hall.slug}/audit"
    auditor = hall.person("agus", "auditor")
    assert Browser(hall.app).get(path).status_code == 302
    assert hall.neneng.get(path).status_code == 403
    page = see(auditor, path)
    assert "Revision published" in words(page.select_one("table"))
    assert "their content fits their hashes" in words(page)


def test_the_audit_record_speaks_as_the_other_pages_do(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Terlalu cepat.")
    hall.decide("out_of_scope", reason="Diatur di tempat lain.")
    page = see(hall.drafter, f"/policies/{hall.slug}/audit")
    told = {words(row.select("td")[3]): row for row in page.select("tbody tr")}
    closes_at = _closing(hall)
    round_set = words(told["Round set"])
    assert f"closes {closes_at:%-d %b}, {closes_at:%H:%M} WIB" in round_set.replace("\u00a0", " ")
    assert "audience Everyone with an account" in round_set
    assert "kind Mayoral regulation" in words(told["Policy opened"])
    decided = told["Feedback item decided"]
    assert "outcome Out of scope" in words(decided)
    raw = decided.select_one("details code")
    assert raw is not None
    assert r"\"outcome\":\"out_of_scope\"" in raw.text
    digest = hashlib.sha256(b"\x00" + raw.text.encode()).hexdigest()
    assert decided.select("td")[-1].code["title"] == digest


def test_whatever_an_entry_holds_is_shown(hall: Hall) -> None:
    with hall.app.app_context(), transaction():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.verb == "round.opened")
        ).one()
        entry.facts = '{"audience":"all","closes_at":"soon","opens_at":7,"outcome":{"a":[null]}}'
    shown = words(see(hall.drafter, f"/policies/{hall.slug}/audit").select_one("table"))
    for said in ("audience all", "closes soon", "opens 7", "outcome {'a': [None]}"):
        assert said in shown


def test_who_pressed_agree_is_told_to_auditors_alone(hall: Hall) -> None:
    auditor, leader = hall.person("agus", "auditor"), hall.person("wali", "leader")
    hall.contribute(hall.neneng, "Pasal 1", "Bagus.")
    stance = f"/threads/{hall.thread_id()}/stance"
    hall.asep.post(stance, {"stance": "support"}, page="/account/password")
    path = f"/policies/{hall.slug}/audit"
    for person, is_told in ((auditor, True), (leader, False), (hall.drafter, False)):
        (row,) = (r for r in see(person, path).select("tbody tr") if "Stance taken" in words(r))
        assert ("Asep" in words(row)) == is_told
        assert (row.select_one("details code") is not None) == is_told
    assert "Neneng" in words(see(hall.drafter, path))  # who contributes does so under their name
    for name, is_told in (("agus", True), ("wali", False), ("ratna", False)):
        token = make_token(hall.app, f"{name}@kota.example")
        asked = {"Authorization": f"Bearer {token}"}
        entries = hall.app.test_client().get(f"/api/v1{path}", headers=asked).get_json()["items"]
        (entry,) = (entry for entry in entries if entry["verb"] == "thread.endorsed")
        assert bool(entry["actor"]) == is_told


def test_a_changed_entry_is_shown_as_changed(hall: Hall) -> None:
    with hall.app.app_context(), transaction():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.verb == "revision.published")
        ).one()
        entry.facts = entry.facts.replace('"revision":1', '"revision":2')
        number = entry.seq
    page = words(see(hall.drafter, f"/policies/{hall.slug}/audit"))
    assert f"Entry {number} does not fit its hash" in page


def test_help_and_keys_can_be_read_by_everybody(hall: Hall) -> None:
    for path in ("/help", "/shortcuts"):
        assert see(Browser(hall.app), path).select_one("h1") is not None


def _closing(hall: Hall) -> datetime:
    """When the round closes, as clocks in the city show it."""
    with hall.app.app_context():
        consultation = hall.policy().current_round
        assert consultation is not None
        return consultation.closes_at.astimezone(ZoneInfo("Asia/Jakarta"))
