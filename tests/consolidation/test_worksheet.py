"""What the worksheet lists, in which order, and how it is narrowed."""

from __future__ import annotations

import pytest

from tests.commenting.town import Counted
from tests.consolidation.hall import Hall, page_of, panel


def numbers(hall: Hall, **asked: str) -> list[int]:
    page = page_of(hall.drafter.get(hall.sheet, query_string=asked, follow_redirects=True))
    return [int(cell.text) for cell in page.select(".row .no")]


@pytest.fixture
def talk(hall: Hall) -> Hall:
    """Four contributions, given against the order of the text."""
    reporter = hall.speak_for("dadan", "Korpri")
    hall.contribute(hall.neneng, "Pasal 4", "Kapan berlakunya?")
    hall.contribute(hall.asep, "Pasal 2 ayat (3)", "Keberatan.", stance="oppose")
    hall.propose(reporter, "paling lambat 100% bulan Juni", exact="tanggal 31 Maret")
    hall.contribute(hall.neneng, None, "Umum.")
    return hall


def test_it_follows_the_order_of_the_text(talk: Hall) -> None:
    page = page_of(talk.drafter.get(talk.sheet))
    assert [head.text for head in page.select(".grp h2")] == [
        "The whole document",
        "Pasal 2",
        "Pasal 4",
    ]
    assert numbers(talk) == [4, 2, 3, 1]


def test_it_narrows_by_view_section_and_words(talk: Hall) -> None:
    talk.decide("deferred", 1, reason="Nanti.")
    assert numbers(talk, show="undecided") == [4, 2, 3]
    assert numbers(talk, show="wording") == [3]
    assert numbers(talk, show="objection") == [2]
    assert numbers(talk, show="association") == [3]
    assert numbers(talk, section=talk.key("BAB I")) == [2, 3]
    assert numbers(talk, section=talk.key("Pasal 4")) == [1]
    assert numbers(talk, section="document") == [4]
    assert numbers(talk, section="nowhere") == []
    assert numbers(talk, q="berlaku") == [1]
    assert numbers(talk, q="asep") == [2]
    assert numbers(talk, q="#3") == [3]
    assert numbers(talk, q="%") == []
    assert numbers(talk, q="\x00") == [4, 2, 3, 1]
    assert numbers(talk, show="nonsense") == [4, 2, 3, 1]


def test_words_that_are_gone_are_not_searched(talk: Hall) -> None:
    moderator = talk.person("mod", "moderator")
    moderator.post(f"/comments/{talk.comment_ids(1)[0]}/hide", {"reason": "Salah."})
    talk.asep.post(f"/comments/{talk.comment_ids(2)[0]}/withdraw", page="/account/password")
    assert numbers(talk, q="berlaku") == []
    assert numbers(talk, q="keberatan") == []
    assert numbers(talk, q="neneng") == [4, 1]


def test_what_fits_nothing_says_so(talk: Hall) -> None:
    assert "Nothing fits" in talk.drafter.get(f"{talk.sheet}?q=xyz").get_data(as_text=True)


def test_nobody_has_said_anything_yet(hall: Hall) -> None:
    page = hall.drafter.get(hall.sheet)
    assert page.status_code == 200
    assert "Nobody has commented" in page.get_data(as_text=True)


def test_nothing_is_decided_on_once_the_policy_is_withdrawn(talk: Hall) -> None:
    talk.decide("deferred", 1, reason="Menunggu anggaran.")
    talk.decide("accepted", 3)
    address = f"{talk.sheet}/{talk.thread_id(1)}"
    for form in ("form.ws-list", "form.dp-form", ".pick", 'form[action$="/draw-up"]', ".blocked"):
        assert page_of(talk.drafter.get(address)).select(form), form
    begun = panel(talk.drafter.get(address))
    ended = talk.drafter.post(
        f"/policies/{talk.slug}/withdraw", {"reason": "Batal."}, page="/inbox"
    )
    assert ended.status_code == 303
    for path in (talk.sheet, address):
        page = page_of(talk.drafter.get(path))
        assert "no longer decided on" in page.get_text()
        sent = [str(form["action"]) for form in page.select("main form[method=post]")]
        assert sent == []
        assert page.select(".pick, .blocked, a[href$='/publish']") == []
        assert len(page.select(".row")) == 4
    assert "Menunggu anggaran." in page_of(talk.drafter.get(address)).select_one(".dp").get_text()
    late = talk.drafter.client.post(address, data={**begun, "outcome": "partly", "reason": "Kata."})
    assert late.status_code == 409
    kept = page_of(late).select_one("form.dp-form [name=reason]")
    assert kept is not None
    assert "Kata." in kept.get_text()


def test_long_lists_come_in_pages_without_gaps(hall: Hall) -> None:
    hall.many("asep", 90)
    hall.contribute(hall.neneng, None, "Umum.")
    first = page_of(hall.drafter.get(hall.sheet))
    following = first.select_one(".pager a[rel=next]")
    assert following is not None
    second = page_of(hall.drafter.get(str(following["href"])))
    seen = [int(cell.text) for page in (first, second) for cell in page.select(".row .no")]
    assert seen == [91, *range(1, 91)]
    assert hall.drafter.get(f"{hall.sheet}?cursor=nonsense").status_code == 422


def test_a_page_costs_the_same_with_one_contribution_and_with_many(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    counts = []
    for more in (0, 500):
        if more:
            hall.many("asep", more)
        address = f"{hall.sheet}/{hall.thread_id()}"
        with hall.app.app_context():
            hall.drafter.get(address)
            with Counted() as counted:
                assert hall.drafter.get(address).status_code == 200
            counts.append(counted.number)
    assert counts[0] == counts[1]
