"""The response matrix as files."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from policyforum.consolidation.matrix import matrix_rows
from tests.commenting.town import Counted
from tests.consolidation.hall import DEADLINE, Hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def table(hall: Hall, number: int = 1) -> list[dict[str, str]]:
    answer = hall.neneng.get(f"/policies/{hall.slug}/feedback.csv?revision={number}")
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_row_tells_the_whole_way_of_an_item(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.decide("accepted", reason="Beralasan.", response="Tenggat *diundur*.", summary="Tenggat")
    hall.draw_up()
    hall.publish(None)
    (row,) = table(hall)
    assert row == {
        "No.": "1",
        "Provision": "Pasal 2 ayat (2)",
        "Wording in the draft": DEADLINE,
        "Contributor": "Neneng",
        "Summary": "Tenggat",
        "Contribution": "Sebaiknya diubah.",
        "Proposed wording": "paling lambat tanggal 30 April",
        "Reason or legal basis": "Beralasan.",
        "Answer of the initiator": "Tenggat *diundur*.",
        "Follow-up": "Accepted",
        "Resulting wording": "paling lambat tanggal 30 April",
        "Remarks": "Contributions 1; Revision 2, Pasal 2 ayat (2)",
    }


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+62 811", "-2 hari", "@semua", "\t=1", "＝1+1", "  =1", "=cmd|' /C calc'!A0"],
)
def test_no_cell_runs_as_a_formula(hall: Hall, words: str) -> None:
    hall.contribute(hall.neneng, "Pasal 1", words)
    hall.decide("rejected", reason=words, response=words, summary=words)
    (row,) = table(hall)
    for name in ("Contribution", "Reason or legal basis", "Answer of the initiator", "Summary"):
        assert row[name].startswith("'"), name
        assert row[name].removeprefix("'").strip() == words.strip()


def test_json_holds_the_same_as_data(hall: Hall) -> None:
    hall.propose(hall.neneng, "kapan saja", exact=DEADLINE)
    hall.contribute(hall.asep, "Pasal 1", "=1+1")
    hall.decide("rejected", reason="Perlu tenggat.", summary="Tenggat")
    matrix = hall.asep.get(f"/policies/{hall.slug}/feedback.json").get_json()
    assert matrix["revision"] == 1
    (item,) = matrix["items"]
    assert (item["number"], item["outcome"], item["summary"]) == (1, "rejected", "Tenggat")
    assert item["decided_at"].endswith("Z")
    (raised,) = item["contributions"]
    assert raised["suggestion"] == {"replacement": "kapan saja"}
    assert raised["thread"] == hall.thread_id()


def test_who_may_not_see_the_policy_gets_no_matrix(app: Flask) -> None:
    hall = Hall(app)
    assert app.test_client().get(f"/policies/{hall.slug}/feedback.csv").status_code == 200
    for address in (
        "feedback.csv?revision=9",
        "feedback.csv?revision=x",
        "feedback.json?revision=0",
    ):
        assert hall.neneng.get(f"/policies/{hall.slug}/{address}").status_code == 404
    assert hall.neneng.get("/policies/tidak-ada/feedback.json").status_code == 404


def test_withdrawn_words_are_not_exported(hall: Hall) -> None:
    hall.propose(hall.neneng, "rahasia usul", exact=DEADLINE)
    hall.contribute(hall.asep, "Pasal 3", "Budi Santoso *menerima* suap. Sudah lama.")
    hall.decide("accepted", summary="Tenggat", wording="")
    hall.decide("rejected", 2, reason="Di luar lingkup.")  # the summary as it suggests itself
    hall.neneng.post(f"/comments/{hall.comment_ids()[0]}/withdraw", page="/account/password")
    moderator = hall.person("mod", "moderator")
    moderator.post(f"/comments/{hall.comment_ids(2)[0]}/hide", {"reason": "Menyebut nama."})
    for address in ("feedback.csv", "feedback.json", "feedback"):
        text = hall.asep.get(f"/policies/{hall.slug}/{address}").get_data(as_text=True)
        assert "Tenggat" in text
        for gone in ("Sebaiknya diubah", "rahasia usul", "Budi Santoso"):
            assert gone not in text, address


def test_the_matrix_takes_the_same_queries_for_one_item_and_for_many(hall: Hall) -> None:
    hall.many("asep", 12)
    counts = []
    for number in range(1, 13):
        hall.decide("deferred", number, reason="Nanti.")
        if number in (1, 12):
            with hall.app.app_context():
                revision = hall.policy().current_revision
                assert revision is not None
                with Counted() as counted:
                    assert len(matrix_rows(revision)) == number
                counts.append(counted.number)
    assert counts[0] == counts[1]
