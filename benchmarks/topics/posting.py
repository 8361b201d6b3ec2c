"""Posting through the page's form, acknowledged only when it is safely on disk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from sqlalchemy import text

from benchmarks.client import MakeRequest, post
from benchmarks.comparing import CONNECTIONS, Comparison, Effort, Thing, beside_hello, effort
from benchmarks.data.city import staff
from benchmarks.data.engines import databases
from benchmarks.data.making import POLICY, kept, reading_engine
from benchmarks.people import FORM, Person, sign_in
from benchmarks.servers import GUNICORN, OWN, Server, application, yardstick
from benchmarks.table import Row, Topic
from tests.engines import ENGINES

SEE_OTHER = 303
P50_BAR, P50_AIM = 4.0, 2.5
RATE_BAR, P99_BAR = 0.2, 5.0


def measure(quick: bool) -> Iterator[Row]:
    taken = effort(quick)
    with yardstick() as y:
        for engine in ENGINES[:1] if quick else ENGINES:
            with databases(engine) as opened:
                for kind in (GUNICORN, OWN):
                    database = opened("small")
                    with application(kind, database.settings, database.roots) as server:
                        yield from _by(server, y, taken, engine)


def _by(server: Server, y: Server, taken: Effort, engine: str) -> Iterator[Row]:
    people = [sign_in(server, staff(number)) for number in range(CONNECTIONS)]
    sections, threads = targets("small")
    for what, made in (
        ("contribution", [contributions(person, sections) for person in people]),
        ("reply", [replies(person, threads) for person in people]),
    ):
        where = f"{what}: {engine}, {server.name}"
        alone = beside_hello(Thing(server, made[:1], SEE_OTHER), y, taken)
        yield _one_after_the_other(f"{where}, one after the other", alone)
        together = beside_hello(Thing(server, made, SEE_OTHER), y, taken)
        yield _at_once(f"{where}, {len(made)} at once", together)


def targets(name: str) -> tuple[list[str], list[str]]:
    """Keys of articles to contribute to, and ids of threads to reply in, of the policy measured."""
    with reading_engine(kept(name)).connect() as connection:
        keys = connection.execute(
            text(
                "SELECT s.key FROM sections s JOIN revision_sections r ON r.section_id = s.id "
                "JOIN policies p ON p.current_revision_id = r.revision_id "
                "WHERE p.slug = :slug AND r.kind = 'pasal' ORDER BY r.position"
            ),
            {"slug": POLICY},
        )
        threads = connection.execute(
            text(
                "SELECT t.public_id FROM threads t JOIN policies p ON p.id = t.policy_id "
                "WHERE p.slug = :slug ORDER BY t.id LIMIT 1000"
            ),
            {"slug": POLICY},
        )
        return list(keys.scalars()), list(threads.scalars())


def contributions(person: Person, sections: Sequence[str]) -> MakeRequest:
    """Makes forms for a new thread, on one section after another."""
    path = f"/policies/{POLICY}/revisions/2/threads/new"
    turns = zip(itertools.count(), itertools.cycle(sections), strict=False)

    def make() -> bytes:
        number, key = next(turns)
        return _sent(person, path, number, section=key, kind="concern", stance="neutral")

    return make


def replies(person: Person, threads: Sequence[str]) -> MakeRequest:
    """Makes forms for a reply, in one thread after another."""
    turns = zip(itertools.count(), itertools.cycle(threads), strict=False)

    def make() -> bytes:
        number, thread = next(turns)
        return _sent(person, f"/threads/{thread}/replies", number, parent="")

    return make


def _sent(person: Person, path: str, number: int, **fields: str) -> bytes:
    form = {
        "csrf_token": person.csrf_token,
        "once": f"sekali-{number:06}",
        "body": f"Pendapat nomor {number}: jangka waktu *dua* hari kerja tidak cukup.\n\n" * 4,
        **fields,
    }
    return post(path, urlencode(form).encode(), FORM, person.cookie)


def _one_after_the_other(what: str, found: Comparison) -> Row:
    return Row(
        what,
        f"p50 {found.p50_ratio:.1f} × Y's, CPU× {found.cpu_ratio:.1f}",
        f"p50 ≤ {P50_BAR:g} × Y's (aim {P50_AIM:g})",
        found.p50_ratio <= P50_BAR,
        f"p50 {found.p50 * 1000:.2f} ms, p99 {found.p99 * 1000:.1f} ms",
        found.values,
    )


def _at_once(what: str, found: Comparison) -> Row:
    tail = found.p99 / found.p50
    return Row(
        what,
        f"{found.rate_ratio:.3f} Y, p99 {tail:.1f} × p50, CPU× {found.cpu_ratio:.1f}",
        f"≥ {RATE_BAR:g} Y, p99 ≤ {P99_BAR:g} × p50",
        found.rate_ratio >= RATE_BAR and tail <= P99_BAR,
        f"{found.rate:,.0f}/s, p50 {found.p50 * 1000:.1f} ms, p99 {found.p99 * 1000:.1f} ms",
        found.values,
    )


TOPIC = Topic(
    "posting", "Posting durably (synchronous=FULL; fsync and synchronous_commit on)", measure
)
