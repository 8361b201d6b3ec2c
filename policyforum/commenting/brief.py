"""A conversation in brief: what a reply has to know of it, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from policyforum.commenting.models import Thread
from policyforum.policies.brief import PolicyBrief


@dataclass(frozen=True, slots=True)
class CommentBrief:
    id: int
    public_id: str
    depth: int
    voice_id: int


@dataclass(frozen=True, slots=True)
class ThreadBrief:
    policy: PolicyBrief
    id: int
    public_id: str
    number: int
    state: str
    revision_id: int
    voice_id: int


AnyThread = Thread | ThreadBrief
