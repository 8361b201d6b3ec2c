"""What is sent to the API: JSON and query parameters, checked, with refusals people can read."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeVar

from flask import request
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from policyforum.api.schemas.base import In, Query
from policyforum.web.problems import Invalid, Problem

Sent = TypeVar("Sent", bound=In)
Asked = TypeVar("Asked", bound=Query)

_JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json")
_KEY = re.compile(r"[\x21-\x7e]{1,190}")


def read_body(model: type[Sent]) -> Sent:
    """The JSON body as `model`; refuses what is not JSON (415, 400) or does not fit (422)."""
    if not _JSON_TYPE.fullmatch(request.mimetype):
        raise UnsupportedMediaType
    try:
        sent = json.loads(request.get_data().decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Problem(_("The body is not JSON that can be read.")) from None
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise _refusal(error, "body") from None


def read_query(model: type[Asked]) -> Asked:
    """The query parameters as `model`; refuses those that do not fit (422)."""
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise _refusal(error, "query") from None


def idempotency_key() -> str:
    """The `Idempotency-Key` of a call that changes something, "" when none was sent."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not _KEY.fullmatch(key):
        message = _("Use 1 to 190 visible ASCII characters, without blanks.")
        raise Invalid({"Idempotency-Key": [message]})
    return f"api:{key}"


def what_is_asked() -> bytes:
    """Method, address and body: the same key with anything else is another request."""
    return b"\n".join([request.method.encode(), request.full_path.encode(), request.get_data()])


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _refusal(error: ValidationError, whole: str) -> Invalid:
    errors: dict[str, list[str]] = {}
    for entry in error.errors(include_url=False, include_input=False):
        field = ".".join(str(part) for part in entry["loc"]) or whole
        errors.setdefault(field, []).append(_in_words(entry["type"], entry.get("ctx", {})))
    return Invalid(errors)


def _in_words(kind: str, about: dict[str, Any]) -> str:
    """What pydantic found, in the asker's language."""
    messages = {
        "missing": _("This is needed."),
        "string_type": _("This has to be text."),
        "string_unicode": _("This holds half a character (a lone surrogate)."),
        "nul": _("The text contains a NUL character. Remove it."),
        "int_type": _("This has to be a whole number."),
        "int_parsing": _("This has to be a whole number."),
        "int_parsing_size": _("This number is too large."),
        "list_type": _("This has to be a list."),
        "model_type": _("This has to be an object."),
        "moment": _("Write a time such as 2026-11-23T14:30:00+07:00, with its zone."),
        "string_too_long": _("Keep it to %(limit)s characters.", limit=about.get("max_length")),
        "literal_error": _("Choose one of: %(list)s.", list=_listed(about.get("expected", ""))),
        "greater_than_equal": _("The smallest that is taken is %(limit)s.", limit=about.get("ge")),
        "less_than_equal": _("The largest that is taken is %(limit)s.", limit=about.get("le")),
    }
    return messages.get(kind) or _("This does not fit.")


def _listed(expected: str) -> str:
    """The values pydantic names (`'a', 'b' or 'c'`) without its English."""
    return ", ".join(re.findall(r"'([^']*)'", expected)) or expected
