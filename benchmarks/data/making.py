"""The databases that are measured on: made once, kept while the schema stays the same."""

from __future__ import annotations

import ast
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from sqlalchemy import Engine, create_engine, update

from benchmarks.data.city import converse, publish_twice, settle
from config import Config
from policyforum import paths
from policyforum.app import create_app
from policyforum.db.engine import engine_options, prepare_engine
from policyforum.db.session import db, transaction
from policyforum.notifications.models import Notification, OutboxMail

KEPT = Path(__file__).resolve().parents[1] / "results" / "data"
SECRET_KEY = "only-for-benchmarks-and-known-to-everyone"
PER_THREAD = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is of what. `articles` and `comments` are those of the policy measured."""

    articles: int = 60
    comments: int = 2_000
    policies: int = 20
    people: int = 200
    in_one_thread: int = 50


SCALES = {
    "small": Scale(in_one_thread=2_000),
    "tiny": Scale(comments=200, policies=3, people=20),
    "large": Scale(articles=1_500, comments=200_000),
    "comments ×10": Scale(comments=20_000),
    "sections ×10": Scale(articles=600),
    "policies ×10": Scale(policies=200),
    "25,000 people": Scale(people=25_000),
}

POLICY = "rancangan"
"""The slug of the policy that is measured."""

LONG_THREAD = "percakapan"
"""The slug of the policy with all its comments in one thread."""


def settings_for(url: str, folder: Path) -> dict[str, str]:
    """The settings a server is started with on that database."""
    return {
        "POLICYFORUM_ENV": "development",
        "POLICYFORUM_DATABASE_URL": url,
        "POLICYFORUM_DATA_DIR": str(folder),
        "POLICYFORUM_SECRET_KEY": SECRET_KEY,
    }


def kept(name: str) -> Path:
    """The SQLite file with a city of one of the `SCALES`."""
    path = KEPT / _fingerprint() / f"{name}.sqlite3"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _filling(path.with_suffix(".new")) as file:
            make(SCALES[name])
        file.rename(path)
    return path


def make(scale: Scale) -> None:
    """Fill the current, empty database."""
    with transaction():
        city = settle(scale.people)
        for number in range(scale.policies - 2):
            publish_twice(city, f"Kebijakan {number}", 3, seed=number)
        whole = scale.in_one_thread
        long_one = publish_twice(city, LONG_THREAD, 3)
        policy = publish_twice(city, POLICY, scale.articles)
        converse(city, long_one, whole, whole, cycle=whole)
        converse(city, policy, scale.comments, PER_THREAD)
        _quieten()


def _quieten() -> None:
    """The mails were sent long ago, and what people were told was read."""
    db.session.execute(update(OutboxMail).values(done_at=OutboxMail.created_at))
    db.session.execute(update(Notification).values(read_at=Notification.created_at))


@contextmanager
def _filling(file: Path) -> Iterator[Path]:
    """An application on a new database in `file`, which is whole in itself at the end."""
    file.unlink(missing_ok=True)
    with opened_app(settings_for(f"sqlite:///{file}", file.parent)):
        flask_migrate.upgrade()
        yield file
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")


@contextmanager
def opened_app(settings: dict[str, str]) -> Iterator[None]:
    """An application in this process, for whatever needs one."""
    app = create_app(Config.from_environment(settings))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.test_request_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def reading_engine(file: Path) -> Engine:
    """An engine to look into a SQLite file with."""
    engine = create_engine(f"sqlite:///{file}", **engine_options("sqlite://"))
    prepare_engine(engine)
    return engine


def _fingerprint() -> str:
    """Changes with the schema, and with how the data is made (its comments and layout aside)."""
    digest = hashlib.sha256()
    sources = [*paths.MIGRATIONS.glob("versions/*.py"), *Path(__file__).parent.glob("*.py")]
    for source in sorted(sources):
        digest.update(ast.unparse(ast.parse(source.read_bytes())).encode())
    return digest.hexdigest()[:12]
