"""A consultation with contributions to decide on, and what drafters do with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from policyforum.accounts.queries import account_by_email
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.services import open_thread
from policyforum.consolidation.models import ChangeLink, FeedbackItem
from policyforum.db.session import db, transaction
from policyforum.drafting.queries import current_source
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, grant_role
from policyforum.organisation.services import AssociationData, add_association
from policyforum.policies.models import RevisionSection, Round
from tests.commenting.town import LAW, Town, now
from tests.people import Browser, hidden_fields, make_person

DEADLINE = "paling lambat tanggal 31 Maret"


class Hall(Town):
    """A town where Neneng and Asep have things to say about Pasal 2 ayat (2)."""

    def __init__(self, app: Flask, source: str = LAW) -> None:
        super().__init__(app, source)
        self.neneng = self.person("neneng", "staff")
        self.asep = self.person("asep", "staff")

    @property
    def sheet(self) -> str:
        return f"/policies/{self.slug}/worksheet"

    def propose(
        self, person: Browser, wording: str, *, exact: str = "", label: str = "Pasal 2 ayat (2)"
    ) -> None:
        """A contribution with a wording instead of `exact`, or of the whole section."""
        sent = self.contribute(
            person, label, "Sebaiknya diubah.", exact=exact, replacement=wording, kind="proposal"
        )
        assert sent.status_code == 303

    def decide(
        self, outcome: str, number: int = 1, *, by: Browser | None = None, **form: Any
    ) -> TestResponse:
        """Send the form of the panel beside the nth contribution as it is shown, with this in."""
        drafter = by or self.drafter
        address = f"{self.sheet}/{self.thread_id(number)}"
        shown = panel(drafter.get(address))
        return drafter.client.post(address, data={**shown, "outcome": outcome, **form})

    def draw_up(self) -> TestResponse:
        return self.drafter.post(f"/policies/{self.slug}/draw-up", page="/account/password")

    def draft(self) -> str:
        with self.app.app_context():
            return current_source(self.policy())

    def waiting(self) -> int:
        with self.app.app_context():
            return db.session.scalars(select(Round.waiting)).first() or 0

    def items(self) -> Sequence[FeedbackItem]:
        """All feedback items; within an application context."""
        return db.session.scalars(select(FeedbackItem).order_by(FeedbackItem.number)).all()

    def changed_labels(self) -> list[str]:
        """Which sections are linked to items."""
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(RevisionSection.label)
                    .join(
                        ChangeLink,
                        (ChangeLink.revision_id == RevisionSection.revision_id)
                        & (ChangeLink.section_id == RevisionSection.section_id),
                    )
                    .order_by(ChangeLink.id)
                )
            )

    def speak_for(self, name: str, association: str) -> Browser:
        """A person who represents an association."""
        make_person(self.app, f"{name}@kota.example", "staff", name=name.title())
        with self.app.app_context(), transaction():
            data = AssociationData(association.upper(), association)
            body = add_association(PROGRAM, data, now())
            account = account_by_email(f"{name}@kota.example")
            assert account is not None
            grant_role(account, PROGRAM, GrantData("representative", association=body), now())
        return self.browser(name)

    def many(self, person: str, count: int, label: str = "Pasal 1") -> None:
        """So many contributions at once."""
        key = self.key(label)
        with self.app.app_context(), transaction():
            policy, actor = self.policy(), self.actor(person)
            revision = policy.current_revision
            assert revision is not None
            for at in range(count):
                data = ThreadData(key, f"Masukan nomor {at} tentang hal lain {at * 7}.")
                open_thread(policy, revision, actor, data, now())


def panel(page: TestResponse) -> dict[str, str]:
    """What the form of the panel holds as it is shown."""
    form = page_of(page).select_one("form.dp-form")
    assert form is not None
    fields = hidden_fields(str(form))
    for name in ("seen", "summary"):
        field = form.select_one(f"[name={name}]")
        fields[name] = str(field.get("value", "")) if field else ""
    for area in form.select("textarea"):
        fields[str(area["name"])] = area.text.removeprefix("\r\n").removeprefix("\n")
    return fields


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")
