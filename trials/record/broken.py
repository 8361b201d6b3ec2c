"""The faults of the mutants among the trials of the record, see `trials.mutants`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from policyforum.accounts import queries as accounts
from policyforum.commenting import placing
from policyforum.commenting.carrying import Standing
from policyforum.drafting import services as drafting
from policyforum.notifications import delivery, worker
from policyforum.notifications import services as notifications
from policyforum.text import anchors
from policyforum.text.keyed import KeyedSection
from policyforum.web import clock, once
from trials import mutants
from trials.mutants import put


def command(*faults: str) -> tuple[str, ...]:
    """How to start the program with these faults in it."""
    return mutants.command("trials.record.broken", faults)


def last_write_wins() -> None:
    """Saves a draft over whatever was saved since."""

    def save(policy: Any, actor: Any, source: str, version: int, now: datetime) -> Any:
        drafting._require_writable(policy, actor)
        return drafting._keep(policy, actor, source, "typed", version, now)

    put(drafting, "save_draft", save)


def anchor_by_position() -> None:
    """Places a thread at the section that now stands where its own stood."""

    def carry(
        standings: Sequence[Standing],
        old: Sequence[KeyedSection],
        new: Sequence[KeyedSection],
        _chosen: Collection[str],
    ) -> list[anchors.Placement]:
        places = {section.key: place for place, section in enumerate(old)}
        found = []
        for standing in standings:
            key = standing.key and new[min(places[standing.key], len(new) - 1)].key
            found.append(anchors.Placement(key, None, None, anchors.EXACT, 1.0, "same"))
        return found

    put(placing, "carry_over", carry)


def without_key() -> None:
    """Forgets what was sent before."""
    honest = once.once

    def forgetful(account_id: int, _key: str, request: bytes, now: datetime, act: Any) -> Any:
        return honest(account_id, "", request, now, act)

    put(once, "once", forgetful)


def session_by_clock_alone() -> None:
    """Does not write down that a session ran out."""
    put(accounts, "expired_session", lambda _token, _now: None)


def mail_in_request() -> None:
    """Talks to the mail server while the person who caused the mail waits."""
    honest = notifications._tell

    def tell(policy: Any, news: Sequence[Any], now: datetime) -> None:
        honest(policy, news, now)
        try:
            delivery._connection(current_app.extensions["policyforum.config"].smtp_url).quit()
        except OSError:
            return

    put(notifications, "_tell", tell)


def marked_before_sent() -> None:
    """Marks a mail as sent before it is."""
    honest = delivery._deliver

    def deliver(server: Any, letter: Any, now: datetime) -> None:
        delivery._mark_done(letter.id, "", now)
        honest(server, letter, now)

    put(delivery, "_deliver", deliver)


def quick_mail(seconds: str) -> None:
    """Not broken: a claim on a mail and the waits between attempts are this short."""
    wait = timedelta(seconds=float(seconds))
    put(delivery, "LEASE", wait)
    put(delivery, "FIRST_WAIT", wait / 8)
    put(delivery, "LONGEST_WAIT", wait / 2)
    put(worker, "PAUSE", wait.total_seconds() / 20)


def clock_off(seconds: str) -> None:
    """Not broken, but on a machine whose clock is off by so many seconds."""
    put(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=float(seconds)))


FAULTS: mutants.Faults = {
    "last-write-wins": last_write_wins,
    "anchor-by-position": anchor_by_position,
    "without-key": without_key,
    "session-by-clock-alone": session_by_clock_alone,
    "mail-in-request": mail_in_request,
    "marked-before-sent": marked_before_sent,
    "quick-mail": quick_mail,
    "clock-off": clock_off,
}

mutants.run(__name__, FAULTS)
