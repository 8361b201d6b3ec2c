"""The API explained on a page."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from policyforum.api.document import whole_document
from policyforum.api.limits import MOST_READS, MOST_WRITES
from policyforum.api.presenters.addresses import page_url
from policyforum.web.access import everyone

Operation = tuple[str, str, dict[str, Any]]


class Group(NamedTuple):
    """Calls about one noun, which names their tag in the OpenAPI document."""

    noun: str
    title: LazyString
    words: LazyString


GROUPS = (
    Group("me", _l("The token's owner"), _l("Whom the token acts for, and in which roles.")),
    Group("policies", _l("Policies"), _l("Opening policies, listing those one may see.")),
    Group("drafts", _l("Drafts"), _l("The working text, and saving it without losing anybody's.")),
    Group(
        "revisions",
        _l("Revisions"),
        _l("Publishing, the sections of a revision, its exact text, and what changed between two."),
    ),
    Group("rounds", _l("Consultation rounds"), _l("Opening, extending and closing a round.")),
    Group(
        "threads", _l("Discussions"), _l("Contributions, and where each stands in every revision.")
    ),
    Group(
        "comments",
        _l("Replies and changes"),
        _l("Replying, changing one's words and withdrawing them."),
    ),
    Group(
        "feedback",
        _l("Feedback items"),
        _l("Gathering contributions, deciding on them, and the response matrix."),
    ),
    Group("decisions", _l("Decisions"), _l("What leadership decides on a revision.")),
    Group("audit", _l("Audit record"), _l("What was done, by whom and when, entry by entry.")),
    Group(
        "record",
        _l("Seals of the record"),
        _l("What anyone can hold the audit record to, without trusting who keeps it."),
    ),
)
"""In the order of a policy's way."""


@everyone
def show_docs() -> ResponseReturnValue:
    """The OpenAPI document as people read it."""
    document = whole_document()
    return render_template(
        "api/docs.html",
        document=document,
        calls=[(group, _calls_of(group.noun, document)) for group in GROUPS],
        base_url=page_url(""),
        most_writes=MOST_WRITES,
        most_reads=MOST_READS,
    )


@everyone
def lead_to_docs() -> ResponseReturnValue:
    """Programs find the page beside the calls; it lies elsewhere, so that it knows who reads."""
    return redirect(url_for("api_docs.docs"))


def type_in_words(schema: dict[str, Any]) -> str:
    """A JSON schema in short: `string`, `list of Comment`, `open | closed`, `integer or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " or ".join(type_in_words(option) for option in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(schema.get("enum") or [schema["const"]])
    if schema.get("type") == "array":
        return f"list of {type_in_words(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "any"))


def words_with_code(text: str) -> Markup:
    """Text in which names between backticks are set as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def _calls_of(noun: str, document: dict[str, Any]) -> list[Operation]:
    return [
        (method, path, operation)
        for path, operations in sorted(document["paths"].items(), key=lambda entry: len(entry[0]))
        for method, operation in operations.items()
        if noun in operation["tags"]
    ]
