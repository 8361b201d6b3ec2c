"""What people are going to say: plain values, the same at every making."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.data.texts import opinion

KINDS = (
    ("concern", "neutral"),
    ("question", "neutral"),
    ("support", "support"),
    ("objection", "oppose"),
)
EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """A reply: `author` by number, `parent` by its place in the thread (0 opened it)."""

    author: int
    parent: int
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread about a section (by its key), or about `quote` in it."""

    section_key: str
    quote: str | None
    author: int
    kind: str
    stance: str
    body: str
    at: datetime
    replies: Sequence[Remark]


def conversation(
    comments: int, per_thread: int, sections: Sequence[tuple[str, str]], speakers: int, at: datetime
) -> Iterator[Talk]:
    """Threads spread evenly over `sections` (key and text), with replies as they come up.

    `comments` in all, `per_thread` of them in each thread; every other thread is about the
    section's first words. One act a second, beginning after `at`.
    """
    chance = random.Random(comments)
    bodies = [opinion(chance) for _ in range(200)]
    threads = comments // per_thread
    step = max(len(sections) // threads, 1)
    for number in range(threads):
        key, text = sections[number * step % len(sections)]
        author = chance.randrange(speakers)
        kind, stance = KINDS[number % len(KINDS)]
        at += EVERY
        opened, replies = at, []
        for place in range(1, per_thread):
            at += EVERY
            parent = chance.randrange(max(place - 3, 0), place)
            replies.append(Remark(chance.randrange(speakers), parent, chance.choice(bodies), at))
        quote = _first_words(text) if number % 2 else None
        yield Talk(key, quote, author, kind, stance, chance.choice(bodies), opened, replies)


def _first_words(text: str) -> str:
    return " ".join(text.splitlines()[2].split(" ")[1:7])
