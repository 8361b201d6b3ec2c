"""Too many calls of one person are refused for a while; nobody else notices."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from policyforum.api import limits
from tests.api.program import City, refused, told

pytestmark = pytest.mark.one_engine


def test_past_the_limit_one_is_told_when_to_go_on(city: City) -> None:
    ratna, asep = city.program("ratna", "drafter"), city.program("asep", "drafter")
    with time_machine.travel(datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC), tick=False):
        for number in range(limits.MOST_WRITES):
            answer = ratna.put("/policies/none/draft", {})
            assert answer.status_code == 422, number
        answer = ratna.put("/policies/none/draft", {})
        refused(answer, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 61
        assert told(ratna.get("/me"))["name"] == "Ratna"
        assert asep.put("/policies/none/draft", {}).status_code == 422
    assert limits.MOST_WRITES >= 600
    with time_machine.travel(datetime(2026, 11, 23, 8, 1, 2, tzinfo=UTC), tick=False):
        assert ratna.put("/policies/none/draft", {}).status_code == 422
