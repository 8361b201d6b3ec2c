"""F14: backups while many write, each of them restored; and how long a large one takes."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from policyforum.accounts.queries import account_by_email
from policyforum.commenting.briefing import opening_of, thread_in_brief
from policyforum.commenting.models import Thread
from policyforum.commenting.replying import ReadyReply, enter_reply
from policyforum.commenting.voices import known_voice
from policyforum.db.base import random_id
from policyforum.db.session import db, transaction
from policyforum.organisation.acting import actor_for
from tests.servers import COMMAND, run_policyforum
from trials.storage import broken
from trials.storage.crowd import Crowd
from trials.storage.kept import compare
from trials.storage.site import Site, let_go, site
from trials.trial import ANY_TIME, Outcome, Trial

CLIENTS = 16
COPIES = {True: 20, False: 1}
EVERY = {True: 5.0, False: 0.0}  # seconds
LARGE = {True: 1024, False: 8}  # MB of database
LARGE_WITHIN = 60.0  # seconds
ROW = 16_000  # bytes of one comment of the large database, half of them its HTML
BATCH = 100


@dataclass(frozen=True, slots=True)
class Way:
    """How a copy is made of a site and put into another, empty one; → "" or what went wrong."""

    take: Callable[[Site, Path], str]
    put_back: Callable[[Path, Site], str]


def copy_under_load(engine: str, copies: int, every: float, way: Way) -> Outcome:
    """Make copies while people write, then look whether each holds all of what was told before."""
    with site(engine) as place:
        crowd = Crowd(place, CLIENTS, insistent=False)
        made: list[tuple[Path, dict[str, str]]] = []
        failed: list[str] = []
        with place.serve() as server, crowd.writing():
            crowd.go_to(server.url)
            for number in range(copies):
                crowd.wait_for_more(CLIENTS)
                began = time.monotonic()
                made.append((place.folder / f"copy-{number}", dict(crowd.acknowledged)))
                failed += filter(None, [way.take(place, made[-1][0])])
                time.sleep(max(0.0, every - (time.monotonic() - began)))
        found = [_restored(engine, copy, told, way) for copy, told in made]
    wrong = failed + [words for words in found if words]
    return Outcome(
        f"{copies} backups while {len(crowd.acknowledged):,} comments were acknowledged: "
        f"{copies - len(wrong)} of {copies} restored whole with all of what was acknowledged before"
        + (f"; e.g. {wrong[0]}" if wrong else ""),
        not wrong,
    )


def _restored(engine: str, copy: Path, told: dict[str, str], way: Way) -> str:
    """Put a copy into a new database; → what is wrong with it."""
    with site(engine, furnished=False) as other:
        if words := way.put_back(copy, other):
            return words
        kept = compare(other, told, [])
        return "" if kept.is_whole else str(kept)


def restore_large(engine: str, megabytes: int, within: float, *, damaged: bool = False) -> Outcome:
    """Back up a large database and restore it; damaged: after one byte of the file was changed."""
    with site(engine) as place, site(engine, furnished=False) as other:
        _fill(place, megabytes)
        copy = place.folder / "large.zip"
        began = time.monotonic()
        refusal = _backup(place, copy)
        backed_up = time.monotonic()
        if damaged:
            with copy.open("r+b") as file:
                file.seek(copy.stat().st_size // 2)
                file.write(b"?")
        refusal = refusal or _restore(copy, other)
        restored = time.monotonic()
    return Outcome(
        f"{megabytes:,} MB of comments: backup {backed_up - began:.0f} s, restore and check of "
        f"the record {restored - backed_up:.0f} s{refusal and f'; {refusal}'}",
        not refusal and restored - backed_up <= within,
    )


def _fill(place: Site, megabytes: int) -> None:
    """Replies until there is that much of them, each on record; only their HTML is put by hand."""
    now = datetime.now(UTC)
    chance = random.Random(14)
    vocabulary = [random_id()[: chance.randint(2, 12)] for _word in range(5_000)]
    words = " ".join(chance.choices(vocabulary, k=500_000))
    with place.app.app_context():
        account = account_by_email("ratna@kota.example")
        opened = db.session.scalars(sa.select(Thread.public_id).limit(1)).one()
        assert account is not None
        actor = actor_for(account, now)
        thread = thread_in_brief(opened, actor)
        first, voice = opening_of(thread.id), known_voice(actor, thread.policy)
        for _batch in range(megabytes * (1 << 20) // ROW // BATCH + 1):
            with transaction():
                for _reply in range(BATCH):
                    at = chance.randrange(len(words) - ROW)
                    body = words[at : at + ROW // 2].strip()
                    html = f"<p>{body}</p>"
                    enter_reply(ReadyReply(thread, first, actor, body, html, voice), now)
    let_go(place.app)


def _backup(place: Site, copy: Path, command: Sequence[str] = COMMAND) -> str:
    done = run_policyforum(place.settings, "backup", str(copy), command=command)
    return done.stderr.strip()[-200:] if done.returncode else ""


def _restore(copy: Path, other: Site) -> str:
    done = run_policyforum(other.settings, "restore", str(copy))
    return done.stderr.strip()[-200:] if done.returncode else ""


def _copy_file(place: Site, copy: Path) -> str:
    shutil.copyfile(place.database, copy)
    return ""


def _put_file(copy: Path, other: Site) -> str:
    with suppress(FileExistsError):
        other.database.parent.mkdir()
    shutil.copyfile(copy, other.database)
    return ""


def _torn_backup(place: Site, copy: Path) -> str:
    return _backup(place, copy, broken.command("torn-snapshot"))


HONEST = Way(_backup, _restore)


def _copying(engine: str, breaks: str, mutant: Way) -> Trial:
    return Trial(
        f"F14 {engine}",
        f"a backup every {EVERY[True]:.0f} s while {CLIENTS} people write, each of them restored",
        "every one whole, with all of what was acknowledged before it began; its record verifies",
        lambda full: copy_under_load(engine, COPIES[full], EVERY[full], HONEST),
        breaks,
        lambda _full: copy_under_load(engine, 3, 0.0, mutant),
    )


def _large(engine: str) -> Trial:
    return Trial(
        f"F14 large {engine}",
        "backup and restore of a large database",
        f"{LARGE[True]:,} MB restored within {LARGE_WITHIN:.0f} s",
        lambda full: restore_large(engine, LARGE[full], LARGE_WITHIN if full else ANY_TIME),
        "one byte of the backup changed",
        lambda _full: restore_large(engine, LARGE[False], ANY_TIME, damaged=True),
    )


COPYING = (
    _copying("sqlite", "a copy of the database file", Way(_copy_file, _put_file)),
    _copying("postgresql", "no snapshot for all tables", Way(_torn_backup, _restore)),
    _large("sqlite"),
    _large("postgresql"),
)
