"""F11: clocks that are wrong, two that differ, and moments that are none or happen twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from policyforum.accounts.queries import account_by_email
from policyforum.audit.models import AuditEntry
from policyforum.commenting.models import Thread
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, grant_role
from tests.engines import ENGINES
from trials.record.asking import Asker
from trials.record.broken import command
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

HOUR, DAY = 3_600, 86_400
AHEAD = 300  # seconds by which one of two machines is ahead
FULL, SHORT = 200, 8
ZONE = "Europe/Berlin"  # it has a summer time, which the city's zone has not
LEAP = "2016-12-31T23:59:60Z"
TYPED = {
    "2029-03-25T02:30": datetime(2029, 3, 25, 1, 30, tzinfo=UTC),
    "2029-10-28T02:30": datetime(2029, 10, 28, 0, 30, tzinfo=UTC),
}
"""A moment that is left out in spring and one that comes twice in autumn, as a form takes them."""
NOT_READY, CLOSED, UNPROCESSABLE, SEE_OTHER = 503, 409, 422, 303


@dataclass
class Seen:
    contributions: int = 0
    inversions: int = 0
    by_clock: int = 0
    """How many inversions an order by the time entries carry would have."""
    resurrected: int = 0
    sessions: int = 0
    wrong: tuple[str, ...] = ()

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong = (*self.wrong, what)


def shift(here: Site, posts: int, *faults: str) -> Seen:
    """Go through every clock; `faults` are added to each server."""
    seen = Seen()
    slug, token, staff = _furnish(here)
    _two_machines(here, seen, slug, token, posts, faults)
    _wrong_clocks(here, seen, slug, staff, faults)
    _odd_moments(here, seen, token, faults)
    checked = [sys.executable, "-m", "policyforum", "audit", "verify"]
    verdict = subprocess.run(checked, env=here.settings, capture_output=True, text=True)
    seen.check(verdict.returncode == 0, f"audit verify: {verdict.stderr.strip()}")
    return seen


def _program(faults: Sequence[str], seconds: int) -> tuple[str, ...]:
    return command(f"clock-off:{seconds}", *faults)


def _furnish(here: Site) -> tuple[str, str, str]:
    """A consultation that began days ago; a drafter and somebody of the staff, there before."""
    ratna, neneng = (here.city.program(name, "guest") for name in ("ratna", "neneng"))
    earlier = datetime.now(UTC) - timedelta(days=3)
    with here.app.app_context(), transaction():
        for name, role in (("ratna", "drafter"), ("neneng", "staff")):
            account = account_by_email(f"{name}@kota.example")
            assert account is not None
            grant_role(account, PROGRAM, GrantData(role), earlier)
    slug = here.city.consulted(ratna)
    here.let_go()
    return slug, ratna.token, neneng.token


def _two_machines(
    here: Site, seen: Seen, slug: str, token: str, posts: int, faults: Sequence[str]
) -> None:
    """In turn at a machine with the right time and at one that is minutes ahead."""
    path = f"/policies/{slug}/revisions/1/threads"
    ahead = _program(faults, AHEAD)
    with here.serve(workers=1) as right, here.serve(ahead, workers=1) as wrong:
        nodes = [Asker(right.url, token), Asker(wrong.url, token)]
        told: list[str] = []
        for turn in range(posts):
            body = {"section": None, "body": f"Masukan {turn}."}
            told.append(nodes[turn % 2].api("POST", path, body).json["id"])
        item = {"revision": 1, "summary": "Ringkas", "threads": told[:1]}
        item_id = nodes[1].api("POST", f"/policies/{slug}/feedback", item).json["id"]
        for node, outcome in ((nodes[1], "accepted"), (nodes[0], "deferred")):
            body = {"outcome": outcome, "reason": "Alasan."}
            last = node.api("PUT", f"/feedback/{item_id}/disposition", body).json
        seen.check(last["disposition"]["outcome"] == "deferred", "the later disposition counts")
        listed = [one["id"] for one in _all(nodes[1], path)]
        ready = nodes[1].once("GET", "/readyz", None, {})
    if here.settings["POLICYFORUM_DATABASE_URL"].startswith("postgresql"):
        seen.check(ready is not None and ready.status == NOT_READY, "a machine ahead is ready")
    seen.contributions = posts
    seen.inversions += sum(listed.index(a) > listed.index(b) for a, b in pairwise(told))
    with here.app.app_context():
        rows = db.session.execute(
            select(AuditEntry.seq, AuditEntry.at, Thread.number, Thread.public_id)
            .join(Thread, Thread.public_id == AuditEntry.subject)
            .where(AuditEntry.verb == "thread.opened", Thread.public_id.in_(told))
            .order_by(AuditEntry.seq)
        ).all()
        db.session.remove()
    seen.inversions += [row.public_id for row in rows] != told
    seen.inversions += sum(a.number >= b.number for a, b in pairwise(rows))
    seen.by_clock = sum(a.at > b.at for a, b in pairwise(rows))


def _all(program: Asker, path: str) -> list[dict[str, str]]:
    found, cursor = [], ""
    while cursor is not None:
        page = program.api("GET", f"{path}?limit=100&cursor={cursor}").json
        found += page["items"]
        cursor = page["next"]
    return found


def _wrong_clocks(here: Site, seen: Seen, slug: str, token: str, faults: Sequence[str]) -> None:
    """Two hours behind, a month ahead, and right again: what has ended stays ended."""
    path = f"/policies/{slug}/revisions/1/threads"
    body = {"section": None, "body": "Pada jam lain."}
    expected = ((0, 201), (-2 * HOUR, 201), (30 * DAY, CLOSED), (0, 201))
    browsers: list[Asker] = []
    for step, (seconds, status) in enumerate(expected):
        with here.serve(_program(faults, seconds), workers=1) as server:
            answer = Asker(server.url, token).api("POST", path, body)
            seen.check(answer.status == status, f"{seconds} s: {answer.status}, not {status}")
            if step == 0:
                browsers = [Asker(server.url).sign_in("neneng@kota.example") for _n in range(3)]
            seen.sessions = len(browsers)
            inside = sum(one.at(server.url).get("/account").status == 200 for one in browsers)
        if step in (0, 1):
            seen.check(inside == len(browsers), f"{seconds} s: {inside} sessions go on")
        elif seconds:
            seen.check(inside == 0, f"{seconds} s: {inside} sessions go on")
        else:
            seen.resurrected += inside


def _odd_moments(here: Site, seen: Seen, token: str, faults: Sequence[str]) -> None:
    """A second that no clock here knows, an hour that is left out, an hour that comes twice."""
    program = _program(faults, 0)
    with here.serve(program, workers=1, TIMEZONE=ZONE) as server:
        api, ratna = Asker(server.url, token), Asker(server.url).sign_in("ratna@kota.example")
        for typed, meant in TYPED.items():
            body = {"title": f"Waktu {typed}", "kind": "perwal", "visibility": "public"}
            slug = api.api("POST", "/policies", {**body, "source": "# Satu\n\nIsi.\n"}).json["slug"]
            publish = {"change_note": "Awal.", "draft_version": 1}
            api.api("POST", f"/policies/{slug}/revisions", publish)
            rounds = f"/policies/{slug}/revisions/1/round"
            window = {"opens_at": "2026-01-01T00:00:00Z", "audience": "public"}
            answer = api.api("POST", rounds, {**window, "closes_at": LEAP})
            seen.check(answer.status == UNPROCESSABLE, f"a leap second: {answer.status}")
            form = {
                "csrf_token": ratna.csrf,
                "opens": "now",
                "closes_at": typed,
                "audience": "public",
            }
            sent = ratna.form(f"/policies/{slug}/revisions/1/round", form)
            seen.check(sent.status == SEE_OTHER, f"{typed}: {sent.status}")
            page = api.api("GET", f"/policies/{slug}").text
            seen.check(f"{meant:%Y-%m-%dT%H:%M:%SZ}" in page, f"{typed} is not told as {meant}")


def outcome(seen: Seen) -> Outcome:
    figure = (
        f"{seen.contributions} contributions in turn at two machines 5 minutes apart: "
        f"{seen.inversions} inversions ({seen.by_clock} by the clock); {seen.resurrected} of "
        f"{seen.sessions} sessions resurrected after −2 h and +30 d; deadlines, summer time, "
        f"leap second: {len(seen.wrong)} wrong"
    )
    holds = seen.inversions == seen.resurrected == len(seen.wrong) == 0 and seen.by_clock > 0
    return Outcome(figure + "".join(f"; {one}" for one in seen.wrong[:2]), holds)


def _run(engine: str, posts: int, *faults: str) -> Outcome:
    with site(engine) as here:
        return outcome(shift(here, posts, *faults))


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F11 {engine}",
        what="clocks 2 h behind, 30 d ahead, 5 min apart; hours left out and twice; a leap second",
        goal="order by sequence: 0 inversions; deadlines by one clock; 0 sessions resurrected",
        run=lambda full: _run(engine, FULL if full else SHORT),
        breaks="a session ends by the clock alone",
        broken=lambda _full: _run(engine, SHORT, "session-by-clock-alone"),
    )


CLOCKS = tuple(_trial(engine) for engine in ENGINES)
