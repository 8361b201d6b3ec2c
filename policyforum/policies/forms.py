"""Forms about policies and their consultation rounds."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from policyforum.policies.rounds import RoundData
from policyforum.policies.services import (
    LONGEST_REASON,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    SettingsData,
)
from policyforum.web.clock import city_zone
from policyforum.web.forms import Form, LineField, MenuField, MomentField, RadiosField, WordsField
from policyforum.web.problems import Invalid

USUAL_DAYS = 14
USUAL_CLOSING_HOUR = 16

KIND_CHOICES = [
    ("perwal", _l("Mayoral regulation")),
    ("perda", _l("City regulation")),
    ("kepwal", _l("Mayoral decree")),
    ("surat-edaran", _l("Circular")),
    ("pedoman", _l("Guideline")),
    ("generic", _l("Another kind of text")),
]
VISIBILITY_CHOICES = [
    ("public", _l("Everyone, also without signing in")),
    ("staff", _l("The city's staff, once they signed in")),
    ("invited", _l("Only people who were invited")),
]
AUDIENCE_CHOICES = [
    ("public", _l("Everyone with an account")),
    ("staff", _l("Staff and associations")),
    ("invited", _l("Only people who were invited")),
]
OPENING_CHOICES = [("now", _l("At once")), ("at", _l("On a day I choose"))]


class SettingsForm(Form):
    title = LineField(_l("Title"), longest=LONGEST_TITLE)
    summary = WordsField(_l("In short"), longest=LONGEST_SUMMARY, compulsory=False)
    visibility = RadiosField(_l("Who may read it once it is published"), choices=VISIBILITY_CHOICES)

    def to_data(self) -> SettingsData:
        return SettingsData(
            self.title.data or "", self.summary.data or "", self.visibility.data or ""
        )


class WithdrawForm(Form):
    reason = WordsField(_l("Why it is withdrawn"), longest=LONGEST_REASON)


class RoundForm(Form):
    """When a round opens and closes, and for whom."""

    opens = RadiosField(_l("Opens"), choices=OPENING_CHOICES, default="now")
    opens_at = MomentField(_l("Opens on"), compulsory=False)
    closes_at = MomentField(_l("Closes on"))
    audience = RadiosField(_l("Who may comment"), choices=AUDIENCE_CHOICES)

    def to_data(self, now: datetime) -> RoundData:
        opens_at = self.opens_at.data if self.opens.data == "at" else None
        return RoundData(opens_at or now, self.closes_at.data or now, self.audience.data or "")


class ChangeRoundForm(Form):
    """Another closing time; the button that closes the round at once sends none."""

    action = MenuField("", choices=[("extend", ""), ("close", "")])
    new_closes_at = MomentField(_l("New closing time"), compulsory=False)

    def closing(self, now: datetime) -> datetime:
        """When the round is to close; `Invalid` when that was left open."""
        if self.action.data == "close":
            return now
        if self.new_closes_at.data is None:
            raise Invalid({"new_closes_at": [_("Please give a date and a time.")]})
        closes_at: datetime = self.new_closes_at.data
        if closes_at <= now:
            raise Invalid({"new_closes_at": [_("The round has to close in the future.")]})
        return closes_at


def usual_closing(now: datetime) -> datetime:
    """Two weeks from today at the end of office hours, in the city."""
    day = (now + timedelta(days=USUAL_DAYS)).astimezone(city_zone())
    return day.replace(hour=USUAL_CLOSING_HOUR, minute=0, second=0, microsecond=0)
