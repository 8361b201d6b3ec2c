"""Home, which differs by person, and the lists of policies."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.db.session import db, transaction
from policyforum.organisation.actor import ANONYMOUS, Actor, Grant
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_see
from policyforum.policies.visibility import visible_to
from policyforum.reading.home import first_name
from tests.commenting.town import Town
from tests.consolidation.hall import Hall
from tests.people import Browser
from tests.reading.pages import REVISED, queries_of, see, words


def test_a_visitor_learns_what_this_is_and_what_is_open(hall: Hall) -> None:
    page = see(Browser(hall.app), "/")
    assert page.select_one('a[href="/sign-in"]') is not None
    assert "Pengembangan Kompetensi" in words(page.select_one(".con"))
    assert "7 hari lagi" in words(page.select_one(".con"))
    assert not page.select(".home-own")


def test_a_civil_servant_sees_what_is_open_and_how_far_their_words_have_come(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Terlalu cepat.")
    own = see(hall.neneng, "/").select_one(".mine")
    assert "Terlalu cepat." in words(own)
    assert "Considered not yet" in words(own)
    hall.decide("rejected", reason="Sudah cukup waktu.")
    page = see(hall.neneng, "/")
    assert "There is a new answer" in words(page.select_one(".news"))
    own = page.select_one(".mine")
    assert "New answer. Not accepted Sudah cukup waktu." in words(own)
    assert "not yet" not in words(own)
    assert not see(hall.asep, "/").select(".mine")


def test_a_drafters_desk_counts_what_waits(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Satu.")
    hall.contribute(hall.asep, "Pasal 3", "Dua.")
    desk = see(hall.drafter, "/").select_one(".waits")
    assert "2 contributions wait for an answer" in words(desk)
    assert "saved" in words(desk)
    assert not see(hall.neneng, "/").select(".waits")


def test_doubtful_places_wait_on_the_desk(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 3", "Dihapus saja.", exact="pada anggaran")
    hall.settle()
    hall.publish(REVISED)
    assert "1 contribution has no certain place" in words(see(hall.drafter, "/"))


def test_a_leader_sees_the_decisions_that_wait(hall: Hall) -> None:
    leader = hall.person("wali", "leader")
    assert "Waiting for your decision" not in words(see(leader, "/"))
    hall.close_round()
    waiting = see(leader, "/").select_one(".desk-row")
    assert "Pengembangan Kompetensi" in words(waiting)
    assert "Waiting for your decision" not in words(see(hall.neneng, "/"))


def test_a_person_of_several_roles_has_all_of_it(hall: Hall) -> None:
    both = hall.person("ganda", "drafter", "leader")
    hall.close_round()
    page = words(see(both, "/"))
    assert "Waiting for your decision" in page
    assert "On your desk" in page


def test_a_closed_round_is_named_with_what_becomes_of_it(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    hall.close_round()
    page = words(see(hall.neneng, "/"))
    assert "No consultation is open at the moment" in page
    assert "1 contribution is being considered." in page


def test_home_costs_the_same_with_one_comment_and_with_many(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    few = queries_of(hall, hall.neneng, "/")
    hall.many("neneng", 100)
    assert queries_of(hall, hall.neneng, "/") == few
    mine = queries_of(hall, hall.neneng, "/contributions")
    hall.many("neneng", 20)
    assert queries_of(hall, hall.neneng, "/contributions") == mine


def test_what_is_not_for_a_visitor_is_nowhere(app: Flask) -> None:
    town = Town(app, visibility="staff")
    visitor = Browser(app)
    for path in ("/", "/policies"):
        assert "Pengembangan Kompetensi" not in words(see(visitor, path))
    staff = town.person("neneng", "staff")
    for path in ("/", "/policies"):
        assert "Pengembangan Kompetensi" in words(see(staff, path))


def test_policies_are_found_by_words_and_status(hall: Hall) -> None:
    def found(query: str) -> list[str]:
        return [words(title) for title in see(hall.neneng, f"/policies{query}").select(".list h2")]

    assert found("") == ["Pengembangan Kompetensi"]
    assert found("?q=kompetensi+PENGEMBANGAN") == ["Pengembangan Kompetensi"]
    assert found("?q=lain") == []
    assert found("?q=%25") == []
    assert found("?status=consulting") == ["Pengembangan Kompetensi"]
    assert found("?status=approved") == []
    assert found("?status=nonsense") == ["Pengembangan Kompetensi"]
    assert "No policy fits" in words(see(hall.neneng, "/policies?q=lain"))


@pytest.mark.parametrize("cursor", ["x", "WzFd", "eyJ9"])
def test_a_broken_cursor_is_refused_in_words(hall: Hall, cursor: str) -> None:
    answer = hall.neneng.get(f"/policies?cursor={cursor}")
    assert answer.status_code in (200, 422)


def test_the_list_and_the_page_agree_on_who_may_see_what(hall: Hall) -> None:
    grants = [
        Grant(role, unit_path, policy_id)
        for role, unit_path, policy_id in product(
            ("admin", "drafter", "staff", "representative", "leader", "auditor", "guest"),
            (None, "/1/", "/9/"),
            (None, 1, 2),
        )
    ]
    actors = [ANONYMOUS] + [Actor(7, "p", "P", grants=frozenset({grant})) for grant in grants]
    with hall.app.app_context():
        for visibility, is_published in product(("public", "staff", "invited"), (True, False)):
            with transaction():
                policy = db.session.scalars(select(Policy)).one()
                current = policy.current_revision_id
                policy.visibility = visibility
                policy.current_revision_id = current if is_published else None
            for actor in actors:
                listed = db.session.scalars(select(Policy).where(visible_to(actor))).all()
                seen = may_see(actor, db.session.scalars(select(Policy)).one())
                assert bool(listed) == seen, (actor, visibility, is_published)
            with transaction():
                db.session.scalars(select(Policy)).one().current_revision_id = current


def test_people_are_greeted_by_their_name_not_their_title() -> None:
    assert first_name("dr. Hj. Neneng Rohaeti, A.Md.Kep.") == "Neneng"
    assert first_name("Asep") == "Asep"
    assert first_name("M. N.") == "M. N."
