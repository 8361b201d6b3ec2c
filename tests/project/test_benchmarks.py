"""What is measured is what the services leave, and a benchmark runs through."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.client import UnexpectedAnswer, burst, get
from benchmarks.comparing import Effort, Thing, compare, same
from benchmarks.data.city import BEGUN, articles_of, converse, publish_twice, settle, talk
from benchmarks.data.conversations import EVERY, conversation
from benchmarks.data.multiplying import Rows, look
from benchmarks.servers import yardstick
from policyforum.app import create_app
from policyforum.audit.verifying import verify_record
from policyforum.db.session import db, transaction
from tests.conftest import make_config
from tests.counting import miscounted
from tests.engines import Databases

COMMENTS, PER_THREAD, TIMES = 12, 3, 3
RANDOM = re.compile(r"\$argon2[^']*|[\w-]{20,}|(?<![\w-])(?:s-)?[\w-]{12}(?![\w-])")

pytestmark = pytest.mark.one_engine


@pytest.fixture
def left_by(
    databases_of: Callable[[str], Databases], tmp_path: Path
) -> Callable[[bool], dict[str, list[str]]]:
    """`left_by(multiplied)`: every row after three cycles, what is random in it put in order."""

    def fill(multiplied: bool) -> dict[str, list[str]]:
        app = create_app(make_config(databases_of("sqlite").fresh(), tmp_path))
        with app.test_request_context(), transaction():
            city = settle(5)
            policy = publish_twice(city, "rancangan", 2)
            if multiplied:
                converse(city, policy, COMMENTS * TIMES, PER_THREAD, cycle=COMMENTS)
            else:
                for turn in range(TIMES):
                    at = BEGUN + turn * COMMENTS * EVERY
                    parts = articles_of(policy)
                    for said in conversation(COMMENTS, PER_THREAD, parts, len(city.speakers), at):
                        talk(city, policy, said)
            found = look()
            assert miscounted() == []
        with app.app_context():
            assert verify_record().broken_seq is None
            db.engine.dispose()
        return _without_chance(found)

    return fill


def test_cycles_laid_down_are_like_cycles_held(
    left_by: Callable[[bool], dict[str, list[str]]],
) -> None:
    held, laid_down = left_by(False), left_by(True)
    assert len(held["comments"]) == COMMENTS * TIMES
    for name, rows in held.items():
        assert rows == laid_down[name], name


def test_a_comparison_tells_rates_processor_time_and_sizes() -> None:
    with yardstick() as y:
        hello = Thing(y, same(get("/"), 2))
        found = compare(hello, hello, Effort(rounds=1, seconds=0.0, fewest=100))
        with pytest.raises(UnexpectedAnswer, match="404"):
            burst(y.port, same(get("/nowhere"), 1), 0.0, 200)
    assert min(found.rate, found.rate_ratio, found.cpu, found.p50, found.ceiling) > 0
    assert 100 < found.size < 300  # a short head, and "hello"


def test_answers_of_every_kind_are_counted_whole() -> None:
    head = b"HTTP/1.1 200 OK\r\n"
    answers = (
        [head + b"Content-Length: 5\r\n\r\nhe", b"llo"],
        [head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r", b"\n\r\n"],
        [head + b"Connection: close\r\n\r\n", b"hello"],
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=_answer, args=(listening, answers))
        answering.start()
        told = burst(listening.getsockname()[1], same(get("/"), 1), 0.0, 200, len(answers))
        answering.join()
    assert told.answers == len(answers) == len(told.latencies)
    assert told.received == sum(len(part) for answer in answers for part in answer)


def _answer(listening: socket.socket, answers: Sequence[Sequence[bytes]]) -> None:
    """Answer one connection's requests, each in pieces that arrive one by one."""
    connection, _address = listening.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        for answer in answers:
            connection.recv(4096)
            for part in answer:
                connection.sendall(part)


def _without_chance(found: Rows) -> dict[str, list[str]]:
    """Each row as text; random ids, hashes and commitments as numbers, in order of appearance."""
    seen: dict[str, str] = {}

    def numbered(token: re.Match[str]) -> str:
        return seen.setdefault(token.group(), f"#{len(seen)}")

    told = {}
    for name, rows in found.items():
        lines = [str({**row, "salt": 0} if "salt" in row else row) for row in rows.values()]
        told[name] = [RANDOM.sub(numbered, line) for line in lines]
    told["audit_salts"].sort()  # kept by commitment, which is chance; told of in order above
    return told
