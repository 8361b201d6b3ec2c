"""All trials of people at once and of the record, in the order of the list."""

from __future__ import annotations

from trials.record.clocks import CLOCKS
from trials.record.drafting import DRAFTING
from trials.record.judging import JUDGING
from trials.record.mailing import MAILING
from trials.record.moving import MOVING
from trials.record.sending import SENDING
from trials.record.tampering import TAMPERING
from trials.record.telling import TELLING

RECORD = (*DRAFTING, *MOVING, *SENDING, *CLOCKS, *MAILING, *TAMPERING, *TELLING, *JUDGING)
