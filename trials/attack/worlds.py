"""An application on a new, migrated database, for one trial."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask

from policyforum.app import create_app
from policyforum.db.session import db
from tests.conftest import make_config
from tests.engines import SqliteDatabases
from tests.servers import free_port


@dataclass(frozen=True, slots=True)
class Forum:
    """`url`: where it says that it is reached; `folder`: room for its files."""

    app: Flask
    database_url: str
    url: str
    folder: Path


@contextmanager
def forum() -> Iterator[Forum]:
    """Gone, with its database, when the block ends."""
    databases = SqliteDatabases(_migrate)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database_url = databases.fresh()
        url = f"http://127.0.0.1:{free_port()}"
        app = create_app(make_config(database_url, folder, url))
        try:
            yield Forum(app, database_url, url, folder)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            databases.close()


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(make_config(url, Path(folder)))
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()
