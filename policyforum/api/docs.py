"""The API explained on a page."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from policyforum.api.document import whole_document
from policyforum.api.limits import MOST_READS, MOST_WRITES
from policyforum.api.presenters.addresses import page_url
from policyforum.web.access import everyone

Operation = tuple[str, str, dict[str, Any]]

NOUNS = (
    "me",
    "policies",
    "drafts",
    "revisions",
    "rounds",
    "threads",
    "comments",
    "feedback",
    "decisions",
    "audit",
    "record",
)
"""In the order of a policy's way."""


@everyone
def show_docs() -> ResponseReturnValue:
    """The OpenAPI document as people read it."""
    document = whole_document()
    return render_template(
        "api/docs.html",
        document=document,
        calls=[(noun, _calls_of(noun, document)) for noun in NOUNS],
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
