"""What a page tells of those who took part, and which threads it shows, act by act."""

from __future__ import annotations

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.commenting.models import BodyActivity, Thread, ThreadPosition
from policyforum.db.session import db
from tests.consolidation.hall import Hall
from tests.counting import miscounted
from tests.people import Browser, make_person, make_unit
from tests.reading.pages import REVISED, see, text_of, words


@pytest.fixture
def hall(app: Flask) -> Hall:
    make_unit(app, "A")
    make_unit(app, "B")
    return Hall(app)


@pytest.fixture
def lilis(hall: Hall) -> Browser:
    return of_unit(hall, "lilis", "A")


@pytest.fixture
def ujang(hall: Hall) -> Browser:
    return of_unit(hall, "ujang", "B")


@pytest.fixture
def moderator(hall: Hall) -> Browser:
    return hall.person("mod", "moderator")


def test_who_took_part_is_told_after_every_act(
    hall: Hall, lilis: Browser, ujang: Browser, moderator: Browser
) -> None:
    assert taking_part(hall) == ""
    hall.contribute(lilis, "Pasal 1", "Kapan berlaku?")
    assert taking_part(hall) == "1 comment from 1 unit"
    hall.reply(ujang, "Awal tahun.")
    assert taking_part(hall) == "1 comment, 1 reply from 2 units"
    hall.contribute(hall.speak_for("dadang", "korpri"), None, "Kami setuju.")
    assert taking_part(hall) == "2 comments, 1 reply from 2 units and 1 association"
    opening, answer = hall.comment_ids()
    hide(moderator, answer)
    assert taking_part(hall) == "2 comments from 1 unit and 1 association"
    show(moderator, answer)
    hide(moderator, opening)  # its answer still counts
    assert taking_part(hall) == "1 comment, 1 reply from 1 unit and 1 association"
    show(moderator, opening)
    withdraw(ujang, answer)
    assert taking_part(hall) == "2 comments from 1 unit and 1 association"
    withdraw(lilis, opening)
    assert taking_part(hall) == "1 comment from 0 units and 1 association"


def test_hidden_and_withdrawn_is_taken_off_once(
    hall: Hall, lilis: Browser, ujang: Browser, moderator: Browser
) -> None:
    for person in (lilis, ujang):
        hall.contribute(person, "Pasal 1", "Kapan berlaku?")
    first, second = hall.comment_ids(1)[0], hall.comment_ids(2)[0]
    hide(moderator, first)
    withdraw(lilis, first)
    withdraw(ujang, second)
    withdraw(ujang, second)
    hide(moderator, second)
    assert taking_part(hall) == ""
    show(moderator, first)
    show(moderator, second)
    assert taking_part(hall) == ""


def test_a_new_revision_begins_with_nobody(hall: Hall, lilis: Browser, ujang: Browser) -> None:
    hall.contribute(lilis, "Pasal 1", "Kapan berlaku?")
    hall.settle()
    hall.publish(REVISED)
    hall.open_round()
    assert taking_part(hall, 2) == ""
    hall.contribute(ujang, "Pasal 1", "Siapa yang menilai?", number=2)
    hall.reply(ujang, "Sudah ada yang bertanya.", number=1)
    assert taking_part(hall, 2) == "1 comment from 1 unit"


def test_the_liveliest_threads_come_first(
    hall: Hall, lilis: Browser, ujang: Browser, moderator: Browser
) -> None:
    for question in ("Satu?", "Dua?", "Tiga?"):
        hall.contribute(lilis, "Pasal 1", question)
    assert beside(hall, "Pasal 1") == [3, 2]
    hall.reply(ujang, "Jawaban.", number=1)
    assert beside(hall, "Pasal 1") == [1, 3]
    stance(hall, ujang, 2, "support")
    assert beside(hall, "Pasal 1") == [2, 1]
    stance(hall, ujang, 2, "oppose")
    assert beside(hall, "Pasal 1") == [2, 1]
    stance(hall, ujang, 2, "")
    assert beside(hall, "Pasal 1") == [1, 3]
    hide(moderator, hall.comment_ids(1)[0])
    assert beside(hall, "Pasal 1") == [1, 3]
    withdraw(ujang, hall.comment_ids(1)[1])
    assert beside(hall, "Pasal 1") == [3, 2]
    withdraw(lilis, hall.comment_ids(3)[0])  # nobody answered: it is gone
    assert beside(hall, "Pasal 1") == [2, 1]
    assert beside(hall, "Pasal 1", wanted=1) == [1, 2]


def test_threads_on_the_revision_itself_come_before_those_taken_over(
    hall: Hall, lilis: Browser, ujang: Browser
) -> None:
    for question in ("Satu?", "Dua?", "Tiga?"):
        hall.contribute(lilis, "Pasal 1", question)
    hall.reply(ujang, "Jawaban.", number=2)
    stance(hall, ujang, 1, "support")
    hall.reply(ujang, "Jawaban lagi.", number=1)
    hall.settle()
    hall.publish(REVISED)
    hall.open_round()
    assert beside(hall, "Pasal 1", 2) == [1, 2]
    hall.reply(hall.drafter, "Satu.", number=2)
    hall.reply(hall.drafter, "Dua.", number=2)
    assert beside(hall, "Pasal 1", 2) == [2, 1]
    hall.contribute(lilis, "Pasal 1", "Empat?", number=2)
    assert beside(hall, "Pasal 1", 2) == [4, 2]
    assert beside(hall, "Pasal 1", 2, wanted=3) == [3, 4]
    assert beside(hall, "Pasal 1", 1) == [2, 1]


def test_whole_documents_have_their_own_and_lost_ones_are_not_among_them(
    hall: Hall, lilis: Browser, ujang: Browser
) -> None:
    hall.contribute(lilis, None, "Umum.")
    hall.contribute(lilis, "Pasal 3", "Tentang biaya.")
    hall.reply(ujang, "Saya juga.", number=2)
    hall.settle()
    hall.publish(REVISED)  # without the words about costs
    assert lost(hall) == [2]
    hall.open_round()
    hall.contribute(ujang, None, "Umum lagi.", number=2)
    assert shown_in(hall, "#document", 2) == [3, 1]
    assert shown_in(hall, "#document", 2, wanted=2) == [3, 1]


def test_the_upgrade_fills_in_what_acts_have_kept(
    hall: Hall, lilis: Browser, ujang: Browser, moderator: Browser
) -> None:
    for person in (lilis, ujang, hall.speak_for("dadang", "korpri"), hall.drafter):
        hall.contribute(person, "Pasal 1", "Kapan berlaku?")
        hall.reply(person, "Saya tunggu.")
    stance(hall, ujang, 1, "support")
    hide(moderator, hall.comment_ids(1)[0])
    hide(moderator, hall.comment_ids(1)[2])
    withdraw(ujang, hall.comment_ids(2)[0])
    hall.settle()
    hall.publish(REVISED)
    hall.open_round()
    hall.contribute(ujang, None, "Umum.", number=2)
    with hall.app.app_context():
        kept = counters()
        db.session.remove()  # it would go on seeing what is there now
        flask_migrate.downgrade(revision="0009")
        flask_migrate.upgrade()
        assert counters() == kept
        assert miscounted() == []


def of_unit(hall: Hall, name: str, unit: str) -> Browser:
    make_person(hall.app, f"{name}@kota.example", "staff", unit=unit, name=name.title())
    return hall.browser(name)


def hide(moderator: Browser, comment: str) -> None:
    path = f"/comments/{comment}/hide"
    assert moderator.post(path, {"reason": "Kasar."}, page="/account/password").status_code == 303


def show(moderator: Browser, comment: str) -> None:
    path = f"/comments/{comment}/show"
    assert moderator.post(path, {"reason": "Keliru."}, page="/account/password").status_code == 303


def withdraw(author: Browser, comment: str) -> None:
    answer = author.post(f"/comments/{comment}/withdraw", page="/account/password")
    assert answer.status_code == 303


def stance(hall: Hall, person: Browser, number: int, chosen: str) -> None:
    path = f"/threads/{hall.thread_id(number)}/stance"
    assert person.post(path, {"stance": chosen}, page="/account/password").status_code == 303


def taking_part(hall: Hall, number: int = 1) -> str:
    """What the strip of the page says of who took part."""
    with hall.app.app_context():
        assert miscounted() == []
    told = text_of(hall, hall.drafter, number).select_one(".strip .sum")
    return words(told) if told else ""


def beside(hall: Hall, label: str, number: int = 1, wanted: int | None = None) -> list[int]:
    """The numbers of the threads shown beside an article, in their order."""
    return shown_in(hall, f"#u-{hall.key(label, number)}", number, wanted)


def shown_in(hall: Hall, place: str, number: int, wanted: int | None = None) -> list[int]:
    with hall.app.app_context():
        assert miscounted() == []
        threads = {
            row.public_id: row.number
            for row in db.session.execute(select(Thread.public_id, Thread.number))
        }
    query = f"?thread={hall.thread_id(wanted)}" if wanted else ""
    page = see(hall.drafter, f"/policies/{hall.slug}/revisions/{number}{query}")
    return [threads[tag["id"].removeprefix("t-")] for tag in page.select(f"{place} [id^=t-]")]


def lost(hall: Hall) -> list[int]:
    """The numbers of the threads that have no place."""
    with hall.app.app_context():
        return list(
            db.session.scalars(
                select(Thread.number)
                .join(ThreadPosition, ThreadPosition.thread_id == Thread.id)
                .where(ThreadPosition.state == "unplaced")
            )
        )


def counters() -> tuple[list[object], list[object]]:
    """Every counter that is not nought, within an application context."""
    bodies, places = BodyActivity.__table__, ThreadPosition.__table__
    counted = select(bodies).where(bodies.c.comments > 0)
    return tuple(
        sorted(tuple(row) for row in db.session.execute(query))
        for query in (
            counted,
            select(places.c["thread_id", "revision_id", "written_here", "liveliness"]),
        )
    )
