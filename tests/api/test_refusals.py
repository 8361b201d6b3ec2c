"""What the API refuses, and how it says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import choose_locale
from policyforum.db.session import transaction
from policyforum.web.paging import encode_cursor
from tests.api.program import LAW, City, Program, in_days, key_of, made, refused, told


@pytest.fixture
def ratna(city: City) -> Program:
    return city.program("ratna", "drafter")


@pytest.fixture
def neneng(city: City) -> Program:
    return city.program("neneng", "staff")


def test_without_a_token_nobody_gets_in(app: Flask, city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    nobody, stranger = Program(app), Program(app, "pf_not-a-token")
    for program in (nobody, stranger):
        answer = program.get(f"/policies/{slug}")
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
        refused(program.post("/policies", {}), 401)
    assert nobody.get("/openapi.json").status_code == 200


def test_a_session_cookie_opens_nothing_here(app: Flask, city: City, ratna: Program) -> None:
    answer = app.test_client()
    answer.set_cookie("session", "whatever")
    assert answer.get("/api/v1/me").status_code == 401


def test_what_one_may_not_see_is_not_there(city: City, ratna: Program, neneng: Program) -> None:
    other = city.program("other", "drafter", unit=city.unit("LAIN"))
    hidden = city.start(ratna)
    for path in ("", "/draft", "/revisions", "/audit", "/matrix", "/revisions/1/source"):
        refused(neneng.get(f"/policies/{hidden}{path}"), 404)
        refused(other.get(f"/policies/{hidden}{path}"), 404)
    assert told(neneng.get("/policies"))["items"] == []
    city.publish(ratna, hidden)
    assert told(neneng.get(f"/policies/{hidden}"))["current_revision"] == 1
    refused(neneng.get(f"/policies/{hidden}/draft"), 404)
    refused(neneng.put(f"/policies/{hidden}/draft", {"source": "x", "version": 1}), 404)
    refused(neneng.get(f"/policies/{hidden}/revisions/2"), 404)
    refused(neneng.get("/policies/tidak-ada"), 404)
    refused(neneng.get("/policies/%00"), 404)
    refused(neneng.get("/threads/tidak-ada/placements"), 404)
    refused(neneng.get("/threads/%00"), 404)
    refused(neneng.get("/tidak-ada"), 404)


def test_an_invited_policy_and_its_threads(city: City, ratna: Program, neneng: Program) -> None:
    slug = city.consulted(ratna, visibility="invited")
    thread = made(
        ratna.post(f"/policies/{slug}/revisions/1/threads", {"section": None, "body": "Catatan."})
    )
    comment = thread["comments"][0]["id"]
    refused(neneng.get(f"/policies/{slug}/revisions/1/threads"), 404)
    refused(neneng.get(f"/threads/{thread['id']}"), 404)
    refused(neneng.post(f"/threads/{thread['id']}/comments", {"body": "x", "parent": None}), 404)
    refused(neneng.patch(f"/comments/{comment}", {"body": "x"}), 404)
    refused(neneng.delete(f"/comments/{comment}"), 404)
    refused(neneng.post(f"/policies/{slug}/decisions", {"revision": 1, "outcome": "approved"}), 404)


def test_what_one_may_see_but_not_do(city: City, ratna: Program, neneng: Program) -> None:
    slug = city.consulted(ratna)
    here = f"/policies/{slug}"
    thread = made(neneng.post(f"{here}/revisions/1/threads", {"section": None, "body": "Halo."}))
    comment = thread["comments"][0]["id"]
    item = made(
        ratna.post(
            f"{here}/feedback", {"revision": 1, "summary": "Halo.", "threads": [thread["id"]]}
        )
    )
    auditor = city.program("auditor", "auditor")
    new = {"title": "Baru", "kind": "perwal", "visibility": "public"}
    round_ = {"opens_at": in_days(0), "closes_at": in_days(1), "audience": "public"}
    refused(neneng.post("/policies", new), 403)
    refused(neneng.post(f"{here}/revisions", {"change_note": "x", "draft_version": 1}), 403)
    refused(neneng.post(f"{here}/revisions/1/round", round_), 403)
    refused(neneng.patch(f"{here}/revisions/1/round", {"closes_at": in_days(9)}), 403)
    refused(
        neneng.post(f"{here}/feedback", {"revision": 1, "summary": "x", "threads": [thread["id"]]}),
        403,
    )
    refused(neneng.put(f"/feedback/{item['id']}/disposition", {"outcome": "accepted"}), 403)
    refused(neneng.post(f"{here}/decisions", {"revision": 1, "outcome": "approved"}), 403)
    refused(neneng.get(f"{here}/audit"), 403)
    refused(ratna.patch(f"/comments/{comment}", {"body": "Kata orang lain."}), 403)
    refused(ratna.delete(f"/comments/{comment}"), 403)
    refused(auditor.post(f"{here}/revisions/1/threads", {"section": None, "body": "x"}), 403)
    assert told(auditor.get(f"{here}/audit"))["items"]


def test_a_stale_draft_gets_both_texts(city: City, ratna: Program) -> None:
    other = city.program("asep", "drafter")
    slug = city.start(ratna)
    draft = f"/policies/{slug}/draft"
    mine, theirs = LAW.replace("31 Maret", "1 April"), LAW.replace("BPSDM", "BKPSDM") + "\nAkhir.\n"
    told(other.put(draft, {"source": theirs, "version": 1}))
    stale = refused(ratna.put(draft, {"source": mine, "version": 1}), 409)
    assert stale["current"] == {"version": 2, "source": theirs}
    assert "1 April" in stale["merged"]["source"]
    assert "Akhir." in stale["merged"]["source"]
    assert stale["merged"]["conflicts"] == []
    assert told(ratna.get(draft))["source"] == theirs
    colliding = LAW.replace("31 Maret", "2 Mei")
    told(other.put(draft, {"source": LAW.replace("31 Maret", "9 Juni"), "version": 2}))
    stale = refused(ratna.put(draft, {"source": colliding, "version": 2}), 409)
    [conflict] = stale["merged"]["conflicts"]
    assert {"2 Mei", "9 Juni"} <= {conflict["ours"][-6:], conflict["theirs"][-6:]} or (
        "2 Mei" in conflict["ours"] and "9 Juni" in conflict["theirs"]
    )
    refused(
        ratna.post(f"/policies/{slug}/revisions", {"change_note": "x", "draft_version": 1}), 409
    )


def test_a_thread_on_an_older_revision_is_told_how_it_reads_now(
    city: City, ratna: Program, neneng: Program
) -> None:
    slug = city.consulted(ratna)
    first = told(ratna.get(f"/policies/{slug}/revisions/1"))["sections"]
    key = key_of(first, "Pasal 2 ayat (2)")
    city.publish(ratna, slug, LAW.replace("31 Maret", "30 April"))
    stale = refused(
        neneng.post(f"/policies/{slug}/revisions/1/threads", {"section": key, "body": "Halo."}), 409
    )
    assert stale["current"]["revision"] == 2
    assert stale["current"]["section"] == key
    assert "30 April" in stale["current"]["text"]


def test_the_text_of_an_overtaken_section_is_its_own(
    city: City, ratna: Program, neneng: Program
) -> None:
    slug = city.consulted(ratna)
    first = told(ratna.get(f"/policies/{slug}/revisions/1"))["sections"]
    city.publish(ratna, slug, LAW.replace("KETENTUAN UMUM", "UMUM"))
    second = told(ratna.get(f"/policies/{slug}/revisions/2"))["sections"]
    for label in ("BAB I", "Pasal 2"):
        sent = {"section": key_of(first, label), "body": "Halo."}
        stale = refused(neneng.post(f"/policies/{slug}/revisions/1/threads", sent), 409)
        now = next(section for section in second if section["key"] == sent["section"])
        assert stale["current"] == {"revision": 2, "section": now["key"], "text": now["text"]}


def test_closed_rounds_take_nothing(city: City, ratna: Program, neneng: Program) -> None:
    slug = city.consulted(ratna)
    here = f"/policies/{slug}/revisions/1"
    thread = made(neneng.post(f"{here}/threads", {"section": None, "body": "Halo."}))
    opened = told(ratna.patch(f"{here}/round", {"closes_at": in_days(20)}))
    assert opened["state"] == "open"
    assert list(refused(ratna.patch(f"{here}/round", {}), 422)["errors"]) == ["closes_at"]
    closed = told(ratna.patch(f"{here}/round", {"state": "closed"}))
    assert closed["state"] == "closed"
    refused(neneng.post(f"{here}/threads", {"section": None, "body": "Halo."}), 409)
    refused(neneng.post(f"/threads/{thread['id']}/comments", {"body": "x", "parent": None}), 409)
    refused(neneng.patch(f"/comments/{thread['comments'][0]['id']}", {"body": "x"}), 409)
    made(ratna.post(f"{here}/threads", {"section": None, "body": "Catatan perancang."}))
    assert told(ratna.get(f"/policies/{slug}"))["status"] == "consolidating"


def test_gates_name_what_is_missing(city: City, ratna: Program, neneng: Program) -> None:
    leader = city.program("wali", "leader")
    slug = city.consulted(ratna)
    here = f"/policies/{slug}"
    thread = made(neneng.post(f"{here}/revisions/1/threads", {"section": None, "body": "Halo."}))
    version = told(ratna.get(f"{here}/draft"))["version"]
    publication = {"change_note": "Lagi.", "draft_version": version}
    unmet = refused(ratna.post(f"{here}/revisions", publication), 422)
    assert unmet["missing"][0]["thread"] == thread["id"]
    unmet = refused(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "approved"}), 422)
    assert unmet["missing"][0]["thread"] == thread["id"]
    told(neneng.delete(f"/comments/{thread['comments'][0]['id']}"))
    made(ratna.post(f"{here}/revisions", publication))


FIELDS = [
    ("/policies", {"title": 1}, "title"),
    ("/policies", {"title": " \n"}, "title"),
    ("/policies", {"title": "a" * 501}, "title"),
    ("/policies", {"title": "a\x00b"}, "title"),
    ("/policies", {"title": None}, "title"),
    ("/policies", {"kind": "undang-undang"}, "kind"),
    ("/policies", {"kind": ["perwal"]}, "kind"),
    ("/policies", {"visibility": "secret"}, "visibility"),
    ("/policies", {"source": "nol\x00"}, "source"),
    ("/policies", {"source": "x" * (5 * 1024 * 1024 + 1)}, "source"),
    ("{here}/revisions", {"change_note": ""}, "change_note"),
    ("{here}/revisions", {"draft_version": "1"}, "draft_version"),
    ("{here}/revisions", {"draft_version": True}, "draft_version"),
    ("{here}/revisions", {"draft_version": 1.5}, "draft_version"),
    ("{here}/revisions", {"draft_version": 10**30}, "draft_version"),
    ("{here}/revisions", {"draft_version": -1}, "draft_version"),
    ("{here}/revisions/1/round", {"closes_at": "besok"}, "closes_at"),
    ("{here}/revisions/1/round", {"closes_at": "2026-12-01T00:00:00"}, "closes_at"),
    ("{here}/revisions/1/round", {"closes_at": "0001-01-01T00:00:00+07:00"}, "closes_at"),
    ("{here}/revisions/1/round", {"closes_at": "9999-12-31T23:59:59-07:00"}, "closes_at"),
    ("{here}/revisions/1/round", {"closes_at": 1}, "closes_at"),
    ("{here}/revisions/1/round", {"audience": "everyone"}, "audience"),
    ("{here}/revisions/1/threads", {"section": "tidak-ada"}, "section"),
    ("{here}/revisions/1/threads", {"section": "a\x00"}, "section"),
    ("{here}/revisions/1/threads", {"section": "a\ud800"}, "section"),
    ("{here}/revisions/1/threads", {"section": 7}, "section"),
    ("{here}/revisions/1/threads", {"body": "  \n "}, "body"),
    ("{here}/revisions/1/threads", {"body": "\u00a0\u200b\ufeff\u2060\u3164"}, "body"),
    ("{here}/revisions/1/threads", {"body": "a" * 10_001}, "body"),
    ("{here}/revisions/1/threads", {"quote": {"exact": "tidak ada di sini"}}, "quote"),
    ("{here}/revisions/1/threads", {"quote": {"exact": "a" * 2_001}}, "quote"),
    ("{here}/revisions/1/threads", {"quote": {"exact": "a", "prefix": "a" * 2_001}}, "quote"),
    ("{here}/revisions/1/threads", {"quote": {"exact": "a", "suffix": "a" * 2_001}}, "quote"),
    ("{here}/revisions/1/threads", {"quote": {}}, "quote.exact"),
    ("{here}/revisions/1/threads", {"quote": "Pasal 1"}, "quote"),
    ("{here}/revisions/1/threads", {"quote": {"exact": "Pasal", "start": -1}}, "quote.start"),
    ("{here}/revisions/1/threads", {"kind": "shout"}, "kind"),
    ("{here}/revisions/1/threads", {"stance": "maybe"}, "stance"),
    ("{here}/revisions/1/threads", {"suggestion": {"replacement": "x"}}, "suggestion"),
    ("{here}/revisions/1/threads", {"identity": "protected"}, "identity"),
    ("{here}/feedback", {"threads": []}, "threads"),
    ("{here}/feedback", {"threads": ["tidak-ada"]}, "threads"),
    ("{here}/feedback", {"threads": "tidak-ada"}, "threads"),
    ("{here}/feedback", {"threads": [1]}, "threads.0"),
    ("{here}/feedback", {"summary": ""}, "summary"),
]
BODIES: dict[str, dict[str, Any]] = {
    "/policies": {"title": "Baru", "kind": "perwal", "visibility": "public"},
    "{here}/revisions": {"change_note": "Lagi.", "draft_version": 2},
    "{here}/revisions/1/round": {
        "opens_at": "2026-11-01T00:00:00+07:00",
        "closes_at": "2999-01-01T00:00:00Z",
        "audience": "public",
    },
    "{here}/revisions/1/threads": {"section": None, "body": "Halo."},
    "{here}/feedback": {"revision": 1, "summary": "Halo.", "threads": []},
}


def test_fields_that_cannot_be_taken_are_named(city: City, ratna: Program) -> None:
    slug = city.start(ratna)
    city.publish(ratna, slug)
    for path, wrong, field in FIELDS:
        body = {**BODIES[path], **wrong}
        problem = refused(ratna.post(path.format(here=f"/policies/{slug}"), body), 422)
        assert list(problem["errors"]) == [field], (wrong, problem)
        assert problem["errors"][field][0]
    assert [policy["slug"] for policy in told(ratna.get("/policies"))["items"]] == [slug]
    assert told(ratna.get(f"/policies/{slug}"))["current_revision"] == 1


def test_limits_are_told_in_the_readers_figures(city: City, ratna: Program) -> None:
    threads = f"/policies/{city.consulted(ratna)}/revisions/1/threads"
    for language, figures in (("id", ("10.001", "10.000")), ("en", ("10,001", "10,000"))):
        body = {"section": None, "body": "x" * 10_001}
        answer = ratna.post(threads, body, headers={"Accept-Language": language})
        assert all(figure in refused(answer, 422)["detail"] for figure in figures)
    body = {"title": "x", "kind": "perda", "visibility": "public", "source": "a" * 6_606_029}
    answer = ratna.post("/policies", body, headers={"Accept-Language": "id"})
    assert "6,3 MB" in refused(answer, 422)["detail"]


def test_every_missing_field_is_named_at_once(ratna: Program) -> None:
    problem = refused(ratna.post("/policies", {}), 422)
    assert set(problem["errors"]) == {"title", "kind", "visibility"}
    assert list(refused(ratna.post("/policies", []), 422)["errors"]) == ["body"]


def test_reasons_are_compulsory_where_they_are(city: City, ratna: Program, neneng: Program) -> None:
    leader = city.program("wali", "leader")
    slug = city.consulted(ratna)
    here = f"/policies/{slug}"
    thread = made(neneng.post(f"{here}/revisions/1/threads", {"section": None, "body": "Halo."}))
    item = made(
        ratna.post(
            f"{here}/feedback", {"revision": 1, "summary": "Halo.", "threads": [thread["id"]]}
        )
    )
    disposition = f"/feedback/{item['id']}/disposition"
    for outcome in ("partly", "rejected", "deferred"):
        problem = refused(ratna.put(disposition, {"outcome": outcome, "reason": " "}), 422)
        assert list(problem["errors"]) == ["reason"]
    assert list(refused(ratna.put(disposition, {"outcome": "no"}), 422)["errors"]) == ["outcome"]
    told(ratna.put(disposition, {"outcome": "accepted"}))
    refused(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "approved"}), 409)
    told(ratna.patch(f"{here}/revisions/1/round", {"state": "closed"}))
    problem = refused(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "returned"}), 422)
    assert list(problem["errors"]) == ["reason"]
    made(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "approved"}))
    refused(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "approved"}), 409)


def test_what_is_not_json_is_refused(ratna: Program) -> None:
    refused(ratna.raw("POST", "/policies", "title=x", content_type="text/plain"), 415)
    refused(ratna.raw("POST", "/policies", b"", content_type="multipart/form-data"), 415)
    for body in ("", "{", "NaN", '{"title": NaN}', "\ufeff{}", b"\xff\xfe{", "[" * 100_000):
        refused(ratna.raw("POST", "/policies", body), 400)
    refused(ratna.raw("POST", "/policies", "1" * 5000), 400)
    lone = json.dumps({"title": "x", "kind": "perwal", "visibility": "public"})
    problem = refused(ratna.raw("POST", "/policies", lone.replace('"x"', '"\\ud800"')), 422)
    assert list(problem["errors"]) == ["title"]


def test_bodies_past_all_measure_are_refused(ratna: Program) -> None:
    refused(ratna.raw("POST", "/policies", b'"' + b"a" * (22 * 1024 * 1024) + b'"'), 413)


def test_other_methods_are_refused_with_those_allowed(ratna: Program) -> None:
    answer = ratna.delete("/policies")
    refused(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_parameters_that_do_not_fit_are_refused(city: City, ratna: Program) -> None:
    slug = city.start(ratna)
    city.publish(ratna, slug)
    for query, field in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=banyak", "limit"),
        ("cursor=%00", "cursor"),
        ("cursor=bukan", "cursor"),
        ("cursor=WyJhIl0", "cursor"),
        ("status=lost", "status"),
        ("q=%00", "q"),
        (f"q={'a' * 201}", "q"),
    ]:
        problem = refused(ratna.get(f"/policies?{query}"), 422)
        assert list(problem["errors"]) == [field], query
    threads = f"/policies/{slug}/revisions/1/threads"
    refused(ratna.get(f"{threads}?placement=lost"), 422)
    refused(ratna.get(f"{threads}?cursor={encode_cursor([2**31])}"), 422)  # no column holds it
    refused(ratna.get(f"{threads}?author=you"), 422)
    assert told(ratna.get(f"{threads}?section=tidak-ada"))["items"] == []
    refused(ratna.get(f"/policies/{slug}/matrix?format=xlsx"), 422)
    refused(ratna.get(f"/policies/{slug}/revisions/{10**30}"), 404)
    refused(ratna.get(f"/policies/{slug}/changes/1..{10**30}"), 404)


def test_refusals_speak_the_language_asked_for(ratna: Program) -> None:
    english = ratna.get("/tidak-ada", headers={"Accept-Language": "en"}).get_json()["title"]
    assert english == "Not found"
    indonesian = ratna.get("/tidak-ada", headers={"Accept-Language": "id"}).get_json()["title"]
    assert indonesian != english


def test_a_program_may_ask_for_another_language_than_its_person_chose(
    app: Flask, city: City, ratna: Program
) -> None:
    with app.app_context(), transaction():
        account = account_by_email("ratna@kota.example")
        assert account is not None
        choose_locale(account, "id", datetime.now(UTC))
    titles = {
        language: ratna.get("/tidak-ada", headers={"Accept-Language": language}).get_json()["title"]
        for language in ("en", "id", "fr", "")
    }
    assert titles["en"] == "Not found"
    assert titles["id"] == titles["fr"] == titles[""] == "Tidak ditemukan"


def test_every_cause_of_a_conflict_has_its_own_title(
    city: City, ratna: Program, neneng: Program
) -> None:
    leader = city.program("wali", "leader")
    slug = city.consulted(ratna)
    here = f"/policies/{slug}"
    consultation = {"opens_at": in_days(-1), "closes_at": in_days(6), "audience": "public"}
    body = {"section": None, "body": "Halo."}
    told(ratna.put(f"{here}/draft", {"source": "# Baru\n", "version": 2}))

    def title(answer: TestResponse) -> str:
        return str(refused(answer, 409)["title"])

    def both(send: Callable[..., TestResponse], path: str, sent: Any, **more: str) -> None:
        for titles, language in ((indonesian, "id"), (english, "en")):
            titles.append(title(send(path, sent, headers={"Accept-Language": language, **more})))

    indonesian: list[str] = []
    english: list[str] = []
    both(ratna.put, f"{here}/draft", {"source": "# Lain\n", "version": 1})
    both(ratna.post, f"{here}/revisions", {"change_note": "x", "draft_version": 1})
    both(ratna.post, f"{here}/revisions/1/round", consultation)
    told(ratna.patch(f"{here}/revisions/1/round", {"state": "closed"}))
    both(neneng.post, f"{here}/revisions/1/threads", body)
    both(ratna.patch, f"{here}/revisions/1/round", {"state": "closed"})
    made(leader.post(f"{here}/decisions", {"revision": 1, "outcome": "approved", "reason": ""}))
    both(leader.post, f"{here}/decisions", {"revision": 1, "outcome": "approved", "reason": ""})
    city.publish(ratna, slug)
    both(neneng.post, f"{here}/revisions/1/threads", body)
    both(neneng.post, f"{here}/revisions/2/threads", body)
    policy = {"title": "Satu", "kind": "perwal", "visibility": "public"}
    made(ratna.post("/policies", policy, headers={"Idempotency-Key": "k-1"}))
    both(ratna.post, "/policies", {**policy, "title": "Dua"}, **{"Idempotency-Key": "k-1"})
    for titles in (indonesian, english):
        assert len(titles) == 9
        assert len(set(titles)) == 9, titles
    assert not set(indonesian) & set(english)
