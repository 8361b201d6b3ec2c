"""The API explained on a page."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from policyforum.api.document import whole_document
from policyforum.api.presenters.addresses import page_url
from policyforum.web.access import everyone


@everyone
def show_docs() -> ResponseReturnValue:
    """The OpenAPI document as people read it."""
    return render_template("api/docs.html", document=whole_document(), base_url=page_url(""))


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
