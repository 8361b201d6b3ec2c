"""What was acknowledged is there, once, however often the server is killed."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from config import Config
from policyforum.commenting.models import Comment, Thread
from policyforum.db.session import db
from tests.api.program import City, made
from tests.servers import served

COMMENTS = 200
CLIENTS = 8
KILLS = 3
PATIENCE = 90.0  # seconds in which something must have gone on


class Posting:
    """Clients that post every comment until it is acknowledged, under one key each."""

    def __init__(self, token: str, threads: str, replies: str) -> None:
        self.acknowledged: dict[str, str] = {}
        self._token = token
        self._paths = (threads, replies)
        self._left = list(range(COMMENTS))
        self._news = threading.Condition()
        self._address = ""

    def server_is_at(self, address: str) -> None:
        """The server is up there; "": it is down."""
        with self._news:
            self._address = address
            self._news.notify_all()

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.acknowledged) >= count, PATIENCE)

    def post_all(self) -> None:
        """What one client does: take the next comment, send it until it is acknowledged."""
        while True:
            with self._news:
                if not self._left:
                    return
                number = self._left.pop(0)
            answer = self._post_until_acknowledged(number)
            if number % 4 == 0:  # as if that reply had been lost on its way
                answer = self._post_until_acknowledged(number)
            with self._news:
                self.acknowledged[f"Komentar {number}"] = answer
                self._news.notify_all()

    def _post_until_acknowledged(self, number: int) -> str:
        while (answer := self._post(number)) is None:
            pass
        return answer

    def _post(self, number: int) -> str | None:
        """Send it once; → the id of the comment when the server acknowledged it."""
        with self._news:
            assert self._news.wait_for(lambda: bool(self._address), PATIENCE)
            address = self._address
        body = {"body": f"Komentar {number}", "section": None, "parent": None}
        request = urllib.request.Request(
            f"{address}/api/v1{self._paths[number % 2]}",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"comment-{number}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                told = json.load(answer)
        except (OSError, ValueError, http.client.HTTPException):
            return None  # killed while it was asked or while it answered, or busy (503)
        return str(told["comments"][0]["id"] if "comments" in told else told["id"])


@pytest.mark.timeout(300)
def test_every_acknowledged_comment_survives_kills(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    city = City(app)
    ratna = city.program("ratna", "drafter")
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    first = made(ratna.post(threads, {"section": None, "body": "Awal."}))
    posting = Posting(ratna.token, threads, f"/threads/{first['id']}/comments")
    settings = settings_of(config)
    clients = [threading.Thread(target=posting.post_all, daemon=True) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    moments = sorted(random.Random(20261123).sample(range(10, COMMENTS - 10), KILLS))
    for moment in moments:
        with served(settings, tmp_path, workers=2) as server:
            posting.server_is_at(server.url)
            posting.wait_for(moment)
            posting.server_is_at("")
            server.kill()
    with served(settings, tmp_path, workers=2) as server:
        posting.server_is_at(server.url)
        posting.wait_for(COMMENTS)
        for client in clients:
            client.join(PATIENCE)

    with app.app_context():
        db.session.rollback()
        stored = db.session.execute(
            select(Comment.body, Comment.public_id).where(Comment.body != "Awal.")
        ).all()
        assert max(Counter(row.body for row in stored).values()) == 1
        assert {row.body: row.public_id for row in stored} == posting.acknowledged
        counted = db.session.scalar(select(func.sum(Thread.comment_count)))
        assert counted == COMMENTS + 1
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.session.remove()
    verdict = run_policyforum(settings, "audit", "verify")
    assert verdict.returncode == 0, verdict.stderr


def settings_of(config: Config) -> dict[str, str]:
    """The environment in which the command finds the test's database."""
    return {
        "POLICYFORUM_ENV": config.environment,
        "POLICYFORUM_DATABASE_URL": config.database_url,
        "POLICYFORUM_DATA_DIR": str(config.data_dir),
        "POLICYFORUM_SECRET_KEY": config.secret_key,
    }


def run_policyforum(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "policyforum", *arguments],
        env=settings,
        capture_output=True,
        text=True,
    )
