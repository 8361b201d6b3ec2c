"""The city's people and policies, brought in through the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from benchmarks.data.conversations import EVERY, Talk, conversation
from benchmarks.data.multiplying import look, multiply
from benchmarks.data.texts import amended, regulation
from policyforum.accounts.models import Account
from policyforum.accounts.passwords import hash_password
from policyforum.accounts.services import AccountData, create_account
from policyforum.commenting.models import Comment
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.passages import QuoteData
from policyforum.commenting.services import open_thread, reply
from policyforum.commenting.voices import voice_of
from policyforum.db.session import db
from policyforum.drafting.queries import current_draft
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.people import GrantData, assign_unit, grant_role
from policyforum.organisation.services import UnitData, add_unit
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.rounds import RoundData, open_round
from policyforum.policies.services import PolicyData

PASSWORD = "gedung-sate-di-pagi-hari"
BEGUN = datetime(2026, 1, 5, 2, tzinfo=UTC)
ROUND = timedelta(days=3650)
"""Long enough to be open whenever the data is used."""

DRAFTER, LEADER = "perancang", "pimpinan"
LARGEST_CYCLE = 1_000
"""Comments through the services; more are as many of them over and over."""

UNITS = 20
SPEAKERS = 200
CYCLE = 500
"""People brought in one by one; a larger city is as many of them over and over."""


@dataclass(frozen=True, slots=True)
class City:
    """`speakers`: those of the staff who speak, by number."""

    drafter: Actor
    speakers: Sequence[Actor]


def email_of(name: str) -> str:
    return f"{name}@kota.example"


def staff(number: int) -> str:
    """The name a member of staff signs in with."""
    return f"pegawai{number}"


def settle(people: int) -> City:
    """A city with its units, a drafter, a leader and so many staff, the first of whom speak."""
    units = [add_unit(PROGRAM, UnitData(f"U{n}", f"Unit {n}"), None, BEGUN) for n in range(UNITS)]
    # All share one password, so it is hashed (slowly, as it has to be) only once.
    password_hash = hash_password(PASSWORD)

    def bring_in(name: str, role: str, unit: int | None) -> Account:
        data = AccountData(email_of(name), name.title())
        account = create_account(PROGRAM.public_id, data, None, BEGUN)
        account.password_hash = password_hash
        if unit is not None:
            assign_unit(account, PROGRAM, units[unit], "", BEGUN)
        grant_role(account, PROGRAM, GrantData(role), BEGUN)
        return account

    drafter = bring_in(DRAFTER, "drafter", None)
    bring_in(LEADER, "leader", None)
    before = look() if people > CYCLE else {}
    known = [bring_in(staff(n), "staff", n % UNITS) for n in range(min(people, CYCLE))]
    if people > CYCLE:
        multiply(before, people // CYCLE, timedelta())
    speakers = [actor_for(account, BEGUN) for account in known[:SPEAKERS]]
    return City(actor_for(drafter, BEGUN), speakers)


def publish_twice(city: City, title: str, articles: int, seed: int = 1) -> Policy:
    """A policy with two revisions, the second open for comments."""
    source = regulation(articles, seed)
    policy = start_policy(city.drafter, PolicyData(title, "perwal", "public"), source, BEGUN)
    _publish(policy, city.drafter)
    version = current_draft(policy).version
    save_draft(policy, city.drafter, amended(source), version, BEGUN)
    revision = _publish(policy, city.drafter)
    data = RoundData(BEGUN, BEGUN + ROUND, "public")
    open_round(policy, revision, city.drafter, data, BEGUN)
    for actor in city.speakers:
        voice_of(actor, policy, BEGUN)
    return policy


def articles_of(policy: Policy) -> list[tuple[str, str]]:
    """Key and text of every article of the current revision, its paragraphs included."""
    rows = db.session.execute(
        select(Section.key, RevisionSection.kind, RevisionSection.text)
        .join(Section, Section.id == RevisionSection.section_id)
        .where(RevisionSection.revision_id == policy.current_revision_id)
        .order_by(RevisionSection.position)
    )
    found: list[tuple[str, str]] = []
    for key, kind, text in rows:
        if kind == "pasal":
            found.append((key, text))
        elif found and kind != "bab":
            found[-1] = (found[-1][0], found[-1][1] + text)
    return found


def converse(
    city: City, policy: Policy, comments: int, per_thread: int, cycle: int = LARGEST_CYCLE
) -> None:
    """So many comments on the current revision: `cycle` through the services, and over again."""
    held = min(comments, cycle)
    before = look() if comments > held else {}
    for said in conversation(held, per_thread, articles_of(policy), len(city.speakers), BEGUN):
        talk(city, policy, said)
    if comments > held:
        multiply(before, comments // held, held * EVERY)


def talk(city: City, policy: Policy, said: Talk) -> None:
    """Hold one conversation through the services."""
    revision = policy.current_revision
    assert revision is not None
    data = ThreadData(
        section_key=said.section_key,
        body=said.body,
        quote=QuoteData(said.quote) if said.quote else None,
        kind=said.kind,
        stance=said.stance,
    )
    thread = open_thread(policy, revision, city.speakers[said.author], data, said.at)
    spoken = list(db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)))
    for remark in said.replies:
        parent, author = spoken[remark.parent], city.speakers[remark.author]
        spoken.append(reply(thread, author, remark.body, parent, remark.at))


def _publish(policy: Policy, drafter: Actor) -> Revision:
    version = current_draft(policy).version
    return publish_draft(policy, drafter, PublishData("Perubahan.", version), BEGUN)
