"""What an item is called in one line: what suggests itself, and when it is no longer shown."""

from __future__ import annotations

from collections.abc import Sequence

from policyforum.consolidation.gathered import Gathered
from policyforum.text.visible import pieces


def summary_shown(summary: str, gathered: Sequence[Gathered]) -> str:
    """An item's summary; "" while it repeats words that are gone, and none that stand.

    What suggests itself as a summary is how a contribution begins.
    """
    if not any(entry.is_gone for entry in gathered):
        return summary
    repeated = [entry for entry in gathered if _repeats(summary, entry.opening.body)]
    is_gone = bool(repeated) and all(entry.is_gone for entry in repeated)
    return "" if is_gone else summary


def first_words(text: str, longest: int) -> str:
    """The first sentence, or as many words as fit."""
    line = visible(text)
    sentence = line.split(". ")[0]
    if len(sentence) <= longest:
        return sentence
    return f"{sentence[: longest - 1].rsplit(' ', 1)[0]}…"


def visible(text: str) -> str:
    """Words as a reader sees them, on one line."""
    return _one_line("".join(piece.text for piece in pieces(text)))


def _repeats(summary: str, body: str) -> bool:
    """Whether the summary stands in a text, as it was written or as a reader sees it."""
    said = _one_line(summary).rstrip("…").casefold()
    return said in _one_line(body).casefold() or said in visible(body).casefold()


def _one_line(text: str) -> str:
    return " ".join(text.split())
