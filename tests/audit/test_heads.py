"""Heads of the record: made in time, mailed, shown, and held against the record later."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from sqlalchemy import delete, select, update

from config import Config
from policyforum.accounts.models import Account
from policyforum.audit.heads import INTERVAL, is_head_due, make_head
from policyforum.audit.merkle import is_consistent, is_included
from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt, AuditTreeHead
from policyforum.audit.notes import notes_in, sign, signing_key
from policyforum.cli import main
from policyforum.db.session import db, transaction
from policyforum.notifications import worker
from policyforum.notifications.models import OutboxMail
from policyforum.policies.models import Policy
from tests.api.program import City, Program, made, told
from tests.commenting.town import now
from tests.people import make_token
from tests.servers import settings_of


@pytest.fixture
def city(app: Flask) -> City:
    return City(app)


@pytest.fixture
def slug(city: City) -> str:
    """A policy that waits for a decision."""
    return city.heard(city.program("ratna", "drafter"))


def decide(city: City, slug: str) -> Program:
    leader = city.program("walikota", "leader")
    body = {"revision": 1, "outcome": "approved", "reason": ""}
    made(leader.post(f"/policies/{slug}/decisions", body))
    return leader


def command(config: Config, *arguments: str) -> Result:
    settings = {**settings_of(config), "POLICYFORUM_BASE_URL": config.base_url}
    return CliRunner().invoke(main, ["audit", *arguments], env=settings)


def mails(app: Flask) -> dict[str, str]:
    """The mails by the name of whom they go to."""
    with app.app_context():
        rows = db.session.execute(
            select(Account.name, OutboxMail.body).join(Account, Account.id == OutboxMail.account_id)
        )
        return dict(rows.all())


def test_a_decision_is_sealed_and_the_seal_is_mailed(city: City, slug: str) -> None:
    for name, role in (("neneng", "staff"), ("korpri", "representative"), ("agus", "auditor")):
        city.program(name, role)
    leader = decide(city, slug)
    sent = mails(city.app)
    assert set(sent) == {"Ratna", "Walikota", "Korpri", "Agus"}
    shown = told(Program(city.app).get("/record/heads"))["items"]  # no token is needed
    (sealed,) = notes_in(sent["Korpri"])
    assert sealed.note == shown[0]["note"]
    assert sealed.head.size == shown[0]["size"]
    entry = told(leader.get(f"/policies/{slug}/audit"))["items"][-1]
    assert (entry["verb"], entry["seq"]) == ("decision.made", sealed.head.size)
    key = base64.b64decode(shown[0]["key"].rpartition("+")[2])[1:]
    public = Ed25519PublicKey.from_public_bytes(key)
    public.verify(sealed.signature[4:], sealed.head.body.encode())
    proof = told(leader.get(f"/record/inclusion?seq={entry['seq']}&size={sealed.head.size}"))
    path = [base64.b64decode(part) for part in proof["proof"]]
    leaf = bytes.fromhex(entry["hash"])
    assert is_included(entry["seq"] - 1, sealed.head.size, leaf, path, sealed.head.root)


def test_who_may_not_read_a_policy_is_not_told_of_its_decision(city: City) -> None:
    ratna = city.program("ratna", "drafter")
    city.program("korpri", "representative")
    decide(city, city.heard(ratna, "invited"))
    assert set(mails(city.app)) == {"Ratna", "Walikota"}


def test_one_head_continues_another(city: City, slug: str) -> None:
    first = sealed_now(city.app)
    leader = decide(city, slug)
    second = told(leader.get("/record/heads?limit=1"))["items"][0]
    sizes = f"first={first.size}&second={second['size']}"
    proof = told(leader.get(f"/record/consistency?{sizes}"))["proof"]
    path = [base64.b64decode(part) for part in proof]
    before = next(notes_in(first.note)).head.root
    after = base64.b64decode(second["root"])
    assert is_consistent(first.size, second["size"], before, after, path)
    assert leader.get("/record/consistency?first=1&second=100000").status_code == 422
    assert Program(city.app).get(f"/record/consistency?{sizes}").status_code == 401


def sealed_now(app: Flask) -> AuditTreeHead:
    with app.app_context(), transaction():
        head = make_head(now())
        assert head is not None
        db.session.flush()
        db.session.expunge(head)
        return head


def test_the_page_shows_the_seals_and_gives_them_as_a_file(
    city: City, slug: str, config: Config, tmp_path: Path
) -> None:
    visitor = city.app.test_client()
    assert visitor.get("/record").status_code == 200
    decide(city, slug)
    page = visitor.get("/record").get_data(as_text=True)
    kept = tmp_path / "heads.txt"
    kept.write_bytes(visitor.get("/record/heads.txt").data)
    (sealed,) = notes_in(kept.read_text("utf-8"))
    assert sealed.head.root.hex() in page
    assert command(config, "verify", "--heads", str(kept)).exit_code == 0


def test_an_insider_who_forges_everything_is_held_to_what_others_keep(
    city: City, slug: str, config: Config, tmp_path: Path
) -> None:
    sealed_now(city.app)
    decide(city, slug)
    kept = tmp_path / "mail.txt"
    kept.write_text(re.sub("^", "> ", mails(city.app)["Ratna"], flags=re.MULTILINE), "utf-8")
    assert "all fit" in command(config, "verify", "--heads", str(kept)).stdout
    with city.app.app_context(), transaction():
        last = db.session.get_one(AuditHead, 1)
        db.session.execute(delete(AuditTreeHead))
        db.session.execute(delete(AuditSalt).where(AuditSalt.seq == last.seq))
        db.session.execute(delete(AuditEntry).where(AuditEntry.verb == "decision.made"))
        db.session.flush()
        before = db.session.scalars(
            select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
        ).one()
        missing = last.seq
        last.seq, last.hash = before.seq, before.hash
    found = command(config, "verify", "--heads", str(kept))
    assert (found.exit_code, len(found.stderr.splitlines())) == (1, 1)
    assert f"audit entry {missing} missing" in found.stderr
    assert "mail.txt" in found.stderr
    kept.write_text(kept.read_text("utf-8").replace(f"\n> {missing}\n", f"\n> {missing + 1}\n"))
    assert "not signed with" in command(config, "verify", "--heads", str(kept)).stderr
    kept.write_text("nothing")
    assert "no head" in command(config, "verify", "--heads", str(kept)).stderr


def test_a_head_that_no_key_here_signed_is_compared_all_the_same(
    city: City, slug: str, config: Config, tmp_path: Path
) -> None:
    decide(city, slug)
    (ours,) = notes_in(mails(city.app)["Ratna"])
    with_another_key = sign(ours.head, signing_key("a key that nobody here knows any more"))
    kept = tmp_path / "mail.txt"
    kept.write_text(with_another_key.note, "utf-8")
    fits = command(config, "verify", "--heads", str(kept))
    assert (fits.exit_code, fits.stdout.count("all fit")) == (0, 1)
    of_another_record = replace(ours.head, root=bytes(32))
    kept.write_text(sign(of_another_record, signing_key("the same")).note, "utf-8")
    differs = command(config, "verify", "--heads", str(kept))
    assert differs.exit_code == 1
    assert re.search(r"the head of .* \(not signed .*\) in .*mail.txt", differs.stderr)


def test_names_and_titles_are_one_line(city: City, slug: str) -> None:
    decide(city, slug)
    note = next(notes_in(mails(city.app)["Ratna"])).note
    ratna = Program(city.app, make_token(city.app, "ratna@kota.example"))
    body = {"title": f"Judul\r\n{note}", "kind": "perwal", "visibility": "public"}
    made(ratna.post("/policies", {**body, "source": "Teks."}))
    with city.app.app_context():
        titles = db.session.scalars(select(Policy.title)).all()
    assert sum(title.startswith("Judul localhost ") for title in titles) == 1
    assert not any(character in title for title in titles for character in "\r\n\x85\u2028")


def test_what_the_record_tells_of_is_checked(city: City, slug: str, config: Config) -> None:
    decide(city, slug)
    found = command(config, "verify")
    assert (found.exit_code, found.stderr) == (0, "")
    decisions = db.metadata.tables["decisions"]
    with city.app.app_context(), transaction():
        db.session.execute(update(decisions).values(outcome="returned"))
    told_of = command(config, "verify")
    assert told_of.exit_code == 1
    assert re.search(r"audit entry \d+ tells of outcome, which was changed", told_of.stderr)


def test_a_text_is_erased_with_its_salt_and_the_record_stays_whole(
    city: City, config: Config
) -> None:
    ratna = city.program("ratna", "drafter")
    slug = city.consulted(ratna)
    body = {"section": None, "body": "Hapus saya."}
    made(ratna.post(f"/policies/{slug}/revisions/1/threads", body))
    sealed_now(city.app)
    opened = select(AuditEntry.seq).where(AuditEntry.verb == "thread.opened").scalar_subquery()
    with city.app.app_context(), transaction():
        db.session.execute(delete(AuditSalt).where(AuditSalt.seq == opened))
    assert "salt" in command(config, "verify").stderr  # the words are still there


def test_the_worker_makes_a_head_when_one_is_due(city: City, slug: str) -> None:
    with city.app.app_context():
        assert is_head_due(now())
    worker.keep_head(city.app)
    with city.app.app_context():
        assert db.session.query(AuditTreeHead).count() == 1
        assert not is_head_due(now() + INTERVAL * 2)  # nothing was added
    city.start(city.program("asep", "drafter"))
    with city.app.app_context():
        assert not is_head_due(now())
        assert is_head_due(now() + INTERVAL + timedelta(seconds=1))


def test_the_command_seals_and_prints(city: City, slug: str, config: Config) -> None:
    done = command(config, "head")
    assert done.exit_code == 0
    (sealed,) = notes_in(done.stdout)
    assert "public key: localhost+" in done.stderr
    assert command(config, "head").stdout == sealed.note  # nothing was added since


def test_heads_signed_with_an_earlier_key_stay_valid(
    city: City, slug: str, config: Config, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_text(command(config, "head").stdout, "utf-8")
    settings = {**settings_of(config), "POLICYFORUM_BASE_URL": config.base_url}
    settings["POLICYFORUM_AUDIT_KEY"] = "another-key-of-more-than-32-letters"
    found = CliRunner().invoke(main, ["audit", "verify", "--heads", str(kept)], env=settings)
    assert found.exit_code == 0, found.stderr
