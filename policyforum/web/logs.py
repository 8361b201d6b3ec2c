"""What the program writes about itself: one line an event, as text or as JSON.

Tracebacks come without the values of variables, which may be passwords or somebody's words.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor


def configure(log_format: str) -> None:
    """Write to stderr in this format (`text` or `json`)."""
    if log_format == "json":
        without_values = ExceptionDictTransformer(show_locals=False)
        last: list[Processor] = [
            structlog.processors.ExceptionRenderer(without_values),
            structlog.processors.JSONRenderer(),
        ]
    else:
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Stderr())),
        cache_logger_on_first_use=False,
    )


class _Stderr:
    """stderr; a line that can't be written, as on a full disk, must not fail what it tells of."""

    def write(self, words: str) -> None:
        with suppress(OSError):
            sys.stderr.write(words)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()
