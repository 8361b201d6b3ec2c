"""A backup is one file for either engine: a zip with a line of JSON for every row.

It is read in one snapshot, so it is consistent while people write, and every commit acknowledged
before it began is in it. The manifest holds the schema it belongs to and a hash of every table.
"""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.schema import AddConstraint, DropConstraint

from policyforum.db.engine import unwatched, writing
from policyforum.db.session import db

FORMAT = 1
BATCH = 500
MANIFEST = "manifest.json"
BOOKKEEPING = "alembic_version"


class BackupError(RuntimeError):
    """The file can't be used, or must not be used here; the message says why."""


def write_backup(file: Path, now: datetime) -> int:
    """Write everything to `file`; → how many rows. The file appears when it is complete.

    Raises `BackupError` when it can't be written.
    """
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as output:
            rows = _write_archive(output, now)
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise BackupError(f"{file}: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _sync_folder(folder: Path) -> None:
    """Until then a power cut may take the file's name away."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore_backup(file: Path, *, force: bool) -> int:
    """Put the rows of a backup into this database; → how many. All of them, or nothing.

    Raises `BackupError` when the file is damaged, can't be read or is of another schema, or when
    the database is in use and `force` is not given; with it, everything in the database is
    replaced.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _checked_manifest(archive)
            _prepare_schema(str(manifest["schema"]))
            with (
                db.engine.connect().execution_options(**writing(db.engine)) as connection,
                unwatched(connection),
                connection.begin(),
            ):
                rows = _replace_rows(connection, archive, manifest, force)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{file}: {getattr(error, 'strerror', None) or error}") from None
    flask_migrate.upgrade()
    return rows


def _write_archive(output: io.BufferedWriter, now: datetime) -> int:
    options = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        if db.engine.dialect.name == "postgresql"
        else {}
    )
    tables: dict[str, dict[str, Any]] = {}
    with (
        db.engine.connect().execution_options(**options) as connection,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        schema = MigrationContext.configure(connection).get_current_revision()
        for table in _tables(connection):
            digest, count = hashlib.sha256(), 0
            with archive.open(_member(table.name), "w", force_zip64=True) as member:
                for line in _lines(connection, table):
                    member.write(line)
                    digest.update(line)
                    count += 1
            tables[table.name] = {"rows": count, "sha256": digest.hexdigest()}
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "schema": schema,
            "tables": tables,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return sum(table["rows"] for table in tables.values())


def _lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        line = json.dumps([_packed(value) for value in row], ensure_ascii=False)
        yield line.encode("utf-8") + b"\n"


def _checked_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, after every table was compared with its hash."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        tables = manifest["tables"]
        if manifest["format"] != FORMAT:
            raise BackupError("the backup was made by a newer program")
        for name, facts in tables.items():
            with archive.open(_member(name)) as member:
                digest = hashlib.file_digest(member, "sha256")  # type: ignore[arg-type]
            if digest.hexdigest() != facts["sha256"]:
                raise BackupError(f"the backup is damaged: {name} was changed")
    except (KeyError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise BackupError(f"the backup is damaged: {error}") from None
    return manifest


def _prepare_schema(schema: str) -> None:
    """Bring an empty database to the schema of the backup; any other must be there already."""
    inspector = sa.inspect(db.engine)
    if not inspector.has_table(BOOKKEEPING):
        if inspector.get_table_names():
            raise BackupError("the database is not empty, and not one of this program")
        flask_migrate.upgrade(revision=schema)
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != schema:
        raise BackupError(
            f"the backup has schema {schema}, this database {found}: use an empty one"
        )


def _replace_rows(
    connection: sa.Connection, archive: zipfile.ZipFile, manifest: dict[str, Any], force: bool
) -> int:
    tables = _tables(connection)
    if {table.name for table in tables} != manifest["tables"].keys():
        raise BackupError("the backup has other tables than this database")
    if not force and any(_has_rows(connection, table) for table in tables):
        raise BackupError("the database is not empty; --force replaces everything in it")
    _suspend_references(connection, tables)
    for table in tables:
        connection.execute(sa.delete(table))
    for table in tables:
        with archive.open(_member(table.name)) as member:
            _insert(connection, table, io.BufferedReader(member))  # type: ignore[type-var]
    _resume_references(connection, tables)
    return sum(facts["rows"] for facts in manifest["tables"].values())


def _insert(connection: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> None:
    columns = list(table.columns)
    rows = (json.loads(line) for line in lines)
    while batch := list(itertools.islice(rows, BATCH)):
        connection.execute(
            sa.insert(table),
            [
                {
                    column.name: _unpacked(value, column, connection)
                    for column, value in zip(columns, row, strict=True)
                }
                for row in batch
            ],
        )


def _suspend_references(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """Rows refer to each other in rings; what they refer to is checked at the end."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        for reference in table.foreign_key_constraints:
            connection.execute(DropConstraint(reference))


def _resume_references(connection: sa.Connection, tables: list[sa.Table]) -> None:
    if connection.dialect.name == "sqlite":
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise BackupError("the backup is damaged: a row refers to nothing")
        return
    for table in tables:
        for reference in table.foreign_key_constraints:
            connection.execute(AddConstraint(reference))
        numbered = table.primary_key.columns.get("id")
        if numbered is not None and numbered.server_default is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.max(numbered))))


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Every table as the database has it, whatever today's models say; in the order of names."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [metadata.tables[name] for name in sorted(metadata.tables) if name != BOOKKEEPING]


def _has_rows(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
    )


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        # SQLite gives it back without a zone; it is UTC.
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def _unpacked(value: Any, column: sa.Column[Any], connection: sa.Connection) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.DateTime):
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if connection.dialect.name == "sqlite" else moment
    if isinstance(column.type, sa.LargeBinary):
        return base64.b64decode(value)
    return value
