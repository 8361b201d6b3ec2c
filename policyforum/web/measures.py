"""A measure for every body: what is taken at most, and where whole texts are taken, more."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from policyforum.web.access import is_for_programs

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_REQUEST = 21 * 1024 * 1024
LARGEST_TEXT = 20 * 1024 * 1024
LARGEST_FORM = 1024 * 1024
"""Of forms that hold no policy's text. The longest fields all full of four-byte letters, each
sent as twelve characters, stay below."""

MOST_FIELDS = 2_000
MOST_PARTS = 200
ATTRIBUTE = "policyforum_takes_texts"


def register(app: Flask) -> None:
    """Set the measures; register before anything that reads a form."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_TEXT,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    app.request_class = _Request
    app.before_request(_measure)


def takes_texts(view: View) -> View:
    """Declare that an endpoint's form holds the text of a policy."""
    setattr(view, ATTRIBUTE, True)
    return view


def _measure() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if not is_for_programs() and not hasattr(view, ATTRIBUTE):
        request.max_content_length = LARGEST_FORM


class _Parser(FormDataParser):
    """Counts the fields before it takes them apart: each costs a hundred times its length."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype == "application/x-www-form-urlencoded":
            sent = stream.read()
            if sent.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(sent)
        return super().parse(stream, mimetype, content_length, options)


class _Request(Request):
    form_data_parser_class = _Parser
