"""Forms of the worksheet."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from policyforum.consolidation.gathering import LONGEST_SUMMARY, FeedbackData
from policyforum.consolidation.matter import Matter
from policyforum.consolidation.outcomes import OUTCOME_WORDS
from policyforum.consolidation.services import LONGEST_REASON, DispositionData
from policyforum.web.forms import Form, LineField, MenuField, RadiosField, WordsField


class PickField(SelectMultipleField):
    """Public ids of threads; whether they can be taken is for the service to say."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)


class GatherForm(Form):
    """Several contributions picked in the list, to be answered together."""

    threads = PickField(_l("Contributions"))
    summary = LineField(_l("What they have in common"), longest=LONGEST_SUMMARY)

    def to_data(self, revision: int) -> FeedbackData:
        return FeedbackData(revision, self.summary.data or "", self.threads.data or ())


class DisposeForm(Form):
    """What is done with a contribution or the item it is in, and what its authors are told."""

    outcome = RadiosField(_l("Disposition"), choices=list(OUTCOME_WORDS.items()))
    reason = WordsField(_l("Reason"), longest=LONGEST_REASON, compulsory=False)
    wording = WordsField(_l("Resulting wording"), longest=LONGEST_REASON, compulsory=False)
    response = WordsField(
        _l("Answer to the contributors"), longest=LONGEST_REASON, compulsory=False
    )
    summary = LineField(_l("Summary for the matrix"), longest=LONGEST_SUMMARY)
    similar = PickField(_l("Answer these with it"))
    seen = HiddenField()

    def validate(self, extra_validators: object = None) -> bool:
        """A reason is compulsory unless everything is accepted."""
        valid = super().validate(extra_validators)
        if self.outcome.data != "accepted" and not (self.reason.data or "").strip():
            message = _("Give the reason. Only what is accepted in full needs none.")
            self.reason.errors = [*self.reason.errors, message]
            return False
        return valid

    def prefill(self, matter: Matter) -> None:
        """Show what was decided before, or what suggests itself."""
        latest = matter.disposition
        self.outcome.data = latest.outcome if latest else None
        self.reason.data = latest.reason if latest else ""
        agreed = latest.wording if latest else None
        self.wording.data = agreed if agreed is not None else matter.proposed or ""
        self.response.data = matter.answer.body if matter.answer else ""
        self.summary.data = matter.summary
        self.seen.data = str(len(matter.dispositions))

    def to_data(self, matter: Matter) -> DispositionData:
        """Wording left as it was proposed is not repeated; wording taken out goes nowhere."""
        proposed, typed = matter.proposed, (self.wording.data or "").strip()
        alone = not matter.companions and not self.similar.data
        outright = alone and (proposed is None or self.outcome.data == "accepted")
        as_proposed = typed == (proposed or "").strip() and (outright or proposed == "")
        return DispositionData(
            outcome=self.outcome.data or "",
            reason=self.reason.data or "",
            response=self.response.data or "",
            wording=None if as_proposed else typed,
            summary=self.summary.data or "",
        )

    def to_feedback(self, matter: Matter) -> FeedbackData:
        """The item to make of it and the similar ones picked."""
        threads = (matter.thread.id, *(self.similar.data or ()))
        return FeedbackData(matter.thread.revision, self.summary.data or "", threads)

    def known(self) -> int:
        """How many dispositions the page showed."""
        seen = str(self.seen.data or "")
        return int(seen) if seen.isdecimal() else 0


class LinkForm(Form):
    """A section of a later revision that an item changed."""

    section = MenuField(_l("Section it changed"), choices=[])
