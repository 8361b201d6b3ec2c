"""F12: a mail server that is away, flaps or is slow; workers that die while they send."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, insert, select

from policyforum.accounts.models import Account
from policyforum.db.session import db
from policyforum.notifications.models import OutboxMail
from tests.api.program import made
from tests.engines import ENGINES
from trials.record.asking import Asker
from trials.record.broken import command
from trials.record.post import Post
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

LEASE = "2"  # seconds a claim lasts here; five minutes in the product
CRASH_EVERY = 15
PATIENCE = 240.0  # seconds until every mail must have arrived
SLOW = 0.15  # seconds a slow server takes over a mail
HANGING = 0.3  # seconds until a failing server hangs up
MOST_SLOWER = 1.1
CLEARLY_SLOWER = 2.0
"""What a mail server can do to a request shows far above what a busy machine does to a median."""


@dataclass
class Seen:
    mails: int = 0
    marked: set[str] = field(default_factory=set)
    """Subjects of what is marked as sent."""
    received: list[tuple[str, str]] = field(default_factory=list)
    """Subject and Message-ID of everything that arrived."""
    crashes: int = 0
    """How many workers were killed."""
    cuts: int = 0
    """How many mails the server had taken without having said so when it went away."""
    slower: float = 0.0
    """The median of requests that cause mail, with a failing mail server against a good one."""

    @property
    def lost(self) -> int:
        return len(self.marked - {subject for subject, _id in self.received})

    @property
    def late(self) -> int:
        """How many still waited in the outbox when patience ended."""
        return self.mails - len(self.marked)

    @property
    def doubles(self) -> int:
        return len(self.received) - len(set(self.received))

    @property
    def most_doubles(self) -> int:
        """Of one mail."""
        return max(Counter(self.received).values(), default=0) - 1

    @property
    def of_two_ids(self) -> int:
        ids = defaultdict(set)
        for subject, message_id in self.received:
            ids[subject].add(message_id)
        return sum(len(found) > 1 for found in ids.values())


def outage(here: Site, mails: int) -> Seen:
    """Down at first, then coming and going, then slow; the worker dies between sending and marking.

    The worker is the real command; only its claims and waits are shorter.
    """
    _fill(here, mails)
    seen = Seen(mails)
    post = Post()
    workers = [_worker(here, post.url), _worker(here, post.url)]
    try:
        _kill_when_it_has_sent(post, workers, seen)
        until = time.monotonic() + PATIENCE
        shift = 0
        while _waiting(here) and time.monotonic() < until:
            shift += 1
            _change_the_weather(post, shift)
            for number, worker in enumerate(workers):
                if worker.poll() is not None:
                    workers[number] = _worker(here, post.url)
            time.sleep(0.3)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        post.stop()
    seen.cuts = post.untold
    seen.marked = _marked(here)
    seen.received = [(str(m["Subject"]), str(m["Message-ID"])) for m in post.received]
    return seen


def _change_the_weather(post: Post, shift: int) -> None:
    match shift % 5:
        case 0:
            post.stop()
        case 1:
            post.refusal = "451 come back later"
            _start(post)
        case 2:
            post.refusal = ""
            _start(post)
        case 3:
            post.delay = SLOW
        case _:
            post.delay = 0.0


def _start(post: Post) -> None:
    post.stop()
    with suppress(OSError):
        post.start()


def _kill_when_it_has_sent(
    post: Post, workers: Sequence[subprocess.Popen[bytes]], seen: Seen
) -> None:
    """Every so often both workers die while one waits for the word that its mail was taken."""

    def kill(count: int) -> None:
        if count % CRASH_EVERY == 0:
            for worker in workers:
                if worker.poll() is None:
                    worker.kill()
                    seen.crashes += 1

    post.on_mail = kill


def _worker(here: Site, url: str) -> subprocess.Popen[bytes]:
    with (here.folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [*command(f"quick-mail:{LEASE}"), "worker"],
            env={**os.environ, **here.settings, "POLICYFORUM_SMTP_URL": url},
            stdout=log,
            stderr=log,
        )


def _fill(here: Site, mails: int) -> None:
    here.city.program("neneng", "staff")
    now = datetime.now(UTC)
    with here.app.app_context():
        account = db.session.scalars(select(Account.id)).first()
        rows = [
            {
                "message_id": f"<{number}@localhost>",
                "account_id": account,
                "subject": f"Surel {number}",
                "body": "Isi.",
                "created_at": now,
                "not_before": now,
            }
            for number in range(mails)
        ]
        db.session.execute(insert(OutboxMail), rows)
        db.session.commit()
        db.session.remove()


def _waiting(here: Site) -> int:
    with here.app.app_context():
        waiting = db.session.scalars(
            select(func.count()).select_from(OutboxMail).where(OutboxMail.done_at.is_(None))
        ).one()
        db.session.remove()
    return waiting


def _marked(here: Site) -> set[str]:
    with here.app.app_context():
        sent = select(OutboxMail.subject).where(OutboxMail.done_at.is_not(None))
        subjects = set(db.session.scalars(sent))
        db.session.remove()
    return subjects


def latency(good: Site, bad: Site, requests: int, program: Sequence[str]) -> float:
    """Replies that each cause a mail, in turn on a site with a good and one with a bad server."""
    post = Post()
    post.start()
    try:
        with (
            _hanging_server() as hanging,
            good.serve(program, workers=1, SMTP_URL=post.url) as first,
            bad.serve(program, workers=1, SMTP_URL=hanging) as second,
        ):
            sides = [_Replying(good, first.url, requests), _Replying(bad, second.url, requests)]
            for number in range(requests):
                for side in sides[:: 1 if number % 2 else -1]:
                    side.reply(number)
    finally:
        post.stop()
    return statistics.median(sides[1].took) / statistics.median(sides[0].took)


class _Replying:
    """Somebody who answers one contribution of somebody else after the other."""

    def __init__(self, here: Site, url: str, requests: int) -> None:
        ratna, asep = here.city.program("ratna", "drafter"), here.city.program("asep", "drafter")
        slug = here.city.consulted(ratna)
        path = f"/policies/{slug}/revisions/1/threads"
        body = {"section": None, "body": "Awal."}
        self._threads = [made(ratna.post(path, body))["id"] for _n in range(requests)]
        self._asep = Asker(url, asep.token)
        self.took: list[float] = []
        here.let_go()

    def reply(self, number: int) -> None:
        path = f"/threads/{self._threads[number]}/comments"
        began = time.perf_counter()
        answer = self._asep.api("POST", path, {"body": "Jawab.", "parent": None})
        self.took.append(time.perf_counter() - began)
        if answer.status != 201:
            raise RuntimeError(answer.text)


@contextmanager
def _hanging_server() -> Iterator[str]:
    """A mail server that says nothing and hangs up after a while."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = server.accept()
                    threading.Timer(HANGING, connection.close).start()

        threading.Thread(target=hang_up, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"


def outcome(seen: Seen) -> Outcome:
    figure = (
        f"{seen.mails} mails, server away and flapping, {seen.crashes} workers killed, "
        f"{seen.cuts} mails taken without a word: {seen.lost} lost, {seen.late} late, "
        f"{seen.doubles} doubles (at most {seen.most_doubles} of one mail, "
        f"{seen.of_two_ids} under another Message-ID)"
    )
    if seen.slower:
        figure += f"; request latency × {seen.slower:.2f}"
    once = seen.doubles <= seen.crashes + seen.cuts and seen.of_two_ids == 0
    kept = once and seen.lost == seen.late == 0
    return Outcome(figure, kept and seen.mails > 0 and seen.slower < CLEARLY_SLOWER)


def _run(engine: str, *, full: bool) -> Outcome:
    with site(engine) as here:
        seen = outage(here, 150 if full else 20)
    with site(engine) as good, site(engine) as bad:
        seen.slower = latency(good, bad, 100 if full else 10, command("clock-off:0"))
    return outcome(seen)


def _broken(engine: str) -> Outcome:
    seen = Seen(1, {""}, [("", "")])
    with site(engine) as good, site(engine) as bad:
        seen.slower = latency(good, bad, 10, command("mail-in-request"))
    return outcome(seen)


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F12 {engine}",
        what="a mail server that is down, flaps and is slow; workers killed between send and mark",
        goal="0 lost; doubles ≤ 1 a worker killed or mail taken without a word, under the same"
        f" Message-ID; latency × ≤ {MOST_SLOWER}",
        run=lambda full: _run(engine, full=full),
        breaks="mail is sent in the request",
        broken=lambda _full: _broken(engine),
    )


MAILING = tuple(_trial(engine) for engine in ENGINES)
