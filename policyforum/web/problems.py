"""The refusals a service may raise, each with words for the person and a code for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):  # noqa: N818  (a refusal, named as people read it)
    """Something was refused. `title` is short and translated; `detail` says what to do.

    `extra` holds more members for the API's answer (e.g. `current`, `missing`).
    """

    status = 400

    def __init__(self, detail: str, *, title: str = "", extra: Mapping[str, Any] | None = None):
        super().__init__(detail)
        self.title = title
        self.detail = detail
        self.extra = dict(extra or {})


class Invalid(Problem):
    """A field holds something that can't be taken: {field: [message, …]}."""

    status = 422

    def __init__(self, errors: Mapping[str, list[str]], *, title: str = "") -> None:
        first = next(iter(errors.values()))[0]
        super().__init__(first, title=title, extra={"errors": dict(errors)})
        self.errors = dict(errors)


class Unmet(Problem):
    """A gate is shut; `missing` lists what is wanting."""

    status = 422

    def __init__(self, detail: str, missing: list[Any]) -> None:
        super().__init__(detail, extra={"missing": missing})
        self.missing = missing


class Conflict(Problem):
    """Things stand otherwise than the sender took them to. The title says how they stand."""

    status = 409

    def __init__(self, title: str, detail: str, *, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail, title=title, extra=extra)


class Stale(Conflict):
    """What was sent goes on from something that is no longer the latest."""


class Closed(Conflict):
    """What was sent comes too late or too early: a round, a discussion, a policy is shut."""


class Forbidden(Problem):
    """They may see it but not do this."""

    status = 403


class NotFound(Problem):
    """It is not there, or not for them to see: the answer is the same."""

    status = 404

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)


class TooMany(Problem):
    """Too many tries; `retry_after` in seconds."""

    status = 429

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
