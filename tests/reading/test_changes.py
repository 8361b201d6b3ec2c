"""Two revisions compared on the page."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.commenting.town import LAW
from tests.consolidation.hall import DEADLINE, Hall
from tests.people import Browser
from tests.reading.pages import MOVED, REVISED, queries_of, see, words


def changes(hall: Hall, before: int = 1, after: int = 2, query: str = "") -> str:
    return f"/policies/{hall.slug}/changes/{before}..{after}{query}"


def test_words_added_and_deleted_are_told_by_more_than_colour(hall: Hall) -> None:
    hall.publish(REVISED)
    page = see(Browser(hall.app), changes(hall))
    line = page.find(id=f"s-{hall.key('Pasal 2 ayat (2)')}")
    assert line is not None
    assert words(line.select_one("del")) == "dihapus: 31 Maret"
    assert words(line.select_one("ins")) == "ditambahkan: 30 April"
    assert words(line.select_one(".a")) == "(2)"


def test_the_list_leads_to_each_changed_provision_and_the_rest_is_a_line(hall: Hall) -> None:
    hall.publish(REVISED)
    page = see(hall.neneng, changes(hall))
    entries = page.select(".chg a")
    labels = [words(entry.select_one("b")) for entry in entries]
    assert labels[0] == "Pasal 2"
    for entry in entries:
        assert page.find(id=str(entry["href"]).removeprefix("#")) is not None
    assert words(page.select_one(".same")) == "Pasal 1 unchanged"
    assert f"{len(entries)} changed sections" in words(page.select_one(".toc h2"))


def test_a_move_says_where_from_and_the_number_is_redlined(hall: Hall) -> None:
    hall.publish(MOVED)
    page = see(hall.neneng, changes(hall))
    moved = page.find(id=f"s-{hall.key('Pasal 3')}")
    assert moved is not None
    assert words(moved.select_one(".movenote")).startswith("Moved from Pasal 3 (BAB II Penutup).")
    numeral = moved.select_one(".num")
    assert words(numeral) == "Pasal deleted: 3 added: 1"
    old_place = page.select_one(f'.same a[href="#s-{hall.key("Pasal 3")}"]')
    assert words(old_place) == "Pasal 3 was moved and is now Pasal 1"


def test_side_by_side_each_column_has_its_own_words(hall: Hall) -> None:
    hall.publish(REVISED)
    page = see(hall.neneng, changes(hall, query="?view=side"))
    before, after = page.select_one(".side-before"), page.select_one(".side-after")
    assert "31 Maret" in words(before)
    assert "30 April" not in words(before)
    assert "30 April" in words(after)
    assert "31 Maret" not in words(after)


def test_any_two_revisions_can_be_compared_in_either_direction(hall: Hall) -> None:
    hall.publish(LAW.replace("31 Maret", "30 April"))
    hall.publish(LAW)
    assert "word for word the same" in words(see(hall.neneng, changes(hall, 1, 3)))
    back = see(hall.neneng, changes(hall, 2, 1))
    assert "30 April" in words(back.select_one("#naskah del"))
    assert "word for word the same" in words(see(hall.neneng, changes(hall, 2, 2)))


def test_the_menus_lead_to_the_comparison(hall: Hall) -> None:
    hall.publish(REVISED)
    path = f"/policies/{hall.slug}/changes"
    assert hall.neneng.get(path).location == f"{path}/1..2"
    chosen = hall.neneng.get(f"{path}?before=2&after=1&view=side")
    assert chosen.location == f"{path}/2..1?view=side"


@pytest.mark.parametrize("pair", ["1..9", "0..1", "9..1", "a..b", "1..99999999999999999999"])
def test_a_comparison_with_what_is_not_there_is_not_found(hall: Hall, pair: str) -> None:
    assert hall.neneng.get(f"/policies/{hall.slug}/changes/{pair}").status_code == 404


def test_beside_a_change_stands_who_caused_it_and_what_was_decided(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.decide("accepted")
    hall.draw_up()
    hall.publish(None)
    page = see(Browser(hall.app), changes(hall))
    (why,) = page.select(".why")
    assert "ayat (2) Neneng" in words(why)
    assert "Sebaiknya diubah." in words(why)
    assert "Diakomodasi" in words(why)
    link = why.select_one("a.w")
    assert link is not None
    assert link["href"] == f"/threads/{hall.thread_id()}"
    assert "1 masukan" in words(page.select_one(".chg"))


def test_the_page_costs_the_same_however_much_is_said(hall: Hall) -> None:
    hall.publish(REVISED)
    hall.open_round()
    few = queries_of(hall, hall.neneng, changes(hall))
    hall.many("neneng", 100)
    assert queries_of(hall, hall.neneng, changes(hall)) == few


def test_a_rename_in_capitals_keeps_its_abbreviations(app: Flask) -> None:
    hall = Hall(app)
    hall.publish(LAW.replace("KETENTUAN UMUM", "KETENTUAN BAGI PEGAWAI ASN"))
    title = see(hall.neneng, changes(hall)).select_one(".chap-title")
    assert words(title) == "deleted: Ketentuan Umum added: Ketentuan bagi Pegawai ASN"
