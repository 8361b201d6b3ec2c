"""The base of every form and the fields they share.

A form knows what was typed and whether it can be taken; what it means is for services. Lengths
count Unicode code points, line ends are LF, and moments are typed in the city's time zone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import flask_babel
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError

from policyforum.web.clock import YEARS, city_zone, in_city
from policyforum.web.kept import fill, hole
from policyforum.web.problems import Problem
from policyforum.web.texts import is_blank, too_long

MINUTES = "%Y-%m-%dT%H:%M"
ONCE = "once"
"""The hole for a form's key, in a page that is kept."""

WTFORMS_MESSAGES = (
    lazy_gettext("Not a valid choice."),
    lazy_gettext("Invalid Choice: could not coerce."),
    lazy_gettext("Not a valid integer value."),
)
"""What WTForms itself says, marked for translation."""


def register(app: Flask) -> None:
    """Let forms stand on pages that are kept: each answer has a key of its own."""
    fill(app, ONCE, new_once_key)


def new_once_key() -> str:
    return secrets.token_urlsafe(15)


class _Translations:
    """WTForms' own messages, from this application's catalogue."""

    def gettext(self, string: str) -> str:
        return str(flask_babel.gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(flask_babel.ngettext(singular, plural, n))


class Form(FlaskForm):
    """Base of all forms. `once` lets a form that creates something be carried out only once.

    `problem`: the refusal a service answered with, if one did (see `pages.perform_once`).
    """

    once = HiddenField(default=lambda: hole(ONCE))
    problem: Problem | None = None

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> _Translations:
            return _Translations()

    def hidden_tag(self, *_fields: Any) -> Markup:
        """The hidden fields, without ids: a page may hold many forms."""
        return Markup("\n").join(
            field(id=False) for field in self if isinstance(field, HiddenField)
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a NUL character is taken in none of them."""
        valid = bool(super().validate(extra_validators))
        for field in self._nul_fields():
            valid = False
            field.errors = [*field.errors, _("The text contains a NUL character. Remove it.")]
        return valid

    def _nul_fields(self) -> Iterator[Field]:
        for field in self:
            values = field.data if isinstance(field.data, list) else [field.data]
            if any(isinstance(value, str) and "\x00" in value for value in values):
                yield field


class LineField(StringField):
    """One line of text without blanks around it. `longest` in code points."""

    def __init__(self, label: Any, *, longest: int, compulsory: bool = True, **kwargs: Any) -> None:
        super().__init__(label, text_rules(longest, compulsory), filters=[_stripped], **kwargs)


class WordsField(TextAreaField):
    """A longer text as typed, with LF at the line ends. `longest` in code points."""

    def __init__(self, label: Any, *, longest: int, compulsory: bool = True, **kwargs: Any) -> None:
        super().__init__(label, text_rules(longest, compulsory), filters=[with_lf], **kwargs)


class MomentField(DateTimeLocalField):
    """Date and time as typed in the city; `data` is aware, in UTC. None when left empty."""

    def __init__(self, label: Any, *, compulsory: bool = True, **kwargs: Any) -> None:
        super().__init__(label, [_given] if compulsory else [], format=MINUTES, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{in_city(self.data):{MINUTES}}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        try:
            local = datetime.fromisoformat(typed)
            at = local.replace(tzinfo=local.tzinfo or city_zone()).astimezone(UTC)
        except (ValueError, OverflowError):
            at = None
        if at is None or at.year not in YEARS:
            raise ValueError(_("This is not a date with a time."))
        self.data = at


class RadiosField(RadioField):
    """One of a few choices, all in view."""

    def __init__(self, label: Any, *, choices: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=options(choices), **kwargs)


class MenuField(SelectField):
    """One of many choices, in a menu."""

    def __init__(self, label: Any, *, choices: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=options(choices), **kwargs)


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """(value, label) pairs as WTForms takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


def text_rules(longest: int, compulsory: bool = True) -> list[Any]:
    """Validators of a text: something in it, and not more than `longest` code points."""

    def written(_form: Any, field: Field) -> None:
        if is_blank(field.data or ""):
            raise StopValidation(_("Please write something here."))

    def short_enough(_form: Any, field: Field) -> None:
        length = len(field.data or "")
        if length > longest:
            raise ValidationError(too_long(length, longest))

    return [written, short_enough] if compulsory else [short_enough]


def _given(_form: Any, field: Field) -> None:
    if field.data is None and not field.process_errors:
        raise StopValidation(_("Please give a date and a time."))


def with_lf(text: str | None) -> str | None:
    """The text with LF where the browser sent CRLF."""
    return text.replace("\r\n", "\n") if text else text


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text
