"""F8: two drafters change one section from the same base, again and again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.db.session import db
from policyforum.drafting.models import DraftSave
from tests.engines import ENGINES
from tests.people import make_token
from tests.servers import COMMAND
from trials.record.asking import Answer, Asker
from trials.record.broken import command
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

FULL, SHORT = 1_000, 12
CONFLICT = 409
SECTION = """# Pedoman

## Jam layanan

Loket {first} dibuka pukul 08.00 dan {second} tutup pukul 15.00.

Kepala loket {third} bertanggung jawab.
"""


@dataclass
class Seen:
    """How each round went; `lost`: edits that a save accepted and a later save undid."""

    merged: int = 0
    conflicts: int = 0
    one_sided: int = 0
    lost: int = 0
    without_history: int = 0

    @property
    def rounds(self) -> int:
        return self.merged + self.conflicts


def edit_rounds(here: Site, rounds: int, program: Sequence[str] = COMMAND) -> Seen:
    """Both save at the same moment what they made of the draft they both had before them."""
    ratna = here.city.program("ratna", "drafter")
    here.city.program("asep", "drafter")
    slug = here.city.start(ratna, SECTION.format(first="-", second="-", third="-"))
    token = make_token(here.app, "ratna@kota.example")
    here.let_go()
    seen = Seen()
    places = random.Random(8)
    with here.serve(program) as server, ThreadPoolExecutor(2) as pool:
        people = [Asker(server.url).sign_in(f"{name}@kota.example") for name in ("ratna", "asep")]
        reader = Asker(server.url, token)
        path = f"/policies/{slug}/draft"
        for number in range(rounds):
            base = reader.api("GET", path).json
            words = [f"kata{number}{who}" for who in "ab"]
            at = places.choice([(0, 0), (1, 1), (0, 1), (0, 2), (2, 1)])
            texts = [_edited(base["source"], where, w) for where, w in zip(at, words, strict=True)]
            forms = [
                {"csrf_token": who.csrf, "source": text, "version": str(base["version"])}
                for who, text in zip(people, texts, strict=True)
            ]
            sent = [
                pool.submit(who.form, path, form) for who, form in zip(people, forms, strict=True)
            ]
            answers = [one.result() for one in sent]
            after = reader.api("GET", path).json["source"]
            _judge(seen, answers, words, texts, after)
    _look_up(here, rounds, seen)
    return seen


def _edited(source: str, place: int, word: str) -> str:
    """The draft with another word at one of three places."""
    lines = source.split("\n")
    line = next(i for i, text in enumerate(lines) if text.startswith(STARTS[place]))
    parts = lines[line].split(" ")
    parts[WORDS[place]] = word
    lines[line] = " ".join(parts)
    return "\n".join(lines)


STARTS = ("Loket", "Loket", "Kepala")
WORDS = (1, 6, 2)


def _judge(
    seen: Seen, answers: Sequence[Answer], words: Sequence[str], texts: Sequence[str], after: str
) -> None:
    refused = [n for n, answer in enumerate(answers) if answer.status == CONFLICT]
    if not refused:
        seen.merged += 1
        seen.lost += sum(word not in after for word in words)
        return
    seen.conflicts += 1
    for n, word in enumerate(words):
        if n in refused:
            seen.one_sided += any(other not in answers[n].text for other in words)
        else:
            seen.lost += word not in after


def _look_up(here: Site, rounds: int, seen: Seen) -> None:
    """The words of both must be in the history, whatever became of them."""
    with here.app.app_context():
        history = " ".join(db.session.scalars(select(DraftSave.source))).replace("\n", " ")
        kept = set(history.split(" "))
        db.session.remove()
    for number in range(rounds):
        seen.without_history += any(f"kata{number}{who}" not in kept for who in "ab")


def outcome(seen: Seen) -> Outcome:
    figure = (
        f"{seen.rounds} rounds: {seen.merged} merged, {seen.conflicts} shown both texts (409); "
        f"{seen.lost} updates lost, {seen.one_sided} refusals without both texts, "
        f"words of both in the history {seen.rounds - seen.without_history}/{seen.rounds}"
    )
    holds = (seen.lost, seen.one_sided, seen.without_history) == (0, 0, 0)
    return Outcome(figure, holds and seen.rounds > 0)


def _run(engine: str, program: Sequence[str], rounds: int) -> Outcome:
    with site(engine) as here:
        return outcome(edit_rounds(here, rounds, program))


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F8 {engine}",
        what="two drafters save the same section from the same base at the same moment",
        goal="0 lost updates; the second gets a merge or 409 with both texts; words of both kept",
        run=lambda full: _run(engine, COMMAND, FULL if full else SHORT),
        breaks="the last write wins",
        broken=lambda full: _run(engine, command("last-write-wins"), 50 if full else SHORT),
    )


DRAFTING = tuple(_trial(engine) for engine in ENGINES)
