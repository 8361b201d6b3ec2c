"""F9: revisions that move, split, merge and remove sections, published while people comment."""

from __future__ import annotations

import html
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from policyforum.accounts import services as accounts
from policyforum.commenting.models import Thread, ThreadPosition
from policyforum.db.session import db
from policyforum.policies.models import Revision, RevisionSection, Section, SectionOrigin
from tests.api.program import in_days
from tests.engines import ENGINES
from tests.servers import COMMAND
from trials.record.asking import Asker
from trials.record.broken import command
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

HANDS = 24  # requests at once
SECTIONS = 24
PATIENCE = 300.0
QUOTED = 0.7  # what share of the comments is about words, not a whole section
UNPLACED = "unplaced"
TOPICS = (
    "pegawai unit jabatan kompetensi pelatihan anggaran jadwal laporan pimpinan organisasi usul "
    "jawaban alasan rotasi promosi penilaian kinerja cuti disiplin seleksi peserta panitia berkas "
    "tenggat layanan kantor kecamatan puskesmas sekolah guru perawat bidan arsiparis pustakawan"
)
WORDS = TOPICS.split()


@dataclass(frozen=True, slots=True)
class Size:
    people: int
    comments: int
    """In each round."""
    revisions: int
    """How many follow the first."""


FULL = Size(people=200, comments=1_700, revisions=3)
SHORT = Size(people=6, comments=24, revisions=2)


@dataclass
class Seen:
    """`said`: by thread, the section its author had before them, and the words quoted."""

    said: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    refused: int = 0
    lost: int = 0
    astray: list[str] = field(default_factory=list)
    orphans: int = 0
    unlisted: int = 0
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def text_of(sections: Sequence[Sequence[str]]) -> str:
    """Headings without numbers, so that nothing but the words tells a section."""
    parts = [f"## {body[0]}\n\n" + "\n\n".join(body[1:]) for body in sections]
    return "# Pedoman\n\n" + "\n\n".join(parts) + "\n"


def first_sections(chance: random.Random) -> list[list[str]]:
    """Each a heading and four paragraphs of their own words."""
    return [
        [f"Bagian {number} {chance.choice(WORDS)}"]
        + [f"{' '.join(chance.sample(WORDS, 9))} kalimat {number}-{n}." for n in range(4)]
        for number in range(SECTIONS)
    ]


def rearranged(sections: list[list[str]], chance: random.Random) -> list[list[str]]:
    """The next revision: some sections moved, one split, two merged, two removed."""
    found = [list(one) for one in sections]
    for _removed in range(2):
        found.pop(chance.randrange(len(found)))
    for _moved in range(4):
        found.insert(chance.randrange(len(found)), found.pop(chance.randrange(len(found))))
    whole = found.pop(chance.randrange(len(found) - 1))
    found.append(whole[: 1 + len(whole) // 2])
    found.append([f"Lanjutan {whole[0]}", *whole[1 + len(whole) // 2 :]])
    place = chance.randrange(len(found) - 1)
    found[place].extend(found.pop(place + 1)[1:])
    return found


class Crowd:
    """People who comment on the newest revision they know of until they are told to stop."""

    def __init__(self, url: str, slug: str, tokens: Sequence[str], seen: Seen) -> None:
        self._people = [Asker(url, token) for token in tokens]
        self._slug = slug
        self._seen = seen
        self._news = threading.Condition()
        self._over = threading.Event()
        self._shown: tuple[int, list[dict[str, Any]]] = (0, [])

    def show(self, number: int) -> None:
        """They have this revision before them from now on."""
        path = f"/policies/{self._slug}/revisions/{number}"
        sections = self._people[0].api("GET", path).json["sections"]
        self._shown = (number, [one for one in sections if _paragraphs(one)])

    @contextmanager
    def commenting(self) -> Any:
        with ThreadPoolExecutor(HANDS) as pool:
            hands = min(HANDS, len(self._people))
            done = [pool.submit(self._comment, hand, hands) for hand in range(hands)]
            try:
                yield self
            finally:
                self._over.set()
                for one in done:
                    one.result()

    def wait_for(self, count: int) -> None:
        with self._news:
            if not self._news.wait_for(lambda: len(self._seen.said) >= count, PATIENCE):
                raise TimeoutError("nobody comments any more")

    def _comment(self, hand: int, hands: int) -> None:
        chance = random.Random(hand)
        own = self._people[hand::hands]
        turn = 0
        while not self._over.is_set():
            number, sections = self._shown
            section = chance.choice(sections)
            quote = _quote(section, chance)
            body = {"section": section["key"], "body": f"Masukan {hand}-{turn}."}
            if quote:
                body["quote"] = {"exact": quote}
            path = f"/policies/{self._slug}/revisions/{number}/threads"
            answer = own[turn % len(own)].api("POST", path, body, key=f"{hand}-{turn}-{number}")
            turn += 1
            if answer.status == 201:
                with self._news:
                    self._seen.said[answer.json["id"]] = (section["key"], quote)
                    self._news.notify_all()
            else:
                self._seen.refused += 1
                time.sleep(0.02)


def _quote(section: dict[str, Any], chance: random.Random) -> str | None:
    return chance.choice(_paragraphs(section)) if chance.random() < QUOTED else None


def _paragraphs(section: dict[str, Any]) -> list[str]:
    return [part.strip() for part in section["text"].split("\n\n") if part.strip().endswith(".")]


def publish_under(here: Site, size: Size, program: Sequence[str] = COMMAND) -> Seen:
    """Publish revision after revision while they comment; then look where everything stands."""
    chance = random.Random(9)
    sections = first_sections(chance)
    ratna = here.city.program("ratna", "drafter")
    with patch.object(accounts, "hash_password", lambda _password: "-"):
        tokens = [
            # Some are drafters, who may comment at any time: up to the very publication.
            here.city.program(f"warga{n}", "drafter" if n % 50 == 0 else "staff").token
            for n in range(size.people)
        ]
    slug = here.city.start(ratna, text_of(sections))
    here.city.publish(ratna, slug)
    here.city.consult(ratna, slug, 1)
    here.let_go()
    seen = Seen()
    with here.serve(program) as server:
        drafter = Asker(server.url, ratna.token)
        crowd = Crowd(server.url, slug, tokens, seen)
        crowd.show(1)
        with crowd.commenting():
            for number in range(1, size.revisions + 1):
                crowd.wait_for(size.comments * number)
                sections = rearranged(sections, chance)
                _publish_next(drafter, slug, number, text_of(sections))
                crowd.show(number + 1)
        listed = _queue(server.url, slug)
    _judge(here, seen, listed)
    return seen


def _publish_next(drafter: Asker, slug: str, number: int, source: str) -> None:
    """Close the round, answer all that waits, publish, and open the next round."""
    here = f"/policies/{slug}"
    drafter.api("PATCH", f"{here}/revisions/{number}/round", {"state": "closed"})
    draft = drafter.api("GET", f"{here}/draft").json
    saved = drafter.api("PUT", f"{here}/draft", {"source": source, "version": draft["version"]})
    body = {"change_note": "Disusun ulang.", "draft_version": saved.json["version"]}
    while (answer := drafter.api("POST", f"{here}/revisions", body)).status != 201:
        missing = [one["thread"] for one in answer.json["missing"]]
        item = {"revision": number, "summary": "Semua masukan.", "threads": missing}
        item_id = drafter.api("POST", f"{here}/feedback", item).json["id"]
        drafter.api("PUT", f"/feedback/{item_id}/disposition", {"outcome": "accepted"})
    window = {"opens_at": in_days(-1), "closes_at": in_days(6), "audience": "public"}
    drafter.api("POST", f"{here}/revisions/{number + 1}/round", window)


def _queue(url: str, slug: str) -> str:
    """What the drafter is shown of the discussions that found no sure place: all pages of it."""
    browser = Asker(url).sign_in("ratna@kota.example")
    path, shown = f"/policies/{slug}/placements", ""
    while path:
        page = browser.get(path).text
        shown += page
        following = re.search(r'href="([^"]*placements\?[^"]*)"[^>]*rel="next"', page)
        path = html.unescape(following.group(1)) if following else ""
    return html.unescape(shown)


def _judge(here: Site, seen: Seen, shown: str) -> None:
    with here.app.app_context():
        threads = {
            thread.public_id: thread
            for thread in db.session.scalars(select(Thread).options(selectinload(Thread.section)))
        }
        revisions = list(db.session.scalars(select(Revision.id).order_by(Revision.number)))
        keys: dict[int, str] = dict(db.session.execute(select(Section.id, Section.key)).all())
        stands = _stands()
        before = _sections_before()
        texts = _texts()
        for public_id, (key, quote) in seen.said.items():
            thread = threads.get(public_id)
            if thread is None:
                seen.lost += 1
                continue
            if keys.get(thread.section_id or 0) != key or thread.quote_exact != quote:
                seen.astray.append(f"{public_id} was kept at another place")
            later = [one for one in revisions if one >= thread.revision_id]
            places = [stands.get((thread.id, one)) for one in later]
            if None in places:
                seen.lost += 1
                continue
            known = [place for place in places if place is not None]
            for revision, (old, _state), (new, state) in zip(
                later[1:], known, known[1:], strict=False
            ):
                seen.states[state] += 1
                follows = new == old or old in before[revision, new]
                if new is not None and not follows and (quote or "\0") not in texts[revision, new]:
                    seen.astray.append(f"{public_id} stands at another section, {state}")
            if known[-1][1] == UNPLACED:
                seen.orphans += 1
                number = f"No. {thread.number} ·"
                seen.unlisted += number not in shown or (quote or "") not in shown
        db.session.remove()


def _stands() -> dict[tuple[int, int], tuple[int | None, str]]:
    """By thread and revision: section and state."""
    place = ThreadPosition
    rows = db.session.execute(
        select(place.thread_id, place.revision_id, place.section_id, place.state)
    )
    return {(thread, revision): (section, state) for thread, revision, section, state in rows}


def _sections_before() -> dict[tuple[int, int | None], set[int]]:
    """By revision and section: the sections of the revision before that it comes from."""
    found: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    origin = SectionOrigin
    for revision, section, previous in db.session.execute(
        select(origin.revision_id, origin.section_id, origin.previous_section_id)
    ):
        found[revision, section].add(previous)
    return found


def _texts() -> dict[tuple[int, int | None], str]:
    part = RevisionSection
    rows = db.session.execute(select(part.revision_id, part.section_id, part.text))
    return {(revision, section): text for revision, section, text in rows}


def outcome(seen: Seen) -> Outcome:
    states = ", ".join(f"{count} {state}" for state, count in sorted(seen.states.items()))
    figure = (
        f"{len(seen.said)} comments, {seen.refused} refused meanwhile: {seen.lost} lost, "
        f"{len(seen.astray)} at a section other than shown, {seen.orphans} orphans of which "
        f"{seen.unlisted} not listed with their quote ({states})"
    )
    first = f"; {seen.astray[0]}" if seen.astray else ""
    holds = (seen.lost, len(seen.astray), seen.unlisted) == (0, 0, 0)
    return Outcome(figure + first, holds and len(seen.said) > 0)


def _run(engine: str, program: Sequence[str], size: Size) -> Outcome:
    with site(engine) as here:
        return outcome(publish_under(here, size, program))


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F9 {engine}",
        what="revisions that move, split, merge and remove sections, published while 200 comment",
        goal="≥ 5,000 comments: 0 lost, 0 at another section, every orphan listed with its quote",
        run=lambda full: _run(engine, COMMAND, FULL if full else SHORT),
        breaks="comments are anchored by position",
        broken=lambda _full: _run(engine, command("anchor-by-position"), SHORT),
    )


MOVING = tuple(_trial(engine) for engine in ENGINES)
