"""The whole way of a policy with nothing but calls of the API."""

from __future__ import annotations

import hashlib
import json
import re

from policyforum.audit.chain import EMPTY_HASH
from tests.api.program import LAW, City, in_days, key_of, made, refused, told

REVISED = LAW.replace("31 Maret", "30 April").replace(
    "Pasal 3\n", "Pasal 3\n\nBiaya dibebankan pada anggaran.\n\nPasal 4\n"
)


def test_the_way_of_a_policy(city: City) -> None:
    ratna = city.program("ratna", "drafter")
    neneng = city.program("neneng", "staff")
    dadang = city.program("dadang", "representative")
    wali = city.program("wali", "leader")

    me = told(neneng.get("/me"))
    assert (me["name"], me["roles"], me["unit"], me["organisations"]) == (
        "Neneng",
        ["staff"],
        None,
        [],
    )

    # A draft, saved once more.
    policy = made(
        ratna.post(
            "/policies",
            {
                "title": "Pengembangan Kompetensi",
                "kind": "perwal",
                "visibility": "public",
                "summary": "Hak belajar.",
                "source": "Pasal 1\n",
            },
        )
    )
    assert policy["slug"] == "pengembangan-kompetensi"
    assert policy["url"].endswith("/policies/pengembangan-kompetensi")
    assert (policy["status"], policy["current_revision"]) == ("drafting", None)
    assert policy["draft"] == {"version": 1}
    here = f"/policies/{policy['slug']}"
    refused(neneng.get(here), 404)
    saved = told(ratna.put(f"{here}/draft", {"source": LAW, "version": 1}))
    assert saved["version"] == 2
    assert [s["label"] for s in saved["sections"]][:3] == ["BAB I", "Pasal 1", "Pasal 2"]
    assert "".join(s["text"] for s in saved["sections"]) == LAW

    # The first revision and its round.
    first = made(
        ratna.post(f"{here}/revisions", {"change_note": "Rancangan awal.", "draft_version": 2})
    )
    assert first["number"] == 1
    assert first["published_by"]["name"] == "Ratna"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", first["published_at"])
    assert first["source_hash"] == hashlib.sha256(LAW.encode()).hexdigest()
    _sections_make_the_source(first["sections"], LAW)
    assert {s["origin"]["state"] for s in first["sections"]} == {"new"}
    assert told(ratna.get(f"{here}/draft"))["based_on"] == 1
    source = neneng.get(f"{here}/revisions/1/source")
    assert source.data == LAW.encode()
    assert source.content_type == "text/markdown; charset=utf-8"
    consultation = made(
        ratna.post(
            f"{here}/revisions/1/round",
            {"opens_at": in_days(-1), "closes_at": in_days(6), "audience": "public"},
        )
    )
    assert consultation["state"] == "open"
    assert told(neneng.get(here))["status"] == "consulting"
    assert told(neneng.get(here))["draft"] is None

    # Threads by staff and by an association, with a reply.
    deadline = key_of(first["sections"], "Pasal 2 ayat (2)")
    threads = f"{here}/revisions/1/threads"
    thread = made(
        neneng.post(
            threads,
            {
                "section": deadline,
                "body": "Beri **waktu** lebih.",
                "quote": {"exact": "paling lambat tanggal 31 Maret"},
                "kind": "proposal",
                "stance": "oppose",
                "suggestion": {"replacement": "paling lambat tanggal 30 April"},
                "identity": "named",
            },
        )
    )
    section = next(s for s in first["sections"] if s["key"] == deadline)
    start, end = thread["quote"]["start"], thread["quote"]["end"]
    assert section["text"][start:end] == "paling lambat tanggal 31 Maret"
    assert LAW[section["offset"] + start : section["offset"] + end] == thread["quote"]["exact"]
    assert (thread["section"], thread["state"], thread["kind"]) == (deadline, "open", "proposal")
    assert thread["suggestion"] == {"replacement": "paling lambat tanggal 30 April"}
    assert thread["comments"][0]["html"] == "<p>Beri <strong>waktu</strong> lebih.</p>\n"
    assert thread["comments"][0]["author"]["name"] == "Neneng"
    assert (thread["placement"]["state"], thread["placement"]["score"]) == ("exact", 1.0)
    whole = made(dadang.post(threads, {"section": None, "body": "Kami mendukung."}))
    assert (whole["section"], whole["quote"]) == (None, None)
    opening = thread["comments"][0]["id"]
    reply = made(
        ratna.post(
            f"/threads/{thread['id']}/comments", {"body": "Sampai kapan?", "parent": opening}
        )
    )
    assert (reply["parent"], reply["author"]["is_drafter"]) == (opening, True)
    answer = made(
        neneng.post(f"/threads/{thread['id']}/comments", {"body": "30 Apri", "parent": None})
    )
    assert answer["parent"] == opening
    edited = told(neneng.patch(f"/comments/{answer['id']}", {"body": "30 April."}))
    assert edited["body"] == "30 April."
    assert edited["edited_at"]
    taken_back = told(ratna.delete(f"/comments/{reply['id']}"))
    assert taken_back["withdrawn_at"]
    assert taken_back["body"] == ""
    shown = told(dadang.get(f"/threads/{thread['id']}"))
    assert [comment["id"] for comment in shown["comments"]] == [opening, reply["id"], answer["id"]]
    mine = told(neneng.get(f"{threads}?author=me&state=open&placement=exact&section={deadline}"))
    assert [found["id"] for found in mine["items"]] == [thread["id"]]
    assert told(dadang.get(f"{threads}?section=document"))["items"][0]["id"] == whole["id"]

    # Nothing new is published before everybody has an answer.
    publication = {"change_note": "Tenggat diperpanjang.", "draft_version": 3}
    problem = refused(ratna.post(f"{here}/revisions", publication), 422)
    assert {entry["thread"] for entry in problem["missing"]} == {thread["id"], whole["id"]}
    item = made(
        ratna.post(
            f"{here}/feedback",
            {"revision": 1, "summary": "Tenggat terlalu dekat.", "threads": [thread["id"]]},
        )
    )
    assert (item["number"], item["threads"], item["disposition"]) == (1, [thread["id"]], None)
    disposed = told(
        ratna.put(
            f"/feedback/{item['id']}/disposition",
            {"outcome": "accepted", "reason": "", "response": "Terima kasih."},
        )
    )
    assert disposed["disposition"]["outcome"] == "accepted"
    assert disposed["response"] == "Terima kasih."
    assert disposed["changes"] == []
    support = made(
        ratna.post(
            f"{here}/feedback", {"revision": 1, "summary": "Dukungan.", "threads": [whole["id"]]}
        )
    )
    told(
        ratna.put(
            f"/feedback/{support['id']}/disposition",
            {"outcome": "already_covered", "reason": "Tidak meminta perubahan."},
        )
    )
    assert told(neneng.get(f"/threads/{thread['id']}"))["state"] == "answered"

    # The next revision with the accepted wording.
    told(ratna.put(f"{here}/draft", {"source": REVISED, "version": 3}))
    second = made(ratna.post(f"{here}/revisions", {**publication, "draft_version": 4}))
    _sections_make_the_source(second["sections"], REVISED)
    assert key_of(second["sections"], "Pasal 2 ayat (2)") == deadline
    closing = key_of(first["sections"], "Pasal 3")
    assert key_of(second["sections"], "Pasal 4") == closing
    origin = next(s for s in second["sections"] if s["key"] == closing)["origin"]
    assert origin["previous_keys"] == [closing]
    listed = told(neneng.get(f"{here}/revisions"))
    assert listed["items"] == [second, told(neneng.get(f"{here}/revisions/1"))]
    ledger = told(neneng.get(f"/threads/{thread['id']}/placements"))["items"]
    assert [place["revision"] for place in ledger] == [1, 2]
    assert (ledger[1]["section"], ledger[1]["state"]) == (deadline, "reworded")
    assert ledger[1]["placed_by"] is None
    placed = told(neneng.get(f"{here}/revisions/2/threads?placement=reworded"))["items"]
    assert [found["id"] for found in placed] == [thread["id"]]
    concluded = told(neneng.get(f"{here}/revisions/1"))["round"]
    assert (concluded["state"], concluded["waiting"]) == ("concluded", 0)

    # What changed.
    changes = told(neneng.get(f"{here}/changes/1..2"))
    _spans_make_both_texts(changes["sections"])
    assert changes["totals"]["sections_new"] == 1
    changed = next(s for s in changes["sections"] if s["key"] == deadline)
    assert changed["state"] == "edited"
    gone = "".join(span["text"] for span in changed["spans"] if span["op"] == "delete")
    assert "Maret" in gone

    # The decision, the matrix, the record.
    refused(ratna.post(f"{here}/decisions", {"revision": 2, "outcome": "approved"}), 403)
    decision = made(
        wali.post(f"{here}/decisions", {"revision": 2, "outcome": "approved", "reason": "Baik."})
    )
    assert decision["decided_by"]["name"] == "Wali"
    assert told(neneng.get(here))["status"] == "approved"
    matrix = told(neneng.get(f"{here}/matrix?revision=1&format=json"))
    assert [(row["number"], row["outcome"]) for row in matrix["items"]] == [
        (1, "accepted"),
        (2, "already_covered"),
    ]
    assert matrix["items"][0]["summary"] == "Tenggat terlalu dekat."
    assert matrix["items"][0]["changes"][0]["section"] == deadline
    csv = neneng.get(f"{here}/matrix?revision=1&format=csv")
    assert csv.content_type == "text/csv; charset=utf-8"
    assert "Tenggat terlalu dekat." in csv.get_data(as_text=True)
    _record_is_chained(ratna, here)


def _sections_make_the_source(sections: list[dict[str, object]], source: str) -> None:
    assert [section["position"] for section in sections] == list(range(len(sections)))
    assert "".join(str(section["text"]) for section in sections) == source
    keys = {section["key"] for section in sections}
    assert len(keys) == len(sections)
    for section in sections:
        text, offset = str(section["text"]), int(str(section["offset"]))
        assert source[offset : offset + len(text)] == text
        assert section["hash"] == hashlib.sha256(text.encode()).hexdigest()
        assert section["parent"] is None or section["parent"] in keys


def _spans_make_both_texts(sections: list[dict[str, object]]) -> None:
    for section in sections:
        spans: list[dict[str, str]] = section["spans"]  # type: ignore[assignment]
        if not spans:
            continue
        for side, op in (("before", "delete"), ("after", "insert")):
            text = "".join(span["text"] for span in spans if span["op"] in ("equal", op))
            shown: dict[str, str] | None = section[side]  # type: ignore[assignment]
            assert text == (shown["text"] if shown else "")


def _record_is_chained(ratna: object, here: str) -> None:
    """The entries can be checked by anybody: the hash of each follows from its members."""
    entries, cursor = [], ""
    while cursor is not None:
        page = told(ratna.get(f"{here}/audit?limit=5&cursor={cursor}"))  # type: ignore[attr-defined]
        entries += page["items"]
        cursor = page["next"]
    verbs = [entry["verb"] for entry in entries]
    assert verbs[0] == "policy.created"
    assert verbs[-1] == "decision.made"
    assert verbs.count("revision.published") == 2
    assert [entry["seq"] for entry in entries] == sorted({entry["seq"] for entry in entries})
    for entry in entries:
        assert entry["prev_hash"] != EMPTY_HASH
        canonical = {
            "seq": entry["seq"],
            "at": entry["at"],
            "actor": entry["actor"],
            "verb": entry["verb"],
            "subject": entry["subject"],
            "policy": entry["policy"],
            "facts": json.dumps(entry["facts"], sort_keys=True, separators=(",", ":")),
            "prev_hash": entry["prev_hash"],
        }
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
        assert entry["hash"] == hashlib.sha256(b"\x00" + text.encode()).hexdigest()
