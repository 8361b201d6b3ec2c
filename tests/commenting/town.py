"""A consultation that is running, and the people in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from policyforum.accounts.queries import account_by_email
from policyforum.commenting.models import Comment, Thread
from policyforum.db.asking import Question, Row
from policyforum.db.session import db, transaction
from policyforum.drafting.queries import working_text
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, RevisionSection, Round, Section
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.policies.rounds import RoundData, change_round, open_round
from policyforum.policies.services import PolicyData
from tests.people import Browser, make_person

LAW = """BAB I
KETENTUAN UMUM

Pasal 1

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.

Pasal 2

(1) Kepala Perangkat Daerah wajib **memberikan waktu** kepada Pegawai ASN.

(2) Usul disampaikan paling lambat tanggal 31 Maret kepada BKPSDM.

(3) Dalam hal usul tidak disetujui, jawaban memuat alasan secara tertulis.

BAB II
PENUTUP

Pasal 3

Biaya pengembangan kompetensi dibebankan pada anggaran Perangkat Daerah masing-masing.

Pasal 4

Peraturan ini mulai berlaku pada tanggal diundangkan.
"""


class Town:
    """One policy with a first revision and an open round; `drafter` wrote it."""

    def __init__(self, app: Flask, source: str = LAW, *, visibility: str = "public") -> None:
        self.app = app
        make_person(app, "ratna@kota.example", "drafter", name="Ratna Dewi")
        with app.app_context(), transaction():
            data = PolicyData("Pengembangan Kompetensi", "perwal", visibility)
            self.slug = start_policy(self.actor("ratna"), data, source, now()).slug
        self.publish(None)
        self.open_round("staff" if visibility == "staff" else "public")
        self.drafter = self.browser("ratna")

    def person(self, name: str, *roles: str) -> Browser:
        """A signed-in person with these roles; their address is `name@kota.example`."""
        make_person(self.app, f"{name}@kota.example", *roles, name=name.title())
        return self.browser(name)

    def browser(self, name: str) -> Browser:
        browser = Browser(self.app)
        browser.sign_in(f"{name}@kota.example")
        browser.post("/language", {"locale": "en"}, page="/account")
        return browser

    def actor(self, name: str) -> Actor:
        account = account_by_email(f"{name}@kota.example")
        assert account is not None
        return actor_for(account, now())

    def policy(self) -> Policy:
        return policy_by_slug(self.slug, self.actor("ratna"))

    def publish(self, source: str | None) -> None:
        """The next revision, of this text or of the draft as it is."""
        with self.app.app_context():
            actor = self.actor("ratna")
            with transaction():
                policy = self.policy()
                version = working_text(policy).version
                if source is not None:
                    version = save_draft(policy, actor, source, version, now()).version
                publish_draft(policy, actor, PublishData("Perbaikan.", version), now())

    def open_round(self, audience: str = "public") -> None:
        with self.app.app_context(), transaction():
            policy = self.policy()
            data = RoundData(now() - timedelta(hours=1), now() + timedelta(days=7), audience)
            revision = policy.current_revision
            assert revision is not None
            open_round(policy, revision, self.actor("ratna"), data, now())

    def close_round(self) -> None:
        with self.app.app_context(), transaction():
            consultation = self.policy().current_round
            assert consultation is not None
            change_round(consultation, self.actor("ratna"), now(), now())

    def settle(self) -> None:
        """Every contribution counts as answered, so that the next revision may come."""
        with self.app.app_context(), transaction():
            for thread in db.session.scalars(select(Thread).where(Thread.settled_at.is_(None))):
                thread.settled_at = now()
                thread.state = "answered"
            for consultation in db.session.scalars(select(Round)):
                consultation.waiting = 0

    def key(self, label: str, number: int = 1) -> str:
        """The key of the section with this label in a revision."""
        with self.app.app_context():
            revision = revision_by_number(self.policy(), number)
            return db.session.scalars(
                select(Section.key)
                .join(RevisionSection, RevisionSection.section_id == Section.id)
                .where(RevisionSection.revision_id == revision.id, RevisionSection.label == label)
            ).one()

    def contribute(
        self, person: Browser, label: str | None, body: str, number: int = 1, **form: Any
    ) -> TestResponse:
        """Send the form for a contribution, as the page without scripts does."""
        key = self.key(label) if label else ""
        address = f"/policies/{self.slug}/revisions/{number}/threads/new"
        return person.post(
            address, {"section": key, "body": body, **form}, page="/account/password"
        )

    def thread(self, number: int = 1) -> Thread:
        """The nth contribution, as it is in the database."""
        return db.session.scalars(select(Thread).where(Thread.number == number)).one()

    def thread_id(self, number: int = 1) -> str:
        with self.app.app_context():
            return self.thread(number).public_id

    def comment_ids(self, number: int = 1) -> list[str]:
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(Comment.public_id)
                    .where(Comment.thread_id == self.thread(number).id)
                    .order_by(Comment.id)
                )
            )

    def reply(self, person: Browser, body: str, *, number: int = 1, to: str = "") -> TestResponse:
        address = f"/threads/{self.thread_id(number)}/replies"
        return person.post(address, {"body": body, "parent": to}, page="/account/password")


class Counted:
    """Counts the statements sent to the database: `with Counted() as counted: …`."""

    def __init__(self) -> None:
        self.number = 0

    def __enter__(self) -> Counted:
        event.listen(db.engine, "before_cursor_execute", self._count)
        asked = self._asked = Question._asked

        def counted(question: Question, *more: Any) -> Sequence[Row]:
            self._count()
            return asked(question, *more)

        Question._asked = counted  # type: ignore[method-assign]
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._count)
        Question._asked = self._asked  # type: ignore[method-assign]

    def _count(self, *_statement: object) -> None:
        self.number += 1


def now() -> datetime:
    return datetime.now(UTC)
