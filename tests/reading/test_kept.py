"""Pages are kept, and only their speed shows it: after every act they are as if made anew."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta

import brotli
import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import AccountData
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import RoleGrant, Unit
from policyforum.organisation.people import change_person, end_role
from policyforum.organisation.services import UnitData, change_unit
from policyforum.policies.rounds import change_round
from policyforum.web.paging import PAGE, encode_cursor
from tests.api.program import Program
from tests.commenting.town import Counted, now
from tests.consolidation.hall import Hall
from tests.kept import forget_pages
from tests.people import Browser, make_token, make_unit
from tests.reading.pages import REVISED

OFTEN_DIFFERENT = re.compile(r'<input[^>]*name="(?:csrf_token|once)"[^>]*>')
GZIPPED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def readers(hall: Hall) -> dict[str, Browser]:
    """Who looks at every page after every act."""
    return {
        "visitor": Browser(hall.app),
        "ratna": hall.drafter,
        "neneng": hall.neneng,
        "asep": hall.asep,
        "walikota": hall.person("walikota", "leader", "moderator"),
    }


def paths(hall: Hall, revisions: int, thread: str) -> Iterator[str]:
    policy = f"/policies/{hall.slug}"
    yield "/"
    yield f"{policy}/revisions/1"
    yield f"{policy}/revisions/{revisions}/threads"
    if thread:
        yield f"/threads/{thread}"
    for page in ("history", "feedback", "feedback.csv", "feedback.json", "worksheet", "decision"):
        yield f"{policy}/{page}"
    if revisions > 1:
        yield f"{policy}/revisions/2"
        yield f"{policy}/changes/1..2"


class Look:
    """What everybody sees on every page."""

    def __init__(self, hall: Hall, readers: dict[str, Browser]) -> None:
        self._hall = hall
        self._readers = readers
        self.revisions = 1
        self.thread = ""
        self.seen: dict[tuple[str, str], str] = {}
        self._tags: dict[tuple[str, str], str] = {}

    def at_everything(self) -> dict[tuple[str, str], str]:
        found = {}
        for name, reader in self._readers.items():
            for path in paths(self._hall, self.revisions, self.thread):
                answer = reader.get(path)
                found[name, path] = OFTEN_DIFFERENT.sub("", answer.get_data(as_text=True))
                self._tags[name, path] = answer.headers.get("ETag", "")
        return found

    def told_unchanged(self) -> set[tuple[str, str]]:
        """Where a browser that saw the page before is told that its copy is still good."""
        return {
            (name, path)
            for (name, path), tag in self._tags.items()
            if tag
            and self._readers[name].get(path, headers={"If-None-Match": tag}).status_code == 304
        }

    def finds_nothing_old(self, act: str) -> None:
        for reader in self._readers.values():
            reader.get("/help")  # what is said once after an act is said here
        unchanged = self.told_unchanged()
        kept = self.at_everything()
        assert any(self.seen[where] != kept[where] for where in self.seen), f"{act} did nothing"
        old = [where for where in unchanged if self.seen[where] != kept[where]]
        assert not old, f"after {act} browsers keep what was: {old}"
        forget_pages(self._hall.app)
        self.seen = self.at_everything()
        old = [where for where, page in self.seen.items() if kept[where] != page]
        assert not old, f"after {act} these still show what was: {old}"


@pytest.mark.one_engine
def test_an_address_that_says_more_leads_to_the_one_that_is_kept(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    visitor = Browser(hall.app)
    policy = f"/policies/{hall.slug}"
    for path, more in (
        ("/", "?x=1"),
        (f"{policy}/revisions/1", "?thread=nobody"),
        (f"{policy}/revisions/1/threads", "?x=1"),
        (f"{policy}/revisions/1/threads", "?section=&cursor="),
        (f"{policy}/revisions/1/threads?state=open", "&placement=nowhere"),
        (f"{policy}/changes/1..1", "?view=upside-down"),
        (f"/threads/{hall.thread_id()}", "?x=1"),
        (f"{policy}/history", "?x=1"),
        (f"{policy}/feedback", "?outcome=great"),
        (f"{policy}/feedback?revision=1", "&outcome=great"),
        (f"{policy}/feedback.csv", "?x=1"),
        (f"{policy}/feedback.json?revision=1", "&x=1"),
    ):
        answer = visitor.get(path + more)
        assert (answer.status_code, answer.location) == (302, path)
        assert visitor.get(path).status_code == 200


@pytest.mark.one_engine
def test_programs_are_answered_and_nothing_more_is_kept(hall: Hall) -> None:
    program = Program(hall.app, make_token(hall.app, "asep@kota.example"))
    path = f"/policies/{hall.slug}/revisions/1/threads"
    assert "ETag" in program.get(path).headers
    answer = program.get(f"{path}?x=1")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("way_in", ["page", "API"])
def test_of_what_anybody_can_make_up_nothing_is_kept(hall: Hall, way_in: str) -> None:
    hall.many("neneng", PAGE + 1)
    path = f"/policies/{hall.slug}/revisions/1/threads"
    reader: Browser | Program = Browser(hall.app)
    if way_in == "page":
        found = re.search(r"cursor=([\w-]+)", reader.get(path).get_data(as_text=True))
        assert found is not None
        following = found.group(1)
        made_up = [f"cursor={encode_cursor([10**9 + n])}" for n in range(3)]
    else:
        reader = Program(hall.app, make_token(hall.app, "asep@kota.example"))
        following = reader.get(path).json["next"]
        made_up = ["cursor=" + encode_cursor([10**9]), "section=nowhere", "limit=020"]
    made_up.append(f"cursor={following}&cursor=")
    kept = reader.get(f"{path}?cursor={following}")
    assert (kept.status_code, "ETag" in kept.headers) == (200, True)
    for query in made_up:
        answer = reader.get(f"{path}?{query}")
        assert answer.status_code in (200, 302)
        assert "ETag" not in answer.headers, query


@pytest.mark.one_engine
def test_of_the_answers_further_on_nothing_is_kept(hall: Hall) -> None:
    visitor = Browser(hall.app)
    path = f"/policies/{hall.slug}/feedback?revision=1"
    assert "ETag" in visitor.get(path).headers
    further = visitor.get(f"{path}&cursor={encode_cursor([1])}")
    assert (further.status_code, "ETag" in further.headers) == (200, False)


@pytest.mark.one_engine
def test_of_what_drafters_search_nothing_is_kept(hall: Hall) -> None:
    assert "ETag" in hall.drafter.get(f"{hall.sheet}?revision=1&show=undecided").headers
    for query in ("q=kata", "section=nowhere", f"cursor={encode_cursor([1, 10**9])}"):
        answer = hall.drafter.get(f"{hall.sheet}?{query}")
        assert (answer.status_code, "ETag" in answer.headers) == (200, False), query
    assert hall.drafter.get(f"{hall.sheet}?show=x").location == f"{hall.sheet}?show=all"
    assert hall.drafter.get(f"{hall.sheet}?revision=x").status_code == 404


@pytest.mark.one_engine
def test_after_every_act_everybody_sees_the_page_as_it_is(
    hall: Hall, readers: dict[str, Browser]
) -> None:
    look = Look(hall, readers)
    policy = f"/policies/{hall.slug}"
    neneng, asep, ratna = hall.neneng, hall.asep, hall.drafter

    look.seen = look.at_everything()
    hall.contribute(neneng, "Pasal 2 ayat (2)", "Terlalu dini.", stance="oppose")
    look.thread = hall.thread_id()
    look.finds_nothing_old("a contribution")
    hall.reply(asep, "Setuju.")
    look.finds_nothing_old("a reply")
    asep.post(
        f"/threads/{hall.thread_id()}/stance", {"stance": "support"}, page="/account/password"
    )
    look.finds_nothing_old("a stance")
    first, second = hall.comment_ids()
    neneng.post(f"/comments/{first}/edit", {"body": "Terlalu dini bagi kami."})
    look.finds_nothing_old("an edit")
    readers["walikota"].post(f"/comments/{second}/hide", {"reason": "Menyebut nama orang."})
    look.finds_nothing_old("a comment hidden")
    readers["walikota"].post(f"/comments/{second}/show", {"reason": "Sudah diperiksa."})
    look.finds_nothing_old("a comment shown again")
    asep.post(f"/comments/{second}/withdraw", page="/account/password")
    look.finds_nothing_old("a reply withdrawn")
    _extend(hall)
    look.finds_nothing_old("a round extended")
    hall.decide("rejected", reason="Sudah cukup.")
    look.finds_nothing_old("a disposition")
    hall.decide("partly", reason="Sebagian.", response="Terima kasih.")
    look.finds_nothing_old("a second disposition, with an answer")
    hall.publish(REVISED)
    look.revisions = 2
    look.finds_nothing_old("a revision")
    hall.open_round()
    look.finds_nothing_old("another round")
    hall.close_round()
    look.finds_nothing_old("a round closed")
    ratna.post(f"{policy}/decision/recommendation", {"text": "Dapat disetujui."})
    look.finds_nothing_old("a recommendation")
    readers["walikota"].post(f"{policy}/decision", {"outcome": "approved", "reason": "Baik."})
    look.finds_nothing_old("a decision")
    ratna.post(f"{policy}/settings", {"title": "Pengembangan Pegawai", "summary": "Ringkas."})
    look.finds_nothing_old("another title")
    with hall.app.app_context(), transaction():
        account = account_by_email("ratna@kota.example")
        assert account is not None
        change_person(account, PROGRAM, AccountData(account.email, "Ratna D."), now())
    look.finds_nothing_old("another name of a person")
    neneng.post("/inbox/read", page="/inbox")
    look.finds_nothing_old("the inbox read")
    ratna.post(f"{policy}/withdraw", {"reason": "Digabung."}, page=f"{policy}/settings")
    look.finds_nothing_old("the policy withdrawn")


def _extend(hall: Hall) -> None:
    with hall.app.app_context(), transaction():
        consultation = hall.policy().current_round
        assert consultation is not None
        change_round(consultation, hall.actor("ratna"), now() + timedelta(days=20), now())


def test_a_right_that_ended_opens_nothing_that_was_kept(hall: Hall) -> None:
    sheet = f"/policies/{hall.slug}/worksheet"
    hall.person("admin", "admin")
    assert hall.drafter.get(sheet).status_code == 200
    with hall.app.app_context(), transaction():
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.role == "drafter")).one()
        end_role(grant, PROGRAM, now())
    assert hall.drafter.get(sheet).status_code == 403


def test_each_answer_has_tokens_of_its_own(hall: Hall) -> None:
    path = f"/policies/{hall.slug}/revisions/1"
    neneng, asep = (person.get(path).get_data(as_text=True) for person in (hall.neneng, hall.asep))
    assert _field(neneng, "csrf_token") != _field(asep, "csrf_token")
    again = hall.neneng.get(path).get_data(as_text=True)
    assert _field(neneng, "once") != _field(again, "once")
    assert "Neneng" in neneng
    assert "Neneng" not in asep


def test_a_visitor_gets_no_cookie_and_no_token(hall: Hall) -> None:
    answer = Browser(hall.app).get(f"/policies/{hall.slug}/revisions/1")
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("person", ["visitor", "neneng"])
def test_who_has_the_page_is_told_so_until_it_changes(hall: Hall, person: str) -> None:
    reader = hall.neneng if person == "neneng" else Browser(hall.app)
    path = f"/policies/{hall.slug}/revisions/1"
    tag = reader.get(path).headers["ETag"]
    unchanged = reader.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"] == tag
    hall.contribute(hall.asep, "Pasal 1", "Bagus.")
    assert reader.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_copy_of_before_signing_out_is_not_taken_for_the_same(hall: Hall) -> None:
    path = f"/policies/{hall.slug}/revisions/1"
    tag = hall.neneng.get(path).headers["ETag"]
    hall.neneng.post("/sign-out", page="/account")
    hall.neneng.get("/")
    assert hall.neneng.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("person", ["visitor", "neneng"])
def test_compressed_it_is_the_same_page(hall: Hall, person: str) -> None:
    reader = hall.neneng if person == "neneng" else Browser(hall.app)
    path = f"/policies/{hall.slug}/revisions/1"
    plain = reader.get(path).data
    packed = reader.get(path, headers=GZIPPED)
    assert packed.headers["Content-Encoding"] == "gzip"
    without = OFTEN_DIFFERENT.sub("", gzip.decompress(packed.data).decode())
    assert without == OFTEN_DIFFERENT.sub("", plain.decode())
    if person == "visitor":
        smaller = reader.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert smaller.headers["Content-Encoding"] == "br"
        assert brotli.decompress(smaller.data) == plain


def test_what_is_kept_costs_one_question_about_the_policy(hall: Hall) -> None:
    path = f"/policies/{hall.slug}/revisions/1"
    hall.neneng.get(path)
    with hall.app.app_context(), Counted() as counted:
        hall.neneng.get(path)
    assert counted.number == 3, "session, roles, policy"


def test_marks_in_peoples_words_are_only_words(hall: Hall) -> None:
    """Nobody can make a hole in a page: what marks one can't be known."""
    hall.contribute(hall.neneng, "Pasal 1", "hole-csrf_token; {{ hole('csrf_token') }}")
    page = hall.asep.get(f"/policies/{hall.slug}/revisions/1").get_data(as_text=True)
    assert "hole-csrf_token; {{ hole('csrf_token') }}" in page.replace("&#39;", "'")


def test_a_renamed_unit_is_called_by_its_new_name(app: Flask, hall: Hall) -> None:
    make_unit(app, "BKPSDM")
    with app.app_context(), transaction():
        hall.policy().unit_id = db.session.scalars(select(Unit.id)).one()
    path = f"/policies/{hall.slug}/revisions/1"
    assert "Unit BKPSDM" in hall.asep.get(path).get_data(as_text=True)
    with app.app_context(), transaction():
        unit = db.session.scalars(select(Unit)).one()
        change_unit(unit, PROGRAM, UnitData("BKPSDM", "Badan Kepegawaian"), now())
    assert "Badan Kepegawaian" in hall.asep.get(path).get_data(as_text=True)


def test_lists_for_programs_are_kept_too(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    program = Program(hall.app, make_token(hall.app, "asep@kota.example"))
    path = f"/policies/{hall.slug}/revisions/1/threads"
    before = program.get(path)
    assert len(before.json["items"]) == 1
    assert program.get(path).json == before.json
    hall.contribute(hall.neneng, "Pasal 1", "Dua.")
    assert len(program.get(path).json["items"]) == 2


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)
