"""F13: upgrades that are killed midway, from every earlier migration, on a filled database."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import flask_migrate
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from config import Config
from policyforum import backup, paths
from policyforum.app import create_app
from policyforum.db.session import db
from tests.counting import miscounted
from tests.db.schema import schema
from tests.servers import COMMAND, run_policyforum
from trials.storage import broken
from trials.storage.site import let_go, site
from trials.trial import Outcome, Trial

FILLED = Path(__file__).parent / "filled-0001.txt"
"""A backup of a policy in consultation at the oldest schema, as text (see `_as_backup`)."""

EMPTY = "an empty database"
DIE_AT = {True: (1, 2, 3, 4, 8, 16, 32, 64, 128), False: (3,)}
"""Before which statement that changes something the upgrade is killed."""

Content = dict[tuple[str, str], str]
"""(table, column) → hash of all its values."""


def upgrade_killed(engine: str, die_at: Sequence[int], *mutants: str) -> Outcome:
    """Kill the upgrade again and again, then let it finish; look at everything each time."""
    deaths, wrong = 0, []
    fresh = _fresh_schema(engine)
    for revision in (EMPTY, *_earlier_revisions()):
        with _database_at(engine, revision) as settings:
            before, shape = _content(settings), _schema(settings)
            for statement in die_at:
                died = _upgrade(settings, *mutants, f"die-at:{statement}")
                if died.returncode != -signal.SIGKILL:
                    break
                deaths += 1
                if _content(settings) != before or _schema(settings) != shape:
                    wrong.append(f"{revision}, killed at {statement}: half of it stayed")
                    break
            wrong += _finished_wrongly(settings, revision, before, fresh)
    wrong += _newer_not_refused(engine)
    versions = len(_earlier_revisions())
    said = "; ".join(wrong) or "each time all or nothing; content, counts, schema right at the end"
    return Outcome(
        f"{versions} earlier versions and {EMPTY}, {deaths} kills: {said[:500]}",
        deaths > 0 and not wrong,
    )


def _finished_wrongly(
    settings: dict[str, str], revision: str, before: Content, fresh: object
) -> list[str]:
    done = _upgrade(settings)
    if done.returncode != 0:
        return [f"{revision}: can't be finished: {done.stderr.strip()[-200:]}"]
    after = _content(settings)
    changed = [".".join(place) for place, value in before.items() if after.get(place) != value]
    found = [f"{revision}: {name} changed" for name in changed]
    if _schema(settings) != fresh:
        found.append(f"{revision}: the schema is not that of a new database")
    verified = run_policyforum(settings, "audit", "verify")
    if verified.returncode != 0:
        found.append(f"{revision}: {verified.stderr.strip()[-200:]}")
    if wrong := _miscounted(settings):
        found.append(f"{revision}: counted other than there is: {wrong[:3]}")
    return found


def _newer_not_refused(engine: str) -> list[str]:
    """A program must not touch the database of a newer one, and say so in one line."""
    with site(engine, people=1) as place:
        with place.app.app_context():
            db.session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
            db.session.commit()
        let_go(place.app)
        found = []
        for words in (["db", "upgrade"], ["db", "check"], ["serve"]):
            done = run_policyforum(place.settings, *words)
            if done.returncode != 1 or "newer" not in done.stderr or done.stderr.count("\n") != 1:
                found.append(f"{' '.join(words)} on a newer database: {done.stderr[-200:]!r}")
    return found


def _earlier_revisions() -> list[str]:
    scripts = [
        script.revision for script in ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions()
    ]
    return scripts[:0:-1]


@contextmanager
def _database_at(engine: str, revision: str) -> Iterator[dict[str, str]]:
    """Settings of a filled database that stands at this migration."""
    with site(engine, furnished=False) as place:
        if revision != EMPTY:
            real = flask_migrate.upgrade

            def up_to(revision: str = revision) -> None:
                real(revision=revision)

            with place.app.app_context(), mock.patch.object(flask_migrate, "upgrade", up_to):
                backup.restore_backup(_as_backup(FILLED, place.folder), force=False)
            let_go(place.app)
        yield place.settings


def _as_backup(text: Path, folder: Path) -> Path:
    """Pack the backup again: a line "#name" begins each of its members."""
    file = folder / "filled.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for member in f"\n{text.read_text('utf-8')}".split("\n#")[1:]:
            name, _line_end, content = member.partition("\n")
            archive.writestr(name, f"{content}\n" if content else "")
    return file


def _content(settings: dict[str, str]) -> Content:
    """Every column of every table, but for where the migrations stand."""
    app = create_app(Config.from_environment(settings))
    found: Content = {}
    with app.app_context():
        tables = sa.MetaData()
        tables.reflect(db.engine)
        with db.engine.connect() as connection:
            for table in tables.tables.values():
                for column in table.columns:
                    values = connection.execute(sa.select(column)).scalars()
                    words = sorted(map(repr, values))
                    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()
                    found[table.name, column.name] = digest
    found.pop(("alembic_version", "version_num"), None)
    let_go(app)
    return found


def _schema(settings: dict[str, str]) -> object:
    app = create_app(Config.from_environment(settings))
    with app.app_context():
        found = schema(db.engine)
    let_go(app)
    return found


def _miscounted(settings: dict[str, str]) -> list[tuple[object, ...]]:
    app = create_app(Config.from_environment(settings))
    with app.app_context():
        found = miscounted()
    let_go(app)
    return found


def _fresh_schema(engine: str) -> object:
    with site(engine, furnished=False) as place:
        done = _upgrade(place.settings)
        assert done.returncode == 0, done.stderr
        return _schema(place.settings)


def _upgrade(settings: dict[str, str], *mutants: str) -> subprocess.CompletedProcess[str]:
    command = broken.command(*mutants) if mutants else COMMAND
    return run_policyforum(settings, "db", "upgrade", command=command)


def _upgrading(engine: str) -> Trial:
    return Trial(
        f"F13 {engine}",
        "kill -9 in the middle of upgrades from every earlier migration; a newer database",
        "all or nothing, then finished; content, counts, schema, record right; a newer one refused",
        lambda full: upgrade_killed(engine, DIE_AT[full]),
        "each statement for itself",
        lambda _full: upgrade_killed(engine, DIE_AT[False], "each-statement-for-itself"),
    )


UPGRADING = (_upgrading("sqlite"), _upgrading("postgresql"))
