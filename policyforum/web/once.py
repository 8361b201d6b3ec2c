"""Doing a thing once, however often it is sent: double clicks, lost replies, retries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from policyforum.db.base import table_of
from policyforum.db.session import db, transaction
from policyforum.web.models import Submission
from policyforum.web.problems import Problem, Stale

Answer = tuple[int, str]
"""Status and body of an API call, or status and path of a form."""

Act = Callable[[], Answer]


def once(
    account_id: int, key: str, request: bytes, now: datetime, prepare: Callable[[], Act]
) -> tuple[Answer, bool]:
    """Carry out an act in a transaction unless `key` was used; → its answer, whether it is old.

    `prepare` checks, reads and renders before anybody has to wait for it, and gives the act. The
    answer is kept in the same transaction as the effect. An empty key means: no promise. Raises
    `Stale` when the key was used for another request.
    """
    request_hash = hashlib.sha256(request).hexdigest()
    try:
        act = prepare()
        with transaction():
            # Claimed first: a second one sent meanwhile waits here, and then gets the answer.
            claim = _claim(account_id, key, request_hash, now) if key else None
            answer = act()
            if claim is not None:
                _keep(claim, answer)
        return answer, False
    except (IntegrityError, Problem):
        # What was done is done, though by now it might be refused.
        earlier = _find(account_id, key) if key else None
        if earlier is None:
            raise
        return _replay(earlier, request_hash), True


def _claim(account_id: int, key: str, request_hash: str, now: datetime) -> int:
    claim = {
        "account_id": account_id,
        "key": key,
        "request_hash": request_hash,
        "status": 0,
        "answer": "",
        "at": now,
    }
    claimed: int = db.session.connection().execute(_CLAIM, claim).scalar_one()
    return claimed


def _keep(claim: int, answer: Answer) -> None:
    status, text = answer
    kept = {"claim": claim, "new_status": status, "new_answer": text}
    db.session.connection().execute(_KEEP, kept)


def _find(account_id: int, key: str) -> Submission | None:
    return db.session.scalars(
        select(Submission).where(Submission.account_id == account_id, Submission.key == key)
    ).one_or_none()


def _replay(earlier: Submission, request_hash: str) -> Answer:
    if earlier.request_hash != request_hash:
        raise Stale(
            _("The key was used before"),
            _("This key was already used for another request. Use a new one."),
        )
    return earlier.status, earlier.answer


_submissions = table_of(Submission)
_CLAIM = insert(_submissions).returning(_submissions.c.id)
_KEEP = (
    update(_submissions)
    .where(_submissions.c.id == bindparam("claim"))
    .values(status=bindparam("new_status"), answer=bindparam("new_answer"))
)
