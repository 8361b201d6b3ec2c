"""F18: the ids of what belongs to one person, used by another, in every place an id can stand.

What is not for somebody must not be told from what is not there: the two answers are the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import disable_account
from policyforum.commenting import queries
from policyforum.commenting.models import Comment, Thread
from policyforum.consolidation.models import FeedbackItem
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import RoleGrant
from policyforum.organisation.people import end_role
from policyforum.policies.models import Policy, RevisionSection, Section
from tests.access.knocking import API, doors, path_of
from tests.access.table import BODIES, FORMS
from tests.access.world import SEATED, World, build, email_of
from tests.people import Browser, hidden_fields, make_person, make_token
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

STRANGER = "stranger@bandung.example"
ROLES = ("staff", "drafter", "moderator", "representative", "leader", "auditor")
CHANGING = re.compile(
    r'name="(?:csrf_token|once|next)" value="[^"]*"|nonce="[^"]*"|value="[\w.-]{60,}"|\d\d[.:]\d\d'
)
"""What differs from one answer to the next whoever asks; `next` is what they asked for."""


@dataclass
class Sweep:
    tried: int = 0
    told_apart: list[str] = field(default_factory=list)

    def compare(self, what: str, foreign: tuple[int, str], absent: tuple[int, str]) -> None:
        self.tried += 1
        if foreign != absent or foreign[0] < 400:
            self.told_apart.append(f"{what}: {foreign[0]} and {absent[0]}")


class Stranger:
    """Somebody with every role but an administrator's, in a unit that has nothing to do with it."""

    def __init__(self, app: Flask) -> None:
        make_person(app, STRANGER, *ROLES, unit="OTHER")
        self._browser = Browser(app)
        self._browser.sign_in(STRANGER)
        page = self._browser.get("/account/sessions").get_data(as_text=True)
        self._token = hidden_fields(page)["csrf_token"]
        self._program = {"Authorization": f"Bearer {make_token(app, STRANGER)}"}

    def send(
        self, path: str, method: str, body: Mapping[str, Any], ids: Mapping[str, str]
    ) -> tuple[int, str]:
        """The status, and the answer without the ids and what changes every time."""
        if path.startswith(API):
            sent = None if method in ("GET", "DELETE") else body
            answer = self._browser.client.application.test_client().open(
                path, method=method, headers=self._program, json=sent
            )
        else:
            form = None if method == "GET" else {**body, "csrf_token": self._token}
            answer = self._browser.client.open(path, method=method, data=form)
        text = answer.get_data(as_text=True)
        for value in (path, *ids.values()):
            text = text.replace(value, "·")
        return answer.status_code, CHANGING.sub("·", text)


def sweep(app: Flask) -> Sweep:
    """Every door with an id in it, and every field that takes one."""
    world = build(app)
    foreign = World({**world.ids, **_closed_things(app)}, world.slugs, world.tokens)
    absent = World(
        {name: secrets.token_urlsafe(15)[: len(value)] for name, value in foreign.ids.items()},
        dict.fromkeys(world.slugs, "tidak-ada"),
        {},
    )
    stranger, found = Stranger(app), Sweep()
    for rule, method in doors(app):
        if "<" in rule.rule and not rule.rule.startswith(("/admin", "/static")):
            body = BODIES.get(rule.endpoint, FORMS.get(rule.endpoint, {}))
            answers = [
                stranger.send(path_of(rule, place, "invited"), method, body, place.ids)
                for place in (foreign, absent)
            ]
            found.compare(f"{rule.endpoint} {method}", answers[0], answers[1])
    for what, path, method, fill in _fields(world):
        answers = [
            stranger.send(path, method, fill(place.ids), place.ids) for place in (foreign, absent)
        ]
        found.compare(what, answers[0], answers[1])
    return found


def _closed_things(app: Flask) -> dict[str, str]:
    """Ids of what is under the policy for invited people, and of what is one person's own."""
    with app.app_context():
        policy = db.session.scalars(select(Policy).where(Policy.visibility == "invited")).one()
        thread = db.session.scalars(select(Thread).where(Thread.policy_id == policy.id)).one()
        comment = select(Comment.public_id).where(Comment.thread_id == thread.id)
        item = select(FeedbackItem.public_id).where(FeedbackItem.policy_id == policy.id)
        section = (
            select(Section.key)
            .join(RevisionSection, RevisionSection.section_id == Section.id)
            .where(RevisionSection.revision_id == policy.current_revision_id)
        )
        return {
            "thread": thread.public_id,
            "comment": str(db.session.scalars(comment).first()),
            "item": str(db.session.scalars(item).first()),
            "section": str(db.session.scalars(section).first()),
        }


def _fields(world: World) -> Iterator[tuple[str, str, str, Any]]:
    """Ids in forms and bodies, sent to a policy that the stranger may read."""
    revision = f"/policies/{world.slugs['staff']}/revisions/1"
    thread = f"/threads/{world.ids['thread']}"
    yield "a reply's parent", f"/api/v1{thread}/comments", "POST", lambda ids: {
        "body": "Balasan", "parent": ids["comment"],
    }  # fmt: skip
    yield "a thread's section", f"/api/v1{revision}/threads", "POST", lambda ids: {
        "body": "Masukan", "section": ids["section"],
    }  # fmt: skip
    yield "a form's parent", f"{thread}/replies", "POST", lambda ids: {
        "body": "Balasan", "parent": ids["comment"],
    }  # fmt: skip
    yield "a form's section", f"{revision}/threads/new", "POST", lambda ids: {
        "body": "Masukan", "kind": "concern", "stance": "neutral", "section": ids["section"],
    }  # fmt: skip


def ended_rights(app: Flask) -> tuple[int, list[str]]:
    """Rights that ended, asked for again at once; → how often, and what still opened."""
    world = build(app)
    policy = f"/policies/{world.slugs['invited']}"
    pages = (f"{policy}/revisions/1", f"{policy}/feedback.csv?revision=1", f"{policy}/history")
    browser, opened = Browser(app), []
    browser.sign_in(email_of(SEATED))
    program = {"Authorization": f"Bearer {world.tokens[SEATED]}"}
    calls = (f"/api/v1{policy}", f"/api/v1{policy}/revisions/1", f"/api/v1{policy}/matrix")

    def ask(path: str) -> int:
        if path.startswith(API):
            return app.test_client().get(path, headers=program).status_code
        return browser.get(path).status_code

    before = [path for path in (*pages, *calls) if ask(path) != 200]
    _end_seats(app)
    opened += [f"{path} without the seat" for path in (*pages, *calls) if ask(path) != 404]
    with app.app_context(), transaction():
        disable_account(_seated(), "", datetime.now(UTC))
    closed = ("/account", "/inbox", "/api/v1/me", "/api/v1/policies")
    opened += [f"{path} of a closed account" for path in closed if ask(path) == 200]
    return len(pages) + len(calls) + len(closed), before + opened


def _end_seats(app: Flask) -> None:
    now = datetime.now(UTC)
    with app.app_context(), transaction():
        seats = select(RoleGrant).where(
            RoleGrant.account_id == _seated().id, RoleGrant.policy_id.is_not(None)
        )
        for seat in db.session.scalars(seats).all():
            end_role(seat, PROGRAM, now)


def _seated() -> Account:
    account = account_by_email(email_of(SEATED))
    assert account is not None
    return account


def run(full: bool) -> Outcome:
    with forum() as place:
        found = sweep(place.app)
    with forum() as place:
        asked, opened = ended_rights(place.app)
    faults = [*found.told_apart, *opened]
    return Outcome(
        f"{found.tried} places of foreign ids, {len(found.told_apart)} told apart from absent ones;"
        f" {asked} doors after a right ended, {len(opened)} still open"
        + "".join(f"; {fault}" for fault in faults[:4]),
        not faults,
    )


def broken(full: bool) -> Outcome:
    """Threads and comments are found whoever asks for them."""
    with patch.object(queries, "may_see", lambda *_asked: True):
        return run(full)


TRIAL = Trial(
    name="F18",
    what="ids of one person's things used by another in paths, forms and bodies; ended rights",
    goal="0 leaks; absent and forbidden answer alike; ended rights refused at once",
    run=run,
    breaks="threads and comments found whoever asks",
    broken=broken,
)
