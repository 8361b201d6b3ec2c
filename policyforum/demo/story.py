"""The demo's story: what its people did, act by act in time order, through the services."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.passages import QuoteData
from policyforum.commenting.services import endorse, open_thread, reply
from policyforum.consolidation.gathering import FeedbackData, gather
from policyforum.consolidation.linking import link_by_hand
from policyforum.consolidation.models import ChangeLink, FeedbackItem
from policyforum.consolidation.services import DispositionData, dispose
from policyforum.db.session import db
from policyforum.decisions.services import DecisionData, decide, recommend
from policyforum.demo.content import Calendar, table, text
from policyforum.demo.people import City
from policyforum.drafting.queries import current_draft
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import revision_by_number, sections_of
from policyforum.policies.rounds import RoundData, open_round
from policyforum.policies.services import PolicyData

VOTERS_PER_STANCE = {"objection": (3, 2), "concern": (2, 1), "proposal": (3, 1), "support": (2, 0)}
"""How many at most support and oppose a thread of that kind."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done at a time; `order` decides between acts of the same minute."""

    at: datetime
    order: int
    perform: Callable[[], None]


@dataclass(slots=True)
class Story:
    """One policy's course. `threads` and `comments` are known by the content's ids."""

    entry: dict[str, Any]
    city: City
    calendar: Calendar
    policy: Policy = field(init=False)
    threads: dict[str, Thread] = field(default_factory=dict)
    comments: dict[tuple[str, int], Comment] = field(default_factory=dict)
    links: list[tuple[FeedbackItem, str, list[str]]] = field(default_factory=list)
    keys: dict[int, dict[str, str]] = field(default_factory=dict)
    """By a revision's number: the key of each section by its label."""

    def acts(self) -> Iterator[Act]:
        """Every act of the policy, in no order."""
        yield self._act(self.entry["created"], 0, self._start)
        if draft := self.entry.get("draft"):
            yield self._act(
                draft["saved"], 1, lambda at: self._save(self.entry["owner"], draft["file"], at)
            )
        for revision in self.entry.get("revision", []):
            yield from self._revision(revision)

    def _act(self, at: str, order: int, perform: Callable[[datetime], None]) -> Act:
        moment = self.calendar.moment(at)
        return Act(moment, order, lambda: perform(moment))

    def _revision(self, entry: dict[str, Any]) -> Iterator[Act]:
        yield self._act(entry["drafted"], 1, lambda at: self._save(entry["by"], entry["file"], at))
        yield self._act(entry["published"], 2, lambda at: self._publish(entry, at))
        for thread in table(entry["comments"])["thread"]:
            yield from self._thread(entry["number"], thread)
        for item in table(entry["dispositions"])["item"] if "dispositions" in entry else ():
            yield self._act(item["at"], 5, _bound(self._dispose, entry["number"], item))
        if advice := entry.get("recommendation"):
            yield self._act(advice["at"], 6, lambda at: self._recommend(entry, at))
        if decision := entry.get("decision"):
            yield self._act(decision["at"], 7, lambda at: self._decide(entry, at))

    def _thread(self, number: int, thread: dict[str, Any]) -> Iterator[Act]:
        yield self._act(thread["at"], 3, _bound(self._open, number, thread))
        for position, answer in enumerate(thread.get("replies", []), 1):
            yield self._act(answer["at"], 4, _bound(self._reply, thread["id"], position, answer))

    def _start(self, at: datetime) -> None:
        entry = self.entry
        self.policy = start_policy(
            self.city.cast(entry["owner"], at),
            PolicyData(
                title=entry["title"],
                kind=entry["kind"],
                visibility=entry["visibility"],
                summary=entry["summary"],
                unit_id=self.city.unit_ids[entry["unit"]],
                address=entry["slug"],
            ),
            "",
            at,
        )
        self.city.seat_guests(entry["id"], self.policy.id, at)

    def _save(self, by: str, file: str, at: datetime) -> None:
        """The text in two sittings: first without its last part, then whole."""
        whole = text(file)
        first = whole[: whole.rfind("\n\n", 0, len(whole) * 2 // 3) + 2]
        for source, hours in ((first, 20), (whole, 0)):
            version = current_draft(self.policy).version
            moment = at - timedelta(hours=hours)
            save_draft(self.policy, self.city.cast(by, at), source, version, moment)

    def _publish(self, entry: dict[str, Any], at: datetime) -> None:
        actor = self.city.cast(entry["by"], at)
        version = current_draft(self.policy).version
        revision = publish_draft(self.policy, actor, PublishData(entry["change_note"], version), at)
        self._link_answers(revision, at)
        consultation = entry["round"]
        moment = self.calendar.moment
        data = RoundData(
            moment(consultation["opens"]), moment(consultation["closes"]), consultation["audience"]
        )
        open_round(self.policy, revision, actor, data, at)

    def _open(self, number: int, entry: dict[str, Any], at: datetime) -> None:
        revision = revision_by_number(self.policy, number)
        quote = entry.get("quote")
        data = ThreadData(
            section_key=self._keys_of(revision)[entry["section"]] if entry["section"] else None,
            body=entry["body"],
            quote=QuoteData(exact=quote) if quote else None,
            kind=entry["kind"],
            stance=entry["stance"],
            suggestion=entry.get("suggestion"),
        )
        thread = open_thread(self.policy, revision, self.city.cast(entry["by"], at), data, at)
        self.threads[entry["id"]] = thread
        self.comments[entry["id"], 0] = db.session.scalars(
            select(Comment).where(Comment.thread_id == thread.id)
        ).one()
        self._endorse(thread, entry, at)

    def _endorse(self, thread: Thread, entry: dict[str, Any], at: datetime) -> None:
        """Others press "support" or "object": the same ones at every loading."""
        chance = random.Random(entry["id"])  # noqa: S311  (not a secret)
        supporters, opponents = VOTERS_PER_STANCE.get(entry["kind"], (1, 0))
        voters = [voter for voter in self.city.voters() if voter != entry["by"]]
        chosen = chance.sample(voters, chance.randint(0, supporters) + chance.randint(0, opponents))
        split = chance.randint(len(chosen) * 2 // 3, len(chosen))
        for position, voter in enumerate(chosen):
            stance = "support" if position < split else "oppose"
            endorse(thread, self.city.cast(voter, at), stance, at + timedelta(minutes=position))

    def _reply(self, thread: str, position: int, entry: dict[str, Any], at: datetime) -> None:
        self.comments[thread, position] = reply(
            self.threads[thread],
            self.city.cast(entry["by"], at),
            entry["body"],
            self.comments[thread, entry["to"]],
            at,
        )

    def _dispose(self, number: int, entry: dict[str, Any], at: datetime) -> None:
        actor = self.city.cast(entry["by"], at)
        threads = [self.threads[name].public_id for name in entry["threads"]]
        item = gather(self.policy, actor, FeedbackData(number, entry["summary"], threads), at)
        data = DispositionData(entry["outcome"], entry.get("reason", ""), entry.get("response"))
        dispose(item, actor, data, at)
        if entry.get("changed"):
            self.links.append((item, entry["by"], entry["changed"]))

    def _link_answers(self, revision: Revision, at: datetime) -> None:
        """What the drafters say an answer changed, where the program did not see it itself."""
        keys = self._keys_of(revision)
        linked = {
            (link.item_id, link.section.key)
            for link in db.session.scalars(
                select(ChangeLink)
                .where(ChangeLink.revision_id == revision.id)
                .options(joinedload(ChangeLink.section))
            )
        }
        for item, by, labels in self.links:
            for key in (keys[label] for label in labels):
                if (item.id, key) not in linked:
                    link_by_hand(item, self.city.cast(by, at), revision, key, at)
        self.links.clear()

    def _keys_of(self, revision: Revision) -> dict[str, str]:
        if revision.number not in self.keys:
            sections = sections_of(revision.id)
            self.keys[revision.number] = {each.label: each.section.key for each in sections}
        return self.keys[revision.number]

    def _recommend(self, entry: dict[str, Any], at: datetime) -> None:
        advice = entry["recommendation"]
        revision = revision_by_number(self.policy, entry["number"])
        recommend(self.policy, revision, self.city.cast(advice["by"], at), advice["text"], at)

    def _decide(self, entry: dict[str, Any], at: datetime) -> None:
        decision = entry["decision"]
        revision = revision_by_number(self.policy, entry["number"])
        data = DecisionData(decision["outcome"], decision["reason"])
        decide(self.policy, revision, self.city.cast(decision["by"], at), data, at)


def perform(stories: list[Story]) -> None:
    """Carry out the acts of all stories in time order."""
    acts = [act for story in stories for act in story.acts()]
    for act in sorted(acts, key=lambda act: (act.at, act.order)):
        act.perform()
        db.session.flush()


def _bound(perform: Callable[..., None], *arguments: Any) -> Callable[[datetime], None]:
    return lambda at: perform(*arguments, at)
