"""What changed since a reader last read a policy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.consolidation.hall import Hall
from tests.people import Browser
from tests.reading.pages import REVISED, see, text_of

THIRD = REVISED + "\nPasal 5\n\nPetunjuk teknis ditetapkan Kepala BKPSDM.\n"


def test_it_leads_from_the_revision_read_last_to_the_newest(hall: Hall) -> None:
    _read(hall, hall.neneng, 1)
    hall.publish(REVISED)
    hall.publish(THIRD)
    assert _since(hall, hall.neneng) == f"/policies/{hall.slug}/changes/1..3"


def test_reading_the_newest_does_not_hide_what_it_changed(hall: Hall) -> None:
    _read(hall, hall.neneng, 1)
    hall.publish(REVISED)
    _read(hall, hall.neneng, 2)
    _read(hall, hall.neneng, 2)
    assert _since(hall, hall.neneng) == f"/policies/{hall.slug}/changes/1..2"
    hall.publish(THIRD)
    assert _since(hall, hall.neneng) == f"/policies/{hall.slug}/changes/2..3"


def test_an_earlier_revision_read_again_changes_nothing(hall: Hall) -> None:
    hall.publish(REVISED)
    _read(hall, hall.neneng, 2)
    _read(hall, hall.neneng, 1)
    hall.publish(THIRD)
    assert _since(hall, hall.neneng) == f"/policies/{hall.slug}/changes/2..3"


def test_who_spoke_on_a_revision_has_read_it(hall: Hall) -> None:
    hall.publish(REVISED)
    hall.open_round()
    hall.contribute(hall.neneng, "Pasal 1", "Sudah saya baca.", number=2)
    hall.settle()
    hall.publish(THIRD)
    assert _since(hall, hall.neneng) == f"/policies/{hall.slug}/changes/2..3"


def test_where_nothing_is_known_the_newest_step_is_shown(hall: Hall) -> None:
    hall.publish(REVISED)
    answer = hall.neneng.get(f"/policies/{hall.slug}/changes/since-read", follow_redirects=True)
    assert answer.request.path == f"/policies/{hall.slug}/changes/1..2"
    assert "not known what you read before" in answer.get_data(as_text=True)


def test_each_reader_has_their_own(hall: Hall) -> None:
    _read(hall, hall.neneng, 1)
    hall.publish(REVISED)
    _read(hall, hall.drafter, 2)
    hall.publish(THIRD)
    assert _since(hall, hall.neneng).endswith("/changes/1..3")
    assert _since(hall, hall.drafter).endswith("/changes/2..3")


def test_the_text_and_the_comparison_lead_there_for_who_is_signed_in(hall: Hall) -> None:
    hall.publish(REVISED)
    link = f'a[href="/policies/{hall.slug}/changes/since-read"]'
    changes = f"/policies/{hall.slug}/changes/1..2"
    assert text_of(hall, hall.neneng, 2).select_one(link)
    assert see(hall.neneng, changes).select_one(link)
    assert not text_of(hall, hall.neneng, 1).select_one(link)
    visitor = Browser(hall.app)
    assert not text_of(hall, visitor, 2).select_one(link)
    assert not text_of(hall, visitor, 2).select_one("[data-read]")
    assert not see(visitor, changes).select_one(link)


def test_once_said_the_page_says_so_instead_of_asking(hall: Hall) -> None:
    """Also where the page that still asks is kept, and for others goes on to be."""
    asks, knows = "I have read Revision 1", "You have read Revision 1."
    for _kept in range(2):
        assert asks in text_of(hall, hall.neneng).get_text()
    _read(hall, hall.neneng, 1)
    for _once_with_its_message in range(2):
        end = text_of(hall, hall.neneng).select_one(".read-mark")
        assert knows in end.get_text()
        assert not end.select_one("button")
    assert asks in text_of(hall, hall.asep).get_text()
    hall.publish(REVISED)
    assert "I have read Revision 2" in text_of(hall, hall.neneng, 2).get_text()


def test_said_many_times_at_once_it_is_noted_once(hall: Hall) -> None:
    page = text_of(hall, hall.neneng, 1)
    token = page.select_one("[data-read] input[name=csrf_token]")["value"]
    session = hall.neneng.client.get_cookie("session")
    assert session is not None

    def say(_turn: int) -> int:
        return (
            hall.app.test_client(use_cookies=False)
            .post(
                f"/policies/{hall.slug}/revisions/1/read",
                data={"csrf_token": token},
                headers={"Cookie": f"session={session.value}", "Accept": "application/json"},
            )
            .status_code
        )

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(say, range(4))) == {204}
    hall.publish(REVISED)
    assert _since(hall, hall.neneng).endswith("/changes/1..2")


def _read(hall: Hall, browser: Browser, number: int) -> None:
    """Press the button at the end of the newest text; for an earlier one, send the same form."""
    path = f"/policies/{hall.slug}/revisions/{number}/read"
    answer = browser.post(path, {}, page=f"/policies/{hall.slug}/revisions/{number}")
    assert answer.location == f"/policies/{hall.slug}/revisions/{number}"


def _since(hall: Hall, browser: Browser) -> str:
    answer = browser.get(f"/policies/{hall.slug}/changes/since-read")
    assert answer.status_code == 303
    found: str = answer.location
    return found
