"""F26: what a spreadsheet would take for a formula, in every cell of the exported matrix."""

from __future__ import annotations

import csv
import io
from itertools import product
from unittest.mock import patch

from flask import Flask

from policyforum.consolidation.matrix import Contribution, MatrixRow
from policyforum.exports import matrix
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LEADS = ("", " ", "   ", "\t", "\u00a0", "\ufeff", "\u200b", "\u3000", "\x0b", "\u200b \u00a0")
FORMULA = '1+cmd|"/C calc"!A0'


def prefixes() -> list[str]:
    return list(dict.fromkeys(lead + start for lead, start in product(LEADS, STARTS)))


def starts_a_formula(cell: str) -> bool:
    """Whether a spreadsheet may evaluate it: judged by what is left when it has trimmed the cell.

    Blanks, marks of no width and control characters are dropped by one program or another.
    """
    return (
        cell.strip()
        .strip("\ufeff\u200b \t\r\n\x0b\u00a0\u3000")
        .startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    )


def cells(app: Flask) -> list[str]:
    """The cells of matrices every text of which begins so."""
    read = []
    with app.test_request_context():
        for prefix in prefixes():
            text = matrix.to_csv([_row(prefix + FORMULA)]).removeprefix(matrix.BOM)
            _head, row = csv.reader(io.StringIO(text, newline=""))
            read += row
    return read


def _row(words: str) -> MatrixRow:
    contribution = Contribution(
        "c", 1, words, words, words, "proposal", "oppose", words, words, 0, 0
    )
    return MatrixRow(
        number=1,
        item_id="i",
        summary=words,
        section_key="k",
        section_label=words,
        text_before=words,
        contributions=(contribution,),
        reason=words,
        answer=words,
        answer_html="",
        outcome="accepted",
        decided_at=None,
        decided_by="",
        text_after=words,
        changes=(),
        path="",
    )


def run(full: bool) -> Outcome:
    with forum() as place:
        read = cells(place.app)
    formulas = [cell for cell in read if starts_a_formula(cell)]
    return Outcome(
        f"{len(prefixes())} prefixes, {len(read)} cells read back, {len(formulas)} formulas"
        + "".join(f"; {cell!r}" for cell in formulas[:2]),
        not formulas,
    )


def broken(full: bool) -> Outcome:
    """Cells are written as they are."""
    with patch.object(matrix, "_safe", list):
        return run(full)


TRIAL = Trial(
    name="F26",
    what="beginnings of formulas, also behind blanks and marks of no width, in every text of the"
    " matrix as CSV",
    goal="0 cells a spreadsheet evaluates",
    run=run,
    breaks="cells written as they are",
    broken=broken,
)
