"""Decisions, the audit record, oneself."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from policyforum.api.schemas.base import (
    In,
    Listed,
    Moment,
    Ordinal,
    Out,
    Query,
    Text,
)
from policyforum.api.schemas.policies import PersonRef, UnitRef
from policyforum.db.base import LARGEST_NUMBER
from policyforum.decisions.services import LONGEST_REASON

DecisionOutcome = Literal["approved", "returned"]
RoleName = Literal[
    "admin", "drafter", "staff", "representative", "leader", "moderator", "auditor", "guest"
]


class NewDecision(In):
    """`reason` is compulsory when the revision is returned."""

    revision: Ordinal
    outcome: DecisionOutcome
    reason: Text | None = Field(None, json_schema_extra={"maxLength": LONGEST_REASON})


class Decision(Out):
    id: str
    revision: int
    outcome: DecisionOutcome
    reason: str
    decided_at: Moment
    decided_by: PersonRef
    url: str


class AuditEntry(Out):
    """One entry of the hash chain. `at` has six digits of the second, as it is hashed; `actor`
    is an account's id, "" for the program itself, and for who endorsed a thread unless the caller
    is an auditor."""

    seq: int
    at: str = Field(json_schema_extra={"format": "date-time"})
    actor: str
    verb: str
    subject: str
    policy: str
    facts: dict[str, Any]
    prev_hash: str
    hash: str


class AuditList(Listed[AuditEntry]):
    """Entries about a policy, oldest first."""


class TreeHead(Out):
    """A signed head of the whole record: `root` over its first `size` entries (RFC 9162, 2.1),
    base64. `note` is the signed text (C2SP checkpoint), `key` the public key it was signed with."""

    size: int
    root: str
    at: Moment
    note: str
    key: str


class TreeHeadList(Listed[TreeHead]):
    """Heads of the record, newest first."""


class ConsistencyQuery(Query):
    first: int = Field(ge=1, le=LARGEST_NUMBER, description="Size of the older head.")
    second: int = Field(ge=1, le=LARGEST_NUMBER, description="Size of the newer head.")


class InclusionQuery(Query):
    seq: int = Field(ge=1, le=LARGEST_NUMBER, description="The entry.")
    size: int = Field(ge=1, le=LARGEST_NUMBER, description="Size of the head.")


class Proof(Out):
    """Hashes, base64, in the order RFC 9162 gives them."""

    proof: list[str]


class Organisation(Out):
    """An association that the person belongs to."""

    id: str
    code: str
    name: str


class Me(Out):
    """Whom the token acts for."""

    id: str
    name: str
    roles: list[RoleName]
    unit: UnitRef | None
    organisations: list[Organisation]
