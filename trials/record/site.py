"""A forum to try things on: a database of its own, people with tokens, the real server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask

from config import Config
from policyforum.app import create_app
from policyforum.db.session import db
from tests.api.program import City
from tests.engines import PostgresDatabases, SqliteDatabases
from tests.servers import COMMAND, ServerProcess, served


@dataclass
class Site:
    """`settings` are for the command; `app` is the same application in this process."""

    folder: Path
    settings: dict[str, str]
    app: Flask
    city: City

    def serve(
        self, command: Sequence[str] = COMMAND, *, workers: int = 2, **more: str
    ) -> AbstractContextManager[ServerProcess]:
        """The real server on this database; `more` settings without their prefix."""
        added = {f"POLICYFORUM_{name}": value for name, value in more.items()}
        return served(self.settings | added, self.folder, workers=workers, command=command)

    def let_go(self) -> None:
        """Close this process's own connections: what is tried is the server's."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def site(engine: str) -> Iterator[Site]:
    """A site on a new database of this engine, which goes away with it."""
    folder = Path(tempfile.mkdtemp(prefix="policyforum-trial-"))
    databases = (SqliteDatabases if engine == "sqlite" else PostgresDatabases)(_migrate)
    try:
        settings = _settings(databases.fresh(), folder)
        made = create_app(Config.from_environment(settings))
        found = Site(folder, settings, made, City(made))
        try:
            yield found
        finally:
            found.let_go()
    finally:
        databases.close()
        shutil.rmtree(folder, ignore_errors=True)


def existing(app: Flask, config: Config, folder: Path) -> Site:
    """The site of a test, on the database the test was given."""
    return Site(folder, _settings(config.database_url, folder), app, City(app))


def _migrate(url: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="policyforum-trial-"))
    app = create_app(Config.from_environment(_settings(url, folder)))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


def _settings(url: str, folder: Path) -> dict[str, str]:
    """The environment in which the command finds the database."""
    return {
        "POLICYFORUM_ENV": "testing",
        "POLICYFORUM_DATABASE_URL": url,
        "POLICYFORUM_DATA_DIR": str(folder / "var"),
        "POLICYFORUM_SECRET_KEY": "only-for-tests-and-known-to-everyone",
        "POLICYFORUM_BASE_URL": "http://localhost",
    }
