"""Forms for contributing, replying, moderating and placing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import StopValidation

from policyforum.commenting.gates import LONGEST_COMMENT
from policyforum.commenting.moderation import LONGEST_REASON
from policyforum.commenting.opening import LONGEST_SUGGESTION, ThreadData
from policyforum.commenting.passages import LONGEST_QUOTE, QuoteData
from policyforum.commenting.planning import PlanData
from policyforum.web.forms import Form, MenuField, RadiosField, WordsField, options

KIND_CHOICES = [
    ("concern", _l("Concern or remark")),
    ("question", _l("Question")),
    ("proposal", _l("Proposal")),
    ("support", _l("Support")),
    ("objection", _l("Objection")),
]
STANCE_CHOICES = [
    ("support", _l("I support it")),
    ("neutral", _l("Neither")),
    ("oppose", _l("I object")),
]


class ThreadForm(Form):
    """A new contribution. The hidden fields are filled by scripts, or by the address."""

    section = HiddenField()
    exact = HiddenField()
    prefix = HiddenField()
    suffix = HiddenField()
    start = HiddenField()
    body = WordsField(_l("Your contribution"), longest=LONGEST_COMMENT)
    replacement = WordsField(
        _l("Wording you propose instead"), longest=LONGEST_SUGGESTION, compulsory=False
    )
    kind = RadiosField(_l("What it is"), choices=KIND_CHOICES, default="concern")
    stance = RadiosField(_l("Where you stand"), choices=STANCE_CHOICES, default="neutral")

    def to_data(self) -> ThreadData:
        return ThreadData(
            section_key=self.section.data or None,
            body=self.body.data or "",
            quote=self._quote(),
            kind=self._kind(),
            stance=self._stance(),
            suggestion=self._suggestion(),
        )

    def _kind(self) -> str | None:
        """None, to be told, when a wording is proposed and the kind was left as it was."""
        left = self.kind.data == self.kind.default and self._suggestion() is not None
        return None if left else self.kind.data

    def _stance(self) -> str | None:
        """None, to be told from the kind, when a support or objection was left as neutral."""
        left = self.stance.data == "neutral" and self.kind.data in ("support", "objection")
        return None if left else self.stance.data

    def _quote(self) -> QuoteData | None:
        exact = (self.exact.data or "").strip()
        if not exact:
            return None
        start = self.start.data or ""
        return QuoteData(
            exact,
            self.prefix.data or "",
            self.suffix.data or "",
            int(start) if start.isascii() and start.isdigit() and len(start) < 10 else None,
        )

    def _suggestion(self) -> str | None:
        """None when nothing is proposed: left empty, or left as it was."""
        proposed = self.replacement.data or ""
        unchanged = proposed.split() == (self.exact.data or "").split()
        return None if unchanged or not proposed.strip() else proposed


class ReplyForm(Form):
    parent = HiddenField()
    body = WordsField(_l("Your reply"), longest=LONGEST_COMMENT)


class EditForm(Form):
    body = WordsField(_l("Your words"), longest=LONGEST_COMMENT)


class ReasonForm(Form):
    reason = WordsField(_l("Reason"), longest=LONGEST_REASON)


class SectionField(MenuField):
    """One of many sections; nothing is chosen until somebody chooses."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[], default="", **kwargs)

    def offer(self, sections: Iterable[tuple[str, str]]) -> None:
        """Sections by value and name."""
        self.choices = options([("", _l("Choose a section")), *sections])

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            raise StopValidation(_("Choose a section."))


class PlaceForm(Form):
    """Where a contribution stands now: a section, and the words in it if they are known."""

    section = SectionField(_l("Section"))
    exact = WordsField(_l("Words it is about"), longest=LONGEST_QUOTE, compulsory=False)


class PlanForm(Form):
    """Where a contribution will stand: a section of the draft by its position, words in it."""

    section = SectionField(_l("Section of the draft"))
    exact = WordsField(_l("Words it is about"), longest=LONGEST_QUOTE, compulsory=False)
    version = HiddenField()

    @property
    def version_seen(self) -> int:
        """The save of the draft that was looked at; 0, which none has, for anything else."""
        value = str(self.version.data or "")
        return int(value) if value.isdecimal() and len(value) < 10 else 0

    def to_data(self) -> PlanData:
        return PlanData(int(self.section.data), (self.exact.data or "").strip())
