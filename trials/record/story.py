"""A city and a consultation that leave something in every column the record answers for (F15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.accounts.queries import account_by_email
from policyforum.commenting.authorship import edit_comment, withdraw_comment
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.moderation import hide_comment
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.passages import QuoteData
from policyforum.commenting.services import endorse, open_thread, reply
from policyforum.consolidation.gathering import FeedbackData
from policyforum.consolidation.services import DispositionData, dispose_threads
from policyforum.db.session import db, transaction
from policyforum.decisions.services import DecisionData, decide, recommend
from policyforum.drafting.queries import working_text
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.people import GrantData, end_role, grant_role, join_association
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import AssociationData, add_association
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import sections_of
from policyforum.policies.rounds import RoundData, change_round, open_round
from policyforum.policies.services import PolicyData
from tests.api.program import LAW
from tests.people import make_person, make_unit
from trials.record.site import Site

NEXT = LAW.replace("31 Maret", "30 April").partition("BAB II")[0]
WORDS = "pengembangan kompetensi"
PEOPLE = (
    ("ratna", "drafter", "moderator"),
    ("wali", "leader"),
    ("neneng", "staff"),
    ("asep", "staff"),
)


def tell(here: Site) -> None:
    """Found the city, consult on a text, answer, publish again, decide."""
    make_unit(here.app, "BKD")
    make_unit(here.app, "BKD-1", under="BKD")
    make_person(here.app, "admin@kota.example", "admin")
    for name, *roles in PEOPLE:
        make_person(here.app, f"{name}@kota.example", *roles, unit="BKD")
    with here.app.app_context():
        for act in (
            _found,
            _consult,
            _speak,
            _speak_on,
            _close,
            _answer,
            _publish_again,
            _close,
            _decide,
        ):
            _at_a_moment_of_its_own(act)
        db.session.remove()


def _at_a_moment_of_its_own(act: Callable[[datetime], object]) -> None:
    with transaction():
        act(datetime.now(UTC))


def _found(now: datetime) -> None:
    korpri = add_association(PROGRAM, AssociationData("KORPRI", "Korpri", 12_000), now)
    join_association(_account("asep"), PROGRAM, korpri, now)
    grant_role(_account("asep"), PROGRAM, GrantData("representative", association=korpri), now)
    add_association(PROGRAM, AssociationData("PGRI", "Pgri"), now)
    seat = GrantData("guest", policy_id=1, ends_at=now + timedelta(days=9))
    grant_role(_account("neneng"), PROGRAM, seat, now)
    end_role(grant_role(_account("wali"), PROGRAM, GrantData("auditor"), now), PROGRAM, now)


def _consult(now: datetime) -> None:
    ratna, unit = _actor("ratna", now), unit_by_code("BKD")
    data = PolicyData("Kompetensi", "perwal", "public", "Ringkas.", unit.id if unit else None)
    policy = start_policy(ratna, data, LAW, now)
    revision = publish_draft(policy, ratna, PublishData("Pertama.", 1), now)
    start_policy(ratna, PolicyData("Mutasi", "perwal", "staff"), LAW, now)
    closes_at = now + timedelta(days=1)
    open_round(policy, revision, ratna, RoundData(now, closes_at, "public"), now)


def _speak(now: datetime) -> None:
    policy, revision = _current()
    key = next(row.section.key for row in sections_of(revision.id) if row.label == "Pasal 1")
    quote = QuoteData(WORDS)
    data = ThreadData(key, "Usul *ini*.", quote, "proposal", "support", "pelatihan")
    thread = open_thread(policy, revision, _actor("neneng", now), data, now)
    open_thread(policy, revision, _actor("asep", now), ThreadData(None, "Umum."), now)
    endorse(thread, _actor("asep", now), "support", now)
    reply(thread, _actor("asep", now), "Setuju.", None, now)
    reply(thread, _actor("asep", now), "Kasar.", None, now)
    reply(thread, _actor("asep", now), "Keliru.", None, now)


def _speak_on(now: datetime) -> None:
    said = {comment.body: comment for comment in db.session.scalars(select(Comment))}
    edit_comment(said["Usul *ini*."], _actor("neneng", now), "Usul **itu**.", now)
    hide_comment(said["Kasar."], _actor("ratna", now), "Tidak santun.", now)
    withdraw_comment(said["Keliru."], _actor("asep", now), now)


def _answer(now: datetime) -> None:
    policy, _revision = _current()
    ratna = _actor("ratna", now)
    first, second = db.session.scalars(select(Thread.public_id).order_by(Thread.id))
    taken = DispositionData("accepted", "Sesuai.", "Terima **kasih**.", "pembelajaran")
    dispose_threads(policy, ratna, FeedbackData(1, "Istilah", [first]), taken, now)
    refused = DispositionData("rejected", "Sudah diatur.")
    dispose_threads(policy, ratna, FeedbackData(1, "Umum", [second]), refused, now)


def _publish_again(now: datetime) -> None:
    policy, _revision = _current()
    ratna = _actor("ratna", now)
    version = save_draft(policy, ratna, NEXT, working_text(policy).version, now).version
    revision = publish_draft(policy, ratna, PublishData("Kedua.", version), now)
    closes_at = now + timedelta(days=1)
    open_round(policy, revision, ratna, RoundData(now, closes_at, "staff"), now)


def _close(now: datetime) -> None:
    policy, _revision = _current()
    if policy.current_round is not None:
        change_round(policy.current_round, _actor("ratna", now), now, now)


def _decide(now: datetime) -> None:
    policy, revision = _current()
    recommend(policy, revision, _actor("ratna", now), "Setujui.", now)
    decide(policy, revision, _actor("wali", now), DecisionData("returned", "Perbaiki."), now)


def _account(name: str) -> Account:
    account = account_by_email(f"{name}@kota.example")
    if account is None:
        raise RuntimeError(f"{name} is not there")
    return account


def _actor(name: str, now: datetime) -> Actor:
    return actor_for(_account(name), now)


def _current() -> tuple[Policy, Revision]:
    policy = db.session.scalars(select(Policy).order_by(Policy.id).limit(1)).one()
    if policy.current_revision is None:
        raise RuntimeError("nothing is published")
    return policy, policy.current_revision
