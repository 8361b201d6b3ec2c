"""Doing a thing once, however often it is sent: double clicks, lost replies, retries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from policyforum.db.session import db, transaction
from policyforum.web.models import Submission
from policyforum.web.problems import Stale

Answer = tuple[int, str]
"""Status and body of an API call, or status and path of a form."""


def once(
    account_id: int, key: str, request: bytes, now: datetime, perform: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Carry out `perform` in a transaction unless `key` was used; → its answer, whether it is old.

    The answer is kept in the same transaction as the effect. An empty key means: no promise.
    Raises `Stale` when the key was used for another request.
    """
    request_hash = hashlib.sha256(request).hexdigest()
    try:
        with transaction():
            if key and (earlier := _find(account_id, key)):
                return _replay(earlier, request_hash), True
            # Claimed first: a second one sent meanwhile waits here, and then finds the answer.
            claim = _claim(account_id, key, request_hash, now) if key else None
            answer = perform()
            if claim is not None:
                claim.status, claim.answer = answer
        return answer, False
    except IntegrityError:
        # The same key was being carried out at the same time; the other one won.
        earlier = _find(account_id, key) if key else None
        if earlier is None:
            raise
        return _replay(earlier, request_hash), True


def _claim(account_id: int, key: str, request_hash: str, now: datetime) -> Submission:
    claim = Submission(
        account_id=account_id, key=key, request_hash=request_hash, status=0, answer="", at=now
    )
    db.session.add(claim)
    db.session.flush()
    return claim


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
