"""Forms of the leader's page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from policyforum.decisions.services import LONGEST_REASON, DecisionData
from policyforum.web.forms import Form, WordsField


class DecisionForm(Form):
    """The two buttons carry the outcome; `revision` is the one the leader has in view."""

    revision = HiddenField()
    outcome = StringField()
    reason = WordsField(_l("Reason or note"), longest=LONGEST_REASON, compulsory=False)

    def to_data(self) -> DecisionData:
        return DecisionData(self.outcome.data or "", self.reason.data or "")

    def number(self, current: int) -> int:
        """The number of the revision in view."""
        typed = str(self.revision.data or "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else current


class RecommendationForm(Form):
    text = WordsField(_l("Recommendation"), longest=LONGEST_REASON)
