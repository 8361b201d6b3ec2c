"""Replying, rewording, withdrawing, endorsing and moderating, through pages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert

from policyforum.commenting.filters import ThreadFilter
from policyforum.commenting.models import Comment
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.own import my_threads
from policyforum.commenting.participation import participation
from policyforum.commenting.permissions import rights_on
from policyforum.commenting.queries import (
    activity,
    thread_by_id,
    thread_view,
    threads_beside_blocks,
    threads_page,
)
from policyforum.commenting.services import open_thread, reply
from policyforum.db.session import db, transaction
from policyforum.policies.queries import revision_by_number
from tests.commenting.town import Counted, Town, now
from tests.kept import forget_pages
from tests.people import Browser


@pytest.fixture
def neneng(town: Town) -> Browser:
    person = town.person("neneng", "staff")
    town.contribute(person, "Pasal 1", "Bagaimana dengan jadwal jaga?", stance="oppose")
    return person


@pytest.fixture
def asep(town: Town) -> Browser:
    return town.person("asep", "staff")


def test_replies_nest_as_deep_as_people_talk(town: Town, neneng: Browser, asep: Browser) -> None:
    parent = ""
    for depth in range(1, 7):
        speaker = asep if depth % 2 else neneng
        assert town.reply(speaker, f"Jawaban {depth}.", to=parent).status_code == 303
        parent = town.comment_ids()[-1]
    town.reply(town.drafter, "Terima kasih.")
    with town.app.app_context():
        view = thread_view(town.thread(), town.actor("asep"))
        assert [comment.depth for comment in view.comments] == [0, 1, 2, 3, 4, 5, 6, 1]
        assert [comment.replying_to for comment in view.comments[3:6]] == ["", "Asep", "Neneng"]
        assert [comment.author.is_drafter for comment in view.comments] == [False] * 7 + [True]
        assert view.comment_count == 8
        counts = activity(town.policy().current_revision_id or 0)
        assert counts[view.block_position or 0] == (1, 8)


def test_a_reply_to_another_discussion_is_refused(town: Town, neneng: Browser) -> None:
    town.contribute(neneng, "Pasal 3", "Yang lain.")
    other = town.comment_ids(2)[0]
    assert town.reply(neneng, "Salah tempat.", number=1, to=other).status_code == 404
    assert town.reply(neneng, " ").status_code == 422
    assert len(town.comment_ids(1)) == 1


def test_rewording_keeps_what_was_said(town: Town, neneng: Browser, asep: Browser) -> None:
    comment = town.comment_ids()[0]
    address = f"/comments/{comment}/edit"
    assert neneng.post(address, {"body": "Bagaimana dengan *jadwal sif*?"}).status_code == 303
    earlier = asep.get(f"/comments/{comment}/versions").get_data(as_text=True)
    assert "jadwal jaga" in earlier
    assert "<em>jadwal sif</em>" in earlier
    listed = asep.get(f"/policies/{town.slug}/revisions/1/threads").get_data(as_text=True)
    assert "jadwal sif" in listed
    assert "jadwal jaga" not in listed
    assert asep.get(address).status_code == 403
    forged = asep.post(address, {"body": "Bukan kata saya."}, page="/account/password")
    assert forged.status_code == 403
    town.close_round()
    assert neneng.get(address).status_code == 409
    late = neneng.post(address, {"body": "Terlambat."}, page="/account/password")
    assert late.status_code == 409


def test_a_withdrawn_contribution_leaves_its_thread_and_replies(
    town: Town, neneng: Browser, asep: Browser
) -> None:
    town.reply(asep, "Saya setuju.")
    root = town.comment_ids()[0]
    town.close_round()
    address = f"/comments/{root}/withdraw"
    assert asep.post(address, page="/account/password").status_code == 403
    for _twice in range(2):
        assert neneng.post(address, page="/account/password").status_code == 303
    words = asep.get(f"/policies/{town.slug}/revisions/1/threads").get_data(as_text=True)
    assert "Withdrawn by its author" in words
    assert "Saya setuju." in words
    assert "jadwal jaga" not in words
    assert neneng.get(f"/comments/{root}/versions").status_code == 404
    with town.app.app_context():
        policy = town.policy()
        assert town.thread().state == "withdrawn"
        assert policy.current_round is not None
        assert (policy.current_round.threads, policy.current_round.waiting) == (1, 0)
        assert policy.current_round.state(now()) == "concluded"
        view = thread_view(town.thread(), town.actor("asep"))
        assert activity(policy.current_revision_id or 0)[view.block_position or 0] == (1, 1)
    reply = town.comment_ids()[1]
    asep.post(f"/comments/{reply}/withdraw", page="/account/password")
    with town.app.app_context():
        revision_id = town.policy().current_revision_id or 0
        assert set(activity(revision_id).values()) == {(0, 0)}


def test_endorsing_once_each_and_taking_it_back(town: Town, neneng: Browser, asep: Browser) -> None:
    address = f"/threads/{town.thread_id()}/stance"

    def press(person: Browser, stance: str) -> tuple[int, int]:
        person.post(address, {"stance": stance}, page="/account/password")
        with town.app.app_context():
            return town.thread().support_count, town.thread().oppose_count

    assert press(asep, "support") == (1, 0)
    assert press(asep, "support") == (1, 0)
    assert press(asep, "oppose") == (0, 1)
    assert press(town.drafter, "support") == (1, 1)
    assert press(neneng, "support") == (1, 1)  # one's own
    assert press(asep, "") == (1, 0)
    shouted = asep.post(address, {"stance": "loudly"}, page="/account/password")
    assert shouted.status_code == 422
    answer = asep.client.post(
        address,
        data={**_token(asep), "stance": "support", "full": "0"},
        headers={"X-Fragment": "1"},
    )
    fragment = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert fragment.html is None
    pressed = fragment.select_one(f"#t-{town.thread_id()} button[aria-pressed=true]")
    assert "2" in pressed.get_text()


def test_hiding_leaves_a_trace_and_the_replies(town: Town, neneng: Browser, asep: Browser) -> None:
    town.reply(asep, "Tetap terbaca.")
    moderator = town.person("mod", "moderator")
    root = town.comment_ids()[0]
    hide, show = f"/comments/{root}/hide", f"/comments/{root}/show"
    assert asep.get(hide).status_code == 403
    assert moderator.post(hide, {"reason": " "}).status_code == 422
    assert moderator.post(hide, {"reason": "Menyebut nama pasien."}).status_code == 303
    words = asep.get(f"/policies/{town.slug}/revisions/1/threads").get_data(as_text=True)
    assert "Menyebut nama pasien." in words
    assert "jadwal jaga" not in words
    assert "Tetap terbaca." in words
    assert town.reply(asep, "Lagi.").status_code == 409
    with town.app.app_context():
        assert town.thread().state == "hidden"
        assert town.policy().current_round.waiting == 1  # type: ignore[union-attr]
    again = moderator.post(hide, {"reason": "Lagi."}, page="/account/password")
    assert again.status_code == 409
    assert moderator.post(show, {"reason": "Sudah disunting."}).status_code == 303
    with town.app.app_context():
        assert town.thread().state == "open"
    assert "jadwal jaga" in asep.get(f"/policies/{town.slug}/revisions/1/threads").get_data(
        as_text=True
    )


def test_one_and_many_comments_cost_the_same_number_of_queries(
    town: Town, neneng: Browser, asep: Browser
) -> None:
    """Pages and bulk queries with 1 comment, then with hundreds in many threads."""

    def costs() -> list[int]:
        found = []
        with town.app.app_context():
            actor, author, policy = town.actor("asep"), town.actor("neneng"), town.policy()
            revision = revision_by_number(policy, 1)
            for read in (
                lambda: threads_beside_blocks(policy, revision, actor),
                lambda: threads_page(policy, revision, actor, ThreadFilter()),
                lambda: thread_view(thread_by_id(first, actor), actor),
                lambda: my_threads(author),
                lambda: participation(revision.id),
                lambda: rights_on(policy, 1, actor, now()),
            ):
                with Counted() as counted:
                    read()
                found.append(counted.number)
            for path in (
                f"/policies/{town.slug}/revisions/1/threads",
                f"/policies/{town.slug}/revisions/1/threads?section={key}",
            ):
                forget_pages(town.app)
                with Counted() as counted:
                    assert asep.get(path).status_code == 200
                found.append(counted.number)
        return found

    key, first = town.key("Pasal 1"), town.thread_id()
    costs()
    before = costs()
    with town.app.app_context():
        _fill(town)
    assert costs() == before
    assert max(before[:5]) <= 5


def _fill(town: Town) -> None:
    """Thirty more threads, and five hundred more comments in the first."""
    keys = [town.key("Pasal 1"), town.key("Pasal 2 ayat (1)"), None]
    first, drafter = town.thread(), town.actor("ratna")
    with transaction():
        policy = town.policy()
        revision = revision_by_number(policy, 1)
        for number in range(30):
            data = ThreadData(keys[number % 3], f"Masukan {number}")
            open_thread(policy, revision, town.actor("neneng"), data, now())
        root = reply(first, drafter, "Tanggapan pertama", None, now())
        rows = [
            {
                "thread_id": first.id,
                "parent_id": root.parent_id,
                "voice_id": root.voice_id,
                "body": f"Tanggapan {number}",
                "html": f"<p>Tanggapan {number}</p>",
                "depth": 1,
                "created_at": now(),
            }
            for number in range(500)
        ]
        db.session.execute(insert(Comment), rows)


def _token(person: Browser) -> dict[str, str]:
    soup = BeautifulSoup(person.get("/account/password").get_data(as_text=True), "html.parser")
    return {"csrf_token": soup.select_one("input[name=csrf_token]")["value"]}


def test_a_withdrawn_policy_takes_no_answers_from_anybody(town: Town) -> None:
    neneng = town.person("neneng", "staff")
    town.contribute(neneng, "Pasal 1", "Bagaimana caranya?")
    settings = f"/policies/{town.slug}/settings"
    town.drafter.post(f"/policies/{town.slug}/withdraw", {"reason": "Digabung."}, page=settings)
    answer = town.reply(town.drafter, "Begini.")
    assert answer.status_code == 409
    assert "withdrawn" in answer.get_data(as_text=True)
    assert len(town.comment_ids()) == 1
