"""Forms of the drafter's desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from policyforum.drafting.incoming import from_bytes
from policyforum.drafting.services import LONGEST_NOTE, PublishData
from policyforum.organisation.models import Unit
from policyforum.policies.forms import KIND_CHOICES, VISIBILITY_CHOICES, RoundForm
from policyforum.policies.services import LONGEST_SUMMARY, LONGEST_TITLE, PolicyData
from policyforum.web.forms import (
    Form,
    LineField,
    MenuField,
    RadiosField,
    WordsField,
    options,
    with_lf,
)

AS_RECOGNISED, NEW_SECTION, OTHER = "recognised", "new", "other"
"""Choices of where a section comes from that are no section's key, which has 20 characters."""

Choices = Sequence[tuple[str, str]]


class SourceFileField(FileField):
    """A Markdown or plain text file; `text()` is what it holds, None when none was chosen."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": ".md,.markdown,.txt,text/*"}, **kwargs)

    def text(self) -> str | None:
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            return None
        self.data.stream.seek(0)
        return from_bytes(self.data.stream.read())


class YesField(BooleanField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)


class SourceField(TextAreaField):
    """The Markdown of a policy, as the browser sends it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)


class NewPolicyForm(Form):
    title = LineField(_l("Title"), longest=LONGEST_TITLE)
    kind = MenuField(_l("Kind of text"), choices=KIND_CHOICES)
    unit = MenuField(_l("Initiating unit"), choices=[])
    visibility = RadiosField(
        _l("Who may read it once it is published"), choices=VISIBILITY_CHOICES, default="public"
    )
    summary = WordsField(_l("In short"), longest=LONGEST_SUMMARY, compulsory=False)
    file = SourceFileField(_l("Markdown file"))
    source = SourceField(_l("Text"), filters=[with_lf])

    def offer_units(self, units: Sequence[Unit], *, city: str | None, own: int | None) -> None:
        """Fill the menu; `city`: what the city as a whole is called, if it may be chosen.

        `own`: the id of the unit the drafter works in, which is chosen until they choose.
        """
        whole = [("", city)] if city else []
        self.unit.choices = options([*whole, *((unit.public_id, unit.name) for unit in units)])
        if not self.is_submitted():
            self.unit.data = next((unit.public_id for unit in units if unit.id == own), "")

    def to_data(self, units: Sequence[Unit]) -> PolicyData:
        ids = {unit.public_id: unit.id for unit in units}
        return PolicyData(
            title=self.title.data or "",
            kind=self.kind.data or "",
            visibility=self.visibility.data or "",
            summary=self.summary.data or "",
            unit_id=ids.get(self.unit.data),
            is_citywide=not self.unit.data,
        )

    def text(self) -> str:
        """The chosen file's text, else what was pasted."""
        uploaded = self.file.text()
        return (self.source.data or "") if uploaded is None else uploaded


class DraftForm(Form):
    """The working text, and the version it was written on."""

    source = SourceField(_l("Text of the draft"))
    version = HiddenField()


class ReplaceForm(Form):
    """A file that takes the place of the whole draft."""

    file = SourceFileField(_l("Markdown file"))
    version = HiddenField()


class PublishForm(RoundForm):
    """What is said with a new revision, and the round that begins with it if one is wanted."""

    change_note = WordsField(_l("What changes, and why"), longest=LONGEST_NOTE)
    draft_version = HiddenField()
    with_round = YesField(_l("Open a consultation round on this revision"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.with_round.data:
            return valid
        for field in (self.opens, self.opens_at, self.closes_at, self.audience):
            field.errors = []  # what is not asked for is not held against them
        return not self.errors

    def to_publish(self) -> PublishData:
        return PublishData(
            change_note=self.change_note.data or "",
            draft_version=version_of(self.draft_version),
        )


class OriginForm(Form):
    """Which earlier section one of the draft's continues; `other` counts with the choice OTHER."""

    origin = RadiosField(_l("It continues"), choices=[])
    other = MenuField(_l("Another section"), choices=[], default="")
    version = HiddenField()

    def offer(self, choices: Choices, others: Choices, now: str) -> None:
        """The choices, each a value and its words; `now` is the one in force."""
        self.origin.choices = options(choices)
        self.other.choices = options([("", _l("Choose a section")), *others])
        if not self.is_submitted():
            self.origin.data = now

    def validate_other(self, field: MenuField) -> None:
        if self.origin.data == OTHER and not field.data:
            raise ValidationError(_("Choose the section that it continues."))

    @property
    def key(self) -> str | None:
        """The earlier key, "" for a new section; None for what is recognised."""
        value: str = self.other.data if self.origin.data == OTHER else self.origin.data
        return None if value == AS_RECOGNISED else "" if value == NEW_SECTION else value


def version_of(field: HiddenField) -> int:
    """The version number in a hidden field; 0, which no draft has, for anything else."""
    value = str(field.data or "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0
