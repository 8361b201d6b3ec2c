"""Which columns the record answers for, and which it deliberately does not, each with its reason.

A column that is in neither list makes `tests/trials/test_record.py` fail.
"""

from __future__ import annotations

from collections.abc import Mapping

TOLD: Mapping[str, tuple[str, ...]] = {
    "accounts": ("public_id", "email", "name", "created_at", "disabled_at"),
    "units": ("public_id", "parent_id", "code", "name", "path", "headcount", "closed_at"),
    "associations": ("public_id", "code", "name", "member_count", "closed_at"),
    "memberships": ("account_id", "unit_id", "association_id", "since", "until"),
    "role_grants": (
        *("public_id", "account_id", "role", "unit_id", "association_id", "policy_id"),
        *("starts_at", "ends_at", "granted_by_id"),
    ),
    "policies": (
        *("public_id", "slug", "unit_id", "title", "summary", "kind", "visibility", "language"),
        *("created_by_id", "created_at", "withdrawn_at", "withdrawn_reason"),
        *("current_revision_id", "current_round_id", "decision_outcome"),
    ),
    "sections": ("key",),
    "revisions": (
        *("public_id", "policy_id", "number", "source", "source_hash", "language", "change_note"),
        *("published_at", "published_by_id", "article_count", "change_totals"),
    ),
    "revision_sections": (
        *("revision_id", "section_id", "position", "parent_position", "block_position", "kind"),
        *("number", "label", "heading", "offset", "text", "html", "hash", "origin_state"),
    ),
    "section_origins": ("revision_id", "section_id", "previous_section_id", "score", "reason"),
    "revision_blocks": (
        *("revision_id", "section_id", "position", "kind", "number", "label", "heading", "html"),
    ),
    "rounds": (
        *("public_id", "policy_id", "revision_id", "number", "audience", "opens_at", "closes_at"),
        *("concluded_at", "threads", "waiting", "created_at", "created_by_id"),
    ),
    "round_changes": ("round_id", "at", "by_id", "closes_after"),
    "voices": (
        *("public_id", "kind", "account_id", "name", "unit_id", "unit_name", "association_id"),
        *("association_name", "created_at"),
    ),
    "threads": (
        *("public_id", "policy_id", "number", "revision_id", "round_id", "section_id"),
        *("section_label", "voice_id", "kind", "stance", "state", "quote_exact", "quote_prefix"),
        *("quote_suffix", "quote_start", "quote_end", "suggestion", "created_at"),
        *("comment_count", "support_count", "oppose_count", "settled_at"),
    ),
    "comments": (
        *("public_id", "thread_id", "parent_id", "voice_id", "body", "html", "depth"),
        *("created_at", "edited_at", "withdrawn_at", "hidden_at", "hidden_reason"),
    ),
    "comment_versions": ("comment_id", "body", "html", "written_at"),
    "body_activity": ("revision_id", "association_id", "unit_id", "threads", "comments"),
    "endorsements": ("thread_id", "voice_id", "stance", "at"),
    "feedback_items": (
        *("public_id", "policy_id", "revision_id", "section_id", "number", "summary", "outcome"),
        *("created_at", "created_by_id"),
    ),
    "feedback_threads": ("item_id", "thread_id"),
    "dispositions": ("item_id", "outcome", "reason", "wording", "decided_at", "decided_by_id"),
    "answers": ("item_id", "body", "html", "written_at", "written_by_id"),
    "recommendations": ("revision_id", "text", "given_at", "given_by_id"),
    "decisions": (
        *("public_id", "revision_id", "outcome", "reason", "decided_at", "decided_by_id"),
    ),
}
"""Columns that entries tell of, commit to, or that follow from what they tell."""

DOOR = "opens the door; what is done behind it stands on record under the account's name"
OWN = "for its owner alone, or for the program; nobody is told anything by it"
DRAFT = "not published: a draft is its drafters' own until it is a revision, which is told of"
RECKONED = "reckoned by the program from texts and quotes on record, and can be again"
JOINS = "joins rows; those that hang on it are told of"

UNTOLD: Mapping[str, str] = {
    "*.id": JOINS,
    "accounts.password_hash": DOOR,
    "accounts.temporary_until": DOOR,
    "accounts.locale": OWN,
    "login_sessions": DOOR,
    "api_tokens": DOOR,
    "sign_in_attempts": OWN,
    "agencies": "set when the site is founded, before there is a record",
    "units.agency_id": "there is one agency",
    "policies.agency_id": "there is one agency",
    "memberships.position": "what people call their post; it gives no right",
    "sections.policy_id": JOINS,
    "revision_sections.tokens": "the text cut into words, made again where it is missing",
    "round_changes.closes_before": "what the entry before says",
    "readings": OWN,
    "threads.active_at": "orders lists",
    "placements": f"{RECKONED}; where a person placed it, `thread.placed` tells",
    "planned_placements": DRAFT,
    "thread_positions": RECKONED,
    "block_activity": RECKONED,
    "drafts": DRAFT,
    "draft_saves": DRAFT,
    "origin_choices": DRAFT,
    "dispositions.state": "always the same",
    "answers.state": "always the same",
    "applied_suggestions": DRAFT,
    "change_links": f"{RECKONED}; where a person linked it, `feedback.linked` tells",
    "notifications": OWN,
    "outbox_mails": OWN,
    "submissions": OWN,
}
"""Tables and columns no entry answers for, and why not."""


def unlisted(columns: Mapping[str, list[str]]) -> list[str]:
    """Columns of tables, given by table, that stand in neither list, or in both."""
    found = []
    for table, names in columns.items():
        for name in names:
            told = name in TOLD.get(table, ())
            untold = bool({table, f"{table}.{name}", f"*.{name}"} & UNTOLD.keys())
            if told == untold:
                found.append(f"{table}.{name}")
    return found
