"""Opening a policy with a text that is pasted or uploaded."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from policyforum.accounts.queries import account_by_email
from policyforum.db.session import transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, grant_role
from tests.drafting.desk import LAW, Desk, soup_of, text_of
from tests.people import Browser, make_person, make_unit


def test_a_pasted_text_becomes_the_draft(desk: Desk) -> None:
    slug = desk.start("Pengembangan Kompetensi ASN", LAW)
    assert slug == "pengembangan-kompetensi-asn"
    taken = desk.get(f"/policies/{slug}/draft/source")
    assert taken.content_type == "text/markdown; charset=utf-8"
    assert desk.source(slug).decode() == LAW


def test_browsers_line_ends_do_not_get_into_the_text(desk: Desk) -> None:
    slug = desk.start(source=LAW.replace("\n", "\r\n"))
    assert desk.source(slug).decode() == LAW


def test_an_uploaded_file_is_kept_byte_for_byte(desk: Desk) -> None:
    content = "\ufeff# Satu\r\n\r\nDua\rtiga\n\u2028empat".encode()
    assert desk.source(desk.start(source=content)) == content


def test_a_file_that_is_not_utf8_is_refused_naming_the_byte(desk: Desk) -> None:
    answer = desk.send_new("Judul yang diketik", b"# Judul\n\nkom\xe9tensi")
    assert answer.status_code == 422
    assert "byte 13" in text_of(answer)
    assert soup_of(answer).select_one("#title")["value"] == "Judul yang diketik"


def test_nul_characters_are_refused(desk: Desk) -> None:
    for source in ("Pasal 1\x00", b"Pasal 1\x00"):
        answer = desk.send_new("Judul", source)
        assert answer.status_code == 422
        assert "NUL" in text_of(answer)


def test_more_than_five_megabytes_is_refused_and_the_rest_kept(desk: Desk) -> None:
    answer = desk.send_new("Judul yang diketik", b"a" * (6 * 1024 * 1024))
    assert answer.status_code == 422
    assert "6 MB" in text_of(answer)
    assert soup_of(answer).select_one("#title")["value"] == "Judul yang diketik"
    assert desk.send_new("Judul", "a" * (7 * 1024 * 1024)).status_code in (413, 422)
    assert desk.get("/policies/judul/draft").status_code == 404


def test_a_title_is_compulsory_and_what_was_pasted_stays(desk: Desk) -> None:
    answer = desk.send_new("   ", LAW)
    assert answer.status_code == 422
    assert "Please write something here." in text_of(answer)
    assert soup_of(answer).select_one("#source").text.strip() == LAW.strip()


def test_an_empty_text_may_be_written_later(desk: Desk) -> None:
    assert desk.source(desk.start(source="")) == b""


def test_alike_titles_get_addresses_of_their_own(desk: Desk) -> None:
    assert desk.start("Disiplin") == "disiplin"
    assert desk.start("Disiplin!") == "disiplin-2"
    assert desk.start("New") == "new-2"
    assert desk.start("規則") == "kebijakan"


def test_sending_the_form_twice_opens_one_policy(desk: Desk) -> None:
    form = {"title": "Karier", "kind": "perwal", "visibility": "public", "unit": "", "source": ""}
    page = soup_of(desk.get("/policies/new"))
    for name in ("csrf_token", "once"):
        form[name] = page.select_one(f"main input[name={name}]")["value"]
    answers = [desk.client.post("/policies/new", data=form) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/policies/karier/draft"] * 2
    assert desk.get("/policies/karier-2/draft").status_code == 404


def test_going_back_and_sending_something_else_is_another_act(desk: Desk) -> None:
    form = {"title": "Karier", "kind": "perwal", "visibility": "public", "unit": "", "source": ""}
    page = soup_of(desk.get("/policies/new"))
    for name in ("csrf_token", "once"):
        form[name] = page.select_one(f"main input[name={name}]")["value"]
    desk.client.post("/policies/new", data=form)
    answer = desk.client.post("/policies/new", data={**form, "title": "Kinerja"})
    assert answer.location == "/policies/kinerja/draft"


def test_only_drafters_open_policies(app: Flask) -> None:
    make_person(app, "staf@kota.example", "staff")
    staff = Browser(app)
    staff.sign_in("staf@kota.example")
    assert staff.get("/policies/new").status_code == 403
    assert app.test_client().get("/policies/new").status_code == 302


def test_a_drafter_of_one_unit_opens_policies_for_that_unit_only(app: Flask) -> None:
    own, other = make_unit(app, "BKPSDM"), make_unit(app, "DINKES")
    make_person(app, "tia@kota.example", "drafter", unit="BKPSDM")
    desk = Desk(app, "tia@kota.example")
    offered = [
        option["value"] for option in soup_of(desk.get("/policies/new")).select("#unit option")
    ]
    assert offered == [own]
    assert desk.send_new("Judul", LAW, unit=other).status_code == 422
    slug = desk.start(unit=own)
    assert desk.get(f"/policies/{slug}/draft").status_code == 200


def test_the_unit_a_drafter_works_in_is_chosen_beforehand(app: Flask) -> None:
    own, other = make_unit(app, "BKPSDM"), make_unit(app, "DINKES")
    make_person(app, "tia@kota.example", "drafter", unit="DINKES")
    with app.app_context(), transaction():
        account = account_by_email("tia@kota.example")
        assert account is not None
        grant_role(account, PROGRAM, GrantData("drafter", None), datetime.now(UTC))
    menu = soup_of(Desk(app, "tia@kota.example").get("/policies/new")).select_one("#unit")
    assert {own, other, ""} == {option["value"] for option in menu.select("option")}
    assert menu.select_one("option[selected]")["value"] == other


def test_nobody_else_sees_a_draft(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    make_person(app, "staf@kota.example", "staff", "leader")
    staff = Browser(app)
    staff.sign_in("staf@kota.example")
    for page in ("draft", "draft/saves", "draft/source", "publish"):
        assert staff.get(f"/policies/{slug}/{page}").status_code in (403, 404)
