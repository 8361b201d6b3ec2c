"""A forum to try things on: a database of its own, a policy in consultation, people with tokens."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask

from config import Config
from policyforum.app import create_app
from policyforum.db.session import db
from tests.api.program import City, made
from tests.engines import PostgresServer
from tests.servers import COMMAND, ServerProcess, served

DURABLE = {"fsync": "on", "synchronous_commit": "on", "max_connections": "250"}
"""PostgreSQL as it runs for people; a trial may break it by other settings."""

PEOPLE = 16
THREADS = 16


@dataclass
class Site:
    """`paths` take comments (the first opens a thread, the others are answered in); each of the
    people has one of `tokens`. `settings` are for the command. `postgres` None: it is SQLite."""

    folder: Path
    settings: dict[str, str]
    app: Flask
    postgres: PostgresServer | None
    slug: str = ""
    paths: Sequence[str] = ()
    tokens: Sequence[str] = ()

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return database_in(self.folder)

    def serve(
        self, *, workers: int = 2, command: Sequence[str] = COMMAND
    ) -> AbstractContextManager[ServerProcess]:
        """The real server on this database."""
        return served(self.settings, self.folder, workers=workers, command=command)


@contextmanager
def site(
    engine: str,
    *,
    people: int = PEOPLE,
    postgres: Mapping[str, str] = DURABLE,
    folder: Path | None = None,
    furnished: bool = True,
) -> Iterator[Site]:
    """A site on a database that is new and goes away. `postgres`: settings beside `DURABLE`.

    Not `furnished`: the database has no tables, and the site no policy and no people.
    """
    home = Path(tempfile.mkdtemp(prefix="policyforum-trial-", dir=folder))
    server = None
    try:
        if engine == "postgresql":
            # Its account is not ours, so what lies around the folder must let it through.
            home.chmod(0o755)
            (home / "postgresql").mkdir()
            server = PostgresServer(home / "postgresql", {**DURABLE, **postgres})
        url = server.url("postgres") if server else f"sqlite:///{database_in(home)}"
        settings = settings_for(url, home)
        app = create_app(Config.from_environment(settings))
        place = Site(home, settings, app, server)
        if furnished:
            _furnish(place, people)
        yield place
    finally:
        if server:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


def database_in(folder: Path) -> Path:
    return folder / "var" / "policyforum.sqlite3"


def settings_for(url: str, folder: Path) -> dict[str, str]:
    """The environment in which the command finds a database."""
    return {
        "POLICYFORUM_ENV": "testing",
        "POLICYFORUM_DATABASE_URL": url,
        "POLICYFORUM_DATA_DIR": str(folder / "var"),
        "POLICYFORUM_SECRET_KEY": "only-for-trials-and-known-to-everyone",
        "POLICYFORUM_BASE_URL": "http://localhost",
    }


def _furnish(place: Site, people: int) -> None:
    with place.app.app_context():
        flask_migrate.upgrade()
    city = City(place.app)
    ratna = city.program("ratna", "drafter")
    place.slug = city.consulted(ratna)
    threads = f"/policies/{place.slug}/revisions/1/threads"
    opened = [
        made(ratna.post(threads, {"section": None, "body": f"Awal {number}."}))["id"]
        for number in range(THREADS)
    ]
    place.paths = [threads, *(f"/threads/{public_id}/comments" for public_id in opened)]
    place.tokens = [city.program(f"warga{number}", "staff").token for number in range(people)]
    let_go(place.app)


def let_go(app: Flask) -> None:
    """Close this process's own connections: what is tried is the server's."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
