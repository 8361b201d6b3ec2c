"""What goes into a backup comes out of it, on either engine."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import Unit
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import UnitData, add_unit, move_unit
from tests.cli.conftest import Command, command_for, refusal
from tests.engines import ENGINES, Databases
from tests.people import make_person, make_unit


@pytest.fixture
def filled(app: Flask, command: Command, tmp_path: Path) -> None:
    """Rows that refer forward, to themselves and in rings; texts, bytes and moments."""
    make_unit(app, "LATER")
    with app.app_context(), transaction():
        upper = add_unit(PROGRAM, UnitData("UPPER", "Atas – «ñ» 日本"), None, datetime.now(UTC))
        lower = unit_by_code("LATER")
        assert lower is not None
        move_unit(lower, PROGRAM, upper, datetime.now(UTC))
    make_person(app, "ani@bandung.example", "drafter", unit="LATER")
    file = tmp_path / "policy.md"
    file.write_text("# Satu\n\nIsi.\n" * 50)
    command("policy", "import", str(file), "--title", "Uji", "--owner", "ani@bandung.example")


@pytest.fixture
def elsewhere(
    engine: str, databases_of: Callable[[str], Databases], tmp_path: Path
) -> Iterator[Command]:
    """The command on an empty database of the other engine."""
    other = next(name for name in ENGINES if name != engine)
    url = databases_of(other).blank()
    yield command_for(url, tmp_path)
    databases_of(other).drop(url)


def rows(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "tables/" in name}


@pytest.mark.usefixtures("filled")
class TestRoundTrip:
    def test_to_the_other_engine_and_nothing_is_lost(
        self, command: Command, elsewhere: Command, tmp_path: Path
    ) -> None:
        first, second = tmp_path / "first.zip", tmp_path / "second.zip"
        assert command("backup", str(first)).exit_code == 0
        assert first.stat().st_mode & 0o077 == 0
        restored = elsewhere("restore", str(first))
        assert restored.exit_code == 0, restored.stderr
        assert "all fit" in restored.stdout
        elsewhere("backup", str(second))
        assert rows(first) == rows(second)
        assert sum(content.count(b"\n") for content in rows(first).values()) >= 20
        # Numbering goes on after what was restored.
        added = elsewhere("user", "add", "baru@bandung.example", "--name", "B", "--role", "staff")
        assert added.exit_code == 0, added.stderr

    def test_replaces_what_is_there_only_when_told(self, command: Command, tmp_path: Path) -> None:
        file, after = tmp_path / "file.zip", tmp_path / "after.zip"
        command("backup", str(file))
        command("user", "add", "baru@bandung.example", "--name", "B", "--role", "staff")
        assert "--force" in refusal(command("restore", str(file)))
        assert "all fit" in command("audit", "verify").stdout
        assert command("restore", "--force", str(file)).exit_code == 0
        command("backup", str(after))
        assert rows(file) == rows(after)

    def test_a_damaged_one_changes_nothing(self, command: Command, tmp_path: Path) -> None:
        good, bad, after = (tmp_path / f"{name}.zip" for name in ("good", "bad", "after"))
        command("backup", str(good))
        with zipfile.ZipFile(good) as archive, zipfile.ZipFile(bad, "w") as changed:
            for name in archive.namelist():
                content = archive.read(name).replace(b"Atas", b"Apas")
                changed.writestr(name, content)
        assert "units" in refusal(command("restore", "--force", str(bad)))
        bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
        refusal(command("restore", "--force", str(bad)))
        bad.write_text("not a backup")
        refusal(command("restore", "--force", str(bad)))
        refusal(command("restore", "--force", str(tmp_path / "missing.zip")))
        command("backup", str(after))
        assert rows(good) == rows(after)

    def test_one_with_a_row_that_refers_to_nothing_changes_nothing(
        self, command: Command, tmp_path: Path
    ) -> None:
        good, torn, after = (tmp_path / f"{name}.zip" for name in ("good", "torn", "after"))
        command("backup", str(good))
        with zipfile.ZipFile(good) as archive, zipfile.ZipFile(torn, "w") as changed:
            manifest = json.loads(archive.read("manifest.json"))
            for name in archive.namelist():
                content = b"" if name == "tables/accounts.jsonl" else archive.read(name)
                if name == "manifest.json":
                    facts = {"rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
                    manifest["tables"]["accounts"] = facts
                    content = json.dumps(manifest).encode()
                changed.writestr(name, content)
        refusal(command("restore", "--force", str(torn)))
        command("backup", str(after))
        assert rows(good) == rows(after)

    def test_one_of_another_schema_is_refused(self, command: Command, tmp_path: Path) -> None:
        good, other = tmp_path / "good.zip", tmp_path / "other.zip"
        command("backup", str(good))
        with zipfile.ZipFile(good) as archive, zipfile.ZipFile(other, "w") as changed:
            for name in archive.namelist():
                content = archive.read(name)
                if name == "manifest.json":
                    content = json.dumps({**json.loads(content), "schema": "9999"}).encode()
                changed.writestr(name, content)
        assert "9999" in refusal(command("restore", "--force", str(other)))

    def test_cannot_be_written_where_there_is_no_folder(
        self, command: Command, tmp_path: Path
    ) -> None:
        refusal(command("backup", str(tmp_path / "missing" / "file.zip")))
        assert list(tmp_path.glob("**/*.unfinished")) == []


def test_is_consistent_while_people_write(
    app: Flask, command: Command, elsewhere: Command, tmp_path: Path
) -> None:
    stop, started = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with app.app_context(), transaction():
                add_unit(PROGRAM, UnitData(f"U{number}", "Unit"), None, datetime.now(UTC))
            started.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert started.wait(30)
        file = tmp_path / "file.zip"
        for _time in range(3):
            assert command("backup", str(file)).exit_code == 0
    finally:
        stop.set()
        writer.join()
    assert "all fit" in elsewhere("restore", str(file)).stdout
    content = rows(file)
    events = content["tables/audit_entries.jsonl"].count(b"unit.created")
    assert events == content["tables/units.jsonl"].count(b"\n") > 0
    with app.app_context():
        assert db.session.query(Unit).count() >= events
