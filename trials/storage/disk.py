"""F4, F5: a disk that is full, that fails, that is slow."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import COMMAND
from trials.storage import broken
from trials.storage.crowd import Crowd
from trials.storage.kept import look
from trials.storage.site import Site, site
from trials.storage.visitor import Visitor
from trials.trial import ANY_TIME, MOUNTING, Outcome, Trial

SIZE = {"sqlite": "64m", "postgresql": "160m"}
LEFT = 64 * 1024  # bytes left on the disk when people go on writing
TRIES = 40  # comments sent to the full disk
FULL_WITHIN = 15.0  # seconds; a broken product refuses nothing
CLIENTS = 8
WORDS = "Kalimat yang tidak boleh hilang, dengan “tanda kutip” & <sudut>."
RESUMES_WITHIN = 5.0  # seconds
SMALL = {"max_wal_size": "32MB", "min_wal_size": "32MB"}

TRACER = ("strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "signal=none")
EVERY_SYNC = "fsync,fdatasync"
FAILING_SYNC = {"sqlite": EVERY_SYNC, "postgresql": "fdatasync"}
"""PostgreSQL's fdatasync is for its log. It uses fsync to recover, and would fail in that as well:
then it stays down, which shows nothing of this program."""

COMMENTS = {True: 600, False: 60}
COMMENTS_OF_MUTANT = {"sqlite": 60, "postgresql": 120}
COMMENTS_SLOWLY = {True: 60, False: 12}


def fill_disk(engine: str, within: float, command: Sequence[str] = COMMAND) -> Outcome:
    """F4: people write until the disk is full and beyond; then there is room again."""
    with _small_disk(SIZE[engine]) as disk, site(engine, postgres=SMALL, folder=disk) as place:
        crowd = Crowd(place, CLIENTS, insistent=False)
        with place.serve(command=command) as server:
            visitor = Visitor(server.url)
            visitor.sign_in("warga1@kota.example")
            path = place.paths[1].replace("/comments", "/replies")
            form = visitor.fill_in(path, body=WORDS)
            filler = _fill(disk, LEFT)
            with crowd.writing():
                crowd.go_to(server.url)
                crowd.wait_for_refusals(1, FULL_WITHIN)
                _fill_up(filler)
                crowd.wait_for_refusals(TRIES, FULL_WITHIN)
                reads = [visitor.get(page) for page in _pages(place) for _time in range(3)]
                refused = visitor.post(path, form)
                filler.unlink()
                resumed = crowd.wait_for_more()
            sent_again = visitor.post(path, refused.kept_fields())
        kept = look(place, crowd)
    unread = sum(page.status != 200 for page in reads)
    wrong = {status: n for status, n in crowd.refusals.items() if status not in (503, 507)}
    is_kept = refused.status in (503, 507) and refused.kept_fields().get("body") == WORDS
    is_in = sent_again.status == 200 and "Kalimat yang tidak boleh hilang" in sent_again.html
    return Outcome(
        f"{len(crowd.acknowledged):,} acknowledged, {len(crowd.refused):,} refused: {kept}, "
        f"{kept.unwanted} refused yet there; refusals other than 503: {wrong or 'none'}; a form "
        f"refused with {refused.status}, its text {'kept' if is_kept else 'LOST'} and "
        f"{'sent again' if is_in else 'NOT SENT AGAIN'}; {unread} of {len(reads)} pages not "
        f"readable; writing again {resumed:.1f} s after there was room",
        kept.is_whole
        and not (kept.unwanted or wrong or unread)
        and is_kept
        and is_in
        and resumed <= within,
    )


def fail_to_sync(engine: str, comments: int, program: Sequence[str] = COMMAND) -> Outcome:
    """F5: every eighth sync of a thread fails with EIO.

    On PostgreSQL each such error ends all its processes; then it recovers by itself.
    """
    tracer = _tracer(FAILING_SYNC[engine], "error=EIO:when=4+8")
    return _write_on(engine, comments, tracer, program, refusals_are_fine=True)


def sync_slowly(engine: str, comments: int, program: Sequence[str] = COMMAND) -> Outcome:
    """F5: every sync takes 200 ms longer."""
    tracer = _tracer(EVERY_SYNC, "delay_enter=200000")
    return _write_on(engine, comments, tracer, program, refusals_are_fine=False)


def _tracer(calls: str, fault: str) -> tuple[str, ...]:
    """What stands before a command that is to have this fault in these system calls."""
    return (*TRACER, "-e", f"trace={calls}", "-e", f"inject={calls}:{fault}")


def _write_on(
    engine: str,
    comments: int,
    tracer: Sequence[str],
    program: Sequence[str],
    *,
    refusals_are_fine: bool,
) -> Outcome:
    """Write on a disk that is not well: under the server of SQLite, or under PostgreSQL."""
    is_sqlite = engine == "sqlite"
    with site(engine) as place:
        if place.postgres is not None:
            place.postgres.shut_down()
            place.postgres.start(tracer)
        # A connection that breaks while PostgreSQL commits leaves it open whether it did, so there
        # people send again, under the same key.
        crowd = Crowd(place, CLIENTS, insistent=not is_sqlite, most=comments, pause=1.0)
        command = (*tracer, *program) if is_sqlite else program
        with place.serve(command=command) as server:
            with crowd.writing():
                crowd.go_to(server.url)
                crowd.wait_for_all()
            server.kill()  # told to stop, a traced one takes its time
        if place.postgres is not None:
            place.postgres.kill()
            place.postgres.start()  # the disk is well again
        kept = look(place, crowd)
    wrong = {status: n for status, n in crowd.refusals.items() if status != 503}
    times = crowd.refusals.total()
    return Outcome(
        f"{len(crowd.acknowledged):,} acknowledged, {times:,} times refused: {kept}, "
        f"{kept.unwanted} refused yet there; refusals other than 503: {wrong or 'none'}",
        kept.is_whole
        and not (kept.unwanted or wrong)
        and (times > 0 if refusals_are_fine else times == 0),
    )


@contextmanager
def _small_disk(size: str) -> Iterator[Path]:
    # Its name is short: that of PostgreSQL's socket in it may have 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def _fill(disk: Path, left: int) -> Path:
    """A file that takes all the room but `left` bytes."""
    filler = disk / "filler"
    filler.touch()
    _fill_up(filler)
    with filler.open("r+b") as file:
        file.truncate(filler.stat().st_size - left)
    return filler


def _fill_up(filler: Path) -> None:
    """Let the file take what room there is."""
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue


def _pages(place: Site) -> list[str]:
    thread = place.paths[1].replace("/comments", "")
    policy = f"/policies/{place.slug}"
    return ["/", "/policies", f"{policy}/revisions/1", f"{policy}/feedback", thread, "/inbox"]


def _full_disk(engine: str, breaks: str, mutant: str) -> Trial:
    return Trial(
        f"F4 {engine}",
        f"a disk of {SIZE[engine]} written full, {CLIENTS} people writing; then room again",
        "0 lost, 0 refused yet there, only 503 or 507 with the text still in the form, everything "
        f"readable, writing again within {RESUMES_WITHIN:.0f} s",
        lambda full: fill_disk(engine, RESUMES_WITHIN if full else ANY_TIME),
        breaks,
        lambda _full: fill_disk(engine, ANY_TIME, broken.command(mutant)),
        needs=(MOUNTING,),
    )


def _failing_disk(engine: str, breaks: str, mutant: str) -> Trial:
    return Trial(
        f"F5 {engine}",
        "every eighth sync fails with EIO, under strace",
        "0 lost, 0 refused yet there, only 503",
        lambda full: fail_to_sync(engine, COMMENTS[full]),
        breaks,
        lambda _full: fail_to_sync(engine, COMMENTS_OF_MUTANT[engine], broken.command(mutant)),
        needs=("strace",),
    )


def _slow_disk(engine: str) -> Trial:
    return Trial(
        f"F5 slow {engine}",
        "every sync takes 200 ms longer, under strace",
        "0 lost, 0 refused",
        lambda full: sync_slowly(engine, COMMENTS_SLOWLY[full]),
        "gives up waiting early",
        lambda _full: sync_slowly(engine, COMMENTS_SLOWLY[False], broken.command("impatient")),
        needs=("strace",),
    )


DISK = (
    _full_disk("sqlite", "takes a failed commit for one that was done", "swallow-failed-commit"),
    # PostgreSQL has no room for a row long before it has none for a commit.
    _full_disk("postgresql", "goes on after a write that failed", "swallow-failed-write"),
    _failing_disk("sqlite", "takes a failed commit for one that was done", "swallow-failed-commit"),
    _failing_disk("postgresql", "answers before it commits", "answer-first"),
    _slow_disk("sqlite"),
    _slow_disk("postgresql"),
)
