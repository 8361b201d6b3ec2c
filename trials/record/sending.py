"""F10: the same thing sent many times at once, through a proxy that loses replies."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice

from sqlalchemy import select

from policyforum.audit.models import AuditEntry
from policyforum.commenting.models import Comment, Endorsement
from policyforum.db.session import db
from policyforum.policies.models import Policy
from tests.api.program import LAW, Program, made
from tests.engines import ENGINES
from tests.servers import COMMAND
from trials.record.asking import Answer, Asker
from trials.record.broken import command
from trials.record.proxy import losing
from trials.record.site import Site, site
from trials.trial import Outcome, Trial

FULL, SHORT = 1_000, 16
CUT = 0.3
MOST = 20
SHARES = {"contribution": 5, "reply": 3, "form": 3, "endorsement": 2, "disposition": 2}
"""Of every 16 keys; the last one is a publication or a decision in turn."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something sent under one key, until it is answered; `mark` finds its effect."""

    kind: str
    mark: str
    send: Callable[[], Answer]


@dataclass
class Seen:
    keys: int = 0
    sent: int = 0
    lost: int = 0
    differing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Hall:
    """What the acts need: people, a consultation, threads to answer, policies to decide on."""

    here: Site
    ratna: Program
    leader: Program
    slug: str
    threads: Sequence[str]
    matters: Sequence[str]
    drafts: Sequence[str]
    revisions: Sequence[str]


def send_each(here: Site, keys: int, program: Sequence[str] = COMMAND) -> Seen:
    """Send every act 2 to 20 times at once, each until it is answered; then count the effects."""
    hall = _furnish(here, keys)
    here.let_go()
    seen = Seen(keys)
    often = random.Random(10)
    with (
        here.serve(program) as server,
        losing(server.url, CUT) as proxy,
        ThreadPoolExecutor(MOST) as pool,
    ):
        signed_in = Asker(server.url).sign_in("neneng@kota.example")
        acts = list(islice(_acts(hall, proxy.url, signed_in), keys))
        for act in acts:
            times = min(MOST, 2 + int(often.expovariate(0.3)))
            seen.sent += times
            answers = set(pool.map(lambda _n, act=act: _told(act), range(times)))
            if len(answers) != 1 or min(answers)[0] not in (200, 201, 303):
                seen.differing.append(f"{act.kind}: {sorted(answers)[:2]}")
        seen.lost = proxy.lost
    _count(here, acts, seen)
    return seen


def _told(act: Act) -> tuple[int, bytes, str]:
    answer = act.send()
    return answer.status, answer.body if not answer.location else b"", answer.location


def _furnish(here: Site, keys: int) -> Hall:
    city = here.city
    ratna = city.program("ratna", "drafter")
    leader = city.program("walikota", "leader")
    city.program("neneng", "staff")
    slug = city.consulted(ratna)
    path = f"/policies/{slug}/revisions/1/threads"

    def threads(share: int, body: str) -> list[str]:
        return [
            str(made(ratna.post(path, {"section": None, "body": body}))["id"])
            for _n in range(keys * share // 16 + 1)
        ]

    few = keys // 32 + 1
    drafts = [city.start(ratna, LAW) for _n in range(few)]
    revisions = [city.heard(ratna) for _n in range(few)]
    return Hall(
        here,
        ratna,
        leader,
        slug,
        threads(SHARES["endorsement"], "Untuk didukung."),
        threads(SHARES["disposition"], "Untuk dijawab."),
        drafts,
        revisions,
    )


def _acts(hall: Hall, url: str, neneng: Asker) -> Iterator[Act]:
    """Kinds in turn, each with a key of its own."""
    kinds = [kind for kind, share in SHARES.items() for _n in range(share)]
    rare = cycle(("publication", "decision"))
    endorsed, disposed = iter(hall.threads), iter(hall.matters)
    drafts, revisions = iter(hall.drafts), iter(hall.revisions)
    number = 0
    while True:
        for kind in (*kinds, next(rare)):
            number += 1
            match kind:
                case "contribution":
                    yield _contribution(hall, url, number)
                case "reply":
                    yield _reply(hall, url, number)
                case "form":
                    yield _form(hall, url, neneng, number)
                case "endorsement":
                    yield _endorsement(url, neneng, next(endorsed))
                case "disposition":
                    yield _disposition(hall, url, next(disposed))
                case "publication":
                    yield _publication(hall, url, next(drafts))
                case _:
                    yield _decision(hall, url, next(revisions))


def _contribution(hall: Hall, url: str, number: int) -> Act:
    body = {"section": None, "body": f"Masukan {number}."}
    path = f"/policies/{hall.slug}/revisions/1/threads"
    return _call(url, hall.ratna.token, "contribution", body["body"] or "", "POST", path, body)


def _reply(hall: Hall, url: str, number: int) -> Act:
    body = {"body": f"Tanggapan {number}.", "parent": None}
    path = f"/threads/{hall.threads[0]}/comments"
    return _call(url, hall.ratna.token, "reply", f"Tanggapan {number}.", "POST", path, body)


def _disposition(hall: Hall, url: str, thread: str) -> Act:
    """An item was made of it; the decision on the item is what is sent."""
    here = f"/policies/{hall.slug}/feedback"
    item = {"revision": 1, "summary": "Ringkas", "threads": [thread]}
    made_item = Asker(url, hall.ratna.token).api("POST", here, item, key=f"item-{thread}").json
    body = {"outcome": "rejected", "reason": "Sudah diatur."}
    path = f"/feedback/{made_item['id']}/disposition"
    return _call(url, hall.ratna.token, "disposition", made_item["id"], "PUT", path, body)


def _publication(hall: Hall, url: str, slug: str) -> Act:
    body = {"change_note": f"Terbit {slug}.", "draft_version": 1}
    path = f"/policies/{slug}/revisions"
    return _call(url, hall.ratna.token, "publication", slug, "POST", path, body)


def _decision(hall: Hall, url: str, slug: str) -> Act:
    body = {"revision": 1, "outcome": "approved", "reason": ""}
    path = f"/policies/{slug}/decisions"
    return _call(url, hall.leader.token, "decision", slug, "POST", path, body)


def _call(url: str, token: str, kind: str, mark: str, method: str, path: str, body: object) -> Act:
    def send() -> Answer:
        return Asker(url, token).api(method, path, body, key=f"{kind}-{mark}".replace(" ", "-"))

    return Act(kind, mark, send)


def _form(hall: Hall, url: str, neneng: Asker, number: int) -> Act:
    mark = f"Formulir {number}."
    fields = {
        "csrf_token": neneng.csrf,
        "once": f"formulir-{number:08}",
        "section": "",
        "body": mark,
        "kind": "concern",
        "stance": "neutral",
    }
    path = f"/policies/{hall.slug}/revisions/1/threads/new"
    return Act("form", mark, lambda: neneng.at(url).form(path, fields))


def _endorsement(url: str, neneng: Asker, thread: str) -> Act:
    fields = {"csrf_token": neneng.csrf, "stance": "support"}
    path = f"/threads/{thread}/stance"
    return Act("endorsement", thread, lambda: neneng.at(url).form(path, fields))


def _count(here: Site, acts: Sequence[Act], seen: Seen) -> None:
    """Every act must have had one effect: one row, and one entry in the record."""
    with here.app.app_context():
        bodies = Counter(db.session.scalars(select(Comment.body)))
        recorded = Counter(
            map(tuple, db.session.execute(select(AuditEntry.verb, AuditEntry.subject)))
        )
        of_policies = select(AuditEntry.verb, Policy.slug).join(
            Policy, Policy.public_id == AuditEntry.policy
        )
        on_policies = Counter(map(tuple, db.session.execute(of_policies)))
        given = db.session.query(Endorsement).count()
        db.session.remove()
    for act in acts:
        match act.kind:
            case "endorsement":
                effects = recorded["thread.endorsed", act.mark]
            case "disposition":
                effects = recorded["feedback.disposed", act.mark]
            case "publication":
                effects = on_policies["revision.published", act.mark]
            case "decision":
                effects = on_policies["decision.made", act.mark]
            case _:
                effects = bodies[act.mark]
        if effects != 1:
            seen.wrong.append(f"{act.kind} {act.mark}: {effects} effects")
    if given != sum(act.kind == "endorsement" for act in acts):
        seen.wrong.append(f"{given} endorsements")


def outcome(seen: Seen) -> Outcome:
    figure = (
        f"{seen.keys} keys sent {seen.sent} times at once, {seen.lost} replies lost: exactly one "
        f"effect for {seen.keys - len(seen.wrong)}/{seen.keys}, the same answer for "
        f"{seen.keys - len(seen.differing)}/{seen.keys}"
    )
    first = "".join(f"; {one}" for one in [*seen.wrong[:1], *seen.differing[:1]])
    return Outcome(f"{figure}{first}"[:400], seen.keys > 0 and not first)


def _run(engine: str, program: Sequence[str], keys: int) -> Outcome:
    with site(engine) as here:
        return outcome(send_each(here, keys, program))


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F10 {engine}",
        what="contributions, replies, forms, endorsements, dispositions, publications, decisions: "
        "each sent 2 to 20 times at once through a proxy that loses 30 % of the replies",
        goal="exactly 1 effect for 1,000/1,000 keys, the same answer each time",
        run=lambda full: _run(engine, COMMAND, FULL if full else SHORT),
        breaks="keys are forgotten",
        broken=lambda full: _run(engine, command("without-key"), 48 if full else SHORT),
    )


SENDING = tuple(_trial(engine) for engine in ENGINES)
