"""What operators type, what it answers, and with which exit status."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import click
import pytest
from flask import Flask

from policyforum.cli import main
from policyforum.db.session import db
from policyforum.drafting.queries import working_text
from policyforum.policies.models import Policy
from tests.cli.conftest import Command, command_for, refusal
from tests.people import PASSWORD, Browser, make_unit

ANI = "ani@bandung.example"


def paths_of(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    for name, command in group.commands.items():
        below = (*path, name)
        found += paths_of(command, below) if isinstance(command, click.Group) else [below]
    return found


@pytest.mark.parametrize("path", paths_of(main), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], tmp_path: Path) -> None:
    result = command_for("sqlite://", tmp_path)(*path, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_the_database_is_migrated_first(blank_database_url: str, tmp_path: Path) -> None:
    command = command_for(blank_database_url, tmp_path)
    for arguments in (("db", "check"), ("serve",), ("audit", "verify"), ("token", "create", ANI)):
        assert "policyforum db upgrade" in refusal(command(*arguments))
    for _time in range(2):
        assert command("db", "upgrade").exit_code == 0
    assert command("db", "check").exit_code == 0


@pytest.mark.parametrize(
    "settings, named",
    [
        ({"POLICYFORUM_ENV": "holiday"}, "POLICYFORUM_ENV"),
        ({"POLICYFORUM_TIMEZONE": "Mars/Olympus"}, "POLICYFORUM_TIMEZONE"),
        ({"POLICYFORUM_DATABASE_URL": "mysql://x/y"}, "POLICYFORUM_DATABASE_URL"),
        ({"POLICYFORUM_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "database"),
        ({"POLICYFORUM_SECRET_KEY": "short"}, "POLICYFORUM_SECRET_KEY"),
        ({"POLICYFORUM_ENV": "production"}, "POLICYFORUM_BASE_URL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    settings: dict[str, str], named: str, tmp_path: Path
) -> None:
    command = command_for(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path)
    assert named in refusal(command("db", "check", **settings))


def test_a_taken_port_is_told(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in refusal(command("serve", "--port", str(port)))


class TestPeople:
    def test_can_sign_in_at_once(self, app: Flask, command: Command) -> None:
        added = command(
            *("user", "add", "Ani@Bandung.example", "--name", "Ani", "--role", "admin"),
            "--password-stdin",
            typed=f"{PASSWORD}\n",
        )
        assert (added.exit_code, added.stdout) == (0, "")
        browser = Browser(app)
        assert browser.sign_in(ANI).status_code == 303
        assert browser.get("/admin").status_code == 200

    def test_get_a_temporary_password_otherwise(self, app: Flask, command: Command) -> None:
        added = command("user", "add", ANI, "--name", "Ani", "--role", "staff")
        assert Browser(app).sign_in(ANI, added.stdout.strip()).status_code == 303

    def test_a_role_can_be_limited_to_a_unit(self, app: Flask, command: Command) -> None:
        ids = {code: make_unit(app, code) for code in ("DINKES", "DISDIK")}
        command(
            *("user", "add", ANI, "--name", "Ani", "--role", "admin", "--unit", "dinkes"),
            "--password-stdin",
            typed=PASSWORD,
        )
        browser = Browser(app)
        browser.sign_in(ANI)
        assert browser.get(f"/admin/units/{ids['DINKES']}").status_code == 200
        assert browser.get(f"/admin/units/{ids['DISDIK']}").status_code == 403

    @pytest.mark.parametrize(
        "email, more, typed, word",
        [
            ("not-an-address", (), PASSWORD, "email"),
            (ANI, ("--unit", "MARS"), PASSWORD, "MARS"),
            (ANI, (), "short", "12"),
            (ANI, (), "", "12"),
            (ANI, (), "x" * 200, "128"),
            (ANI, (), "password2026!", "password"),
        ],
    )
    def test_refusals_are_explained(
        self, command: Command, email: str, more: tuple[str, ...], typed: str, word: str
    ) -> None:
        arguments = ("user", "add", email, "--name", "Ani", "--role", "staff", "--password-stdin")
        assert word in refusal(command(*arguments, *more, typed=typed))

    def test_an_address_is_taken_once(self, command: Command) -> None:
        command("user", "add", ANI, "--name", "Ani", "--role", "staff")
        again = command("user", "add", ANI.upper(), "--name", "Ani", "--role", "staff")
        assert "email" in refusal(again)

    def test_wrong_usage_is_status_two(self, command: Command) -> None:
        assert command("user", "add", ANI, "--name", "Ani", "--role", "king").exit_code == 2
        assert command("user", "add", ANI).exit_code == 2
        assert command("nothing").exit_code == 2


def test_a_token_is_printed_alone_and_opens_the_api(app: Flask, command: Command) -> None:
    command("user", "add", ANI, "--name", "Ani", "--role", "drafter")
    printed = command("token", "create", ANI).stdout
    assert re.fullmatch(r"pf_[\w-]{43}\n", printed)
    headers = {"Authorization": f"Bearer {printed.strip()}"}
    answer = app.test_client().get("/api/v1/me", headers=headers)
    assert answer.json is not None
    assert answer.json["name"] == "Ani"
    assert "nobody@bandung.example" in refusal(command("token", "create", "nobody@bandung.example"))


class TestImport:
    def draft(self, app: Flask, slug: str) -> str:
        with app.app_context():
            policy = db.session.scalars(db.select(Policy).where(Policy.slug == slug)).one()
            return working_text(policy).source

    @pytest.mark.parametrize(
        "content",
        [
            b"# Satu\r\n\r\ndua\rtiga\n",
            "\ufeff# BOM\n".encode(),
            "BAB I\nKETENTUAN UMUM\n\nPasal 1\n\nIsi.\u2028\n\n".encode(),
            b"no heading",
        ],
    )
    def test_a_file_becomes_a_draft_byte_for_byte(
        self, app: Flask, command: Command, tmp_path: Path, content: bytes
    ) -> None:
        file = tmp_path / "policy.md"
        file.write_bytes(content)
        command("user", "add", ANI, "--name", "Ani", "--role", "drafter")
        for owner in ((), ("--owner", ANI)):
            result = command("policy", "import", str(file), "--title", "Uji coba", *owner)
            assert result.exit_code == 0, result.stderr
            assert self.draft(app, result.stdout.strip()).encode() == content

    @pytest.mark.parametrize(
        "content, word",
        [(b"abc\xff", "byte 4"), (b"a\x00b", "NUL"), (b"x" * (5 * 1024 * 1024 + 1), "5")],
        ids=["not UTF-8", "NUL", "too large"],
    )
    def test_what_cannot_be_taken_is_told(
        self, command: Command, tmp_path: Path, content: bytes, word: str
    ) -> None:
        file = tmp_path / "policy.md"
        file.write_bytes(content)
        assert word in refusal(command("policy", "import", str(file), "--title", "Uji"))

    def test_needs_a_file_and_a_drafter(self, command: Command, tmp_path: Path) -> None:
        missing = tmp_path / "missing.md"
        assert "missing.md" in refusal(command("policy", "import", str(missing), "--title", "x"))
        file = tmp_path / "policy.md"
        file.write_text("# x\n")
        command("user", "add", ANI, "--name", "Ani", "--role", "staff")
        refused = command("policy", "import", str(file), "--title", "x", "--owner", ANI)
        assert "drafters" in refusal(refused)


class TestAudit:
    def test_counts_what_fits(self, command: Command) -> None:
        command("user", "add", ANI, "--name", "Ani", "--role", "staff")
        assert command("audit", "verify").stdout == "2 audit entries, all fit.\n"

    @pytest.mark.parametrize(
        "change, named",
        [
            ("UPDATE audit_entries SET actor_id = 'somebody' WHERE seq = 3", "3"),
            ("UPDATE audit_entries SET facts = '{}' WHERE seq = 2", "2"),
            ("DELETE FROM audit_entries WHERE seq = 2", "2"),
            ("DELETE FROM audit_entries WHERE seq = 6", "6"),
            ("UPDATE audit_head SET seq = 5", "6"),
        ],
    )
    def test_names_the_first_entry_that_does_not_fit(
        self, app: Flask, command: Command, change: str, named: str
    ) -> None:
        for number in range(3):
            command("user", "add", f"p{number}@b.example", "--name", "P", "--role", "staff")
        with app.app_context():
            db.session.execute(db.text(change))
            db.session.commit()
        assert f"entry {named} " in refusal(command("audit", "verify"))


def test_the_demo_does_not_come_near_other_peoples_work(command: Command) -> None:
    command("user", "add", ANI, "--name", "Ani", "--role", "staff")
    assert "not empty" in refusal(command("demo"))
    assert "other content" in refusal(command("demo", "--reset"))
    assert command("demo", "--if-empty").exit_code == 0
    production = {"POLICYFORUM_ENV": "production", "POLICYFORUM_BASE_URL": "https://x.example"}
    assert "production" in refusal(command("demo", **production))
    assert command("audit", "verify").stdout.startswith("2 ")
