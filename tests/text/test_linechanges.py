"""Changed lines are those git finds, also where lines repeat."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.linechanges import Change, changed_lines

GIT = ("git", "diff", "--no-index", "--no-indent-heuristic", "--diff-algorithm=myers", "-U0")
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)

few_kinds_of_lines = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=40)


@given(few_kinds_of_lines, few_kinds_of_lines)
def test_the_changes_turn_one_text_into_the_other(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    at = 0
    for change in changed_lines(old, new):
        made += old[at : change.start] + new[change.low : change.high]
        at = change.end
    assert made + old[at:] == new


def test_equal_texts_have_none() -> None:
    assert changed_lines([], []) == changed_lines(["a", "a"], ["a", "a"]) == []


def test_of_equal_lines_the_last_counts_as_added() -> None:
    assert changed_lines(["a", "", "b"], ["a", "", "", "b"]) == [Change(2, 2, 2, 3)]


def test_texts_far_apart_are_compared_as_well() -> None:
    rng = Random(1)
    old = [str(rng.randrange(400)) for _ in range(2000)]
    new = rng.sample(old, 2000)
    changes = changed_lines(old, new)
    assert 10 < sum(change.end - change.start for change in changes) < 2000


def test_agrees_with_git_where_lines_repeat(tmp_path: Path) -> None:
    rng = Random(3)
    for _ in range(60):
        kinds = "abcdefghijklmnopqrst"[: rng.choice([2, 4, 20])]
        old = [f"{rng.choice(kinds)}\n" for _ in range(rng.choice([6, 30, 200]))]
        new = changed(old, rng, kinds)
        assert changed_lines(old, new) == git_changes(tmp_path, old, new)


def changed(lines: list[str], rng: Random, kinds: str) -> list[str]:
    """The lines with some removed, added and moved."""
    done = list(lines)
    for _ in range(rng.randrange(1, 2 + len(lines) // 4)):
        what = rng.randrange(3)
        if what != 1 and done:
            taken = done.pop(rng.randrange(len(done)))
        if what:
            line = taken if what == 2 else f"{rng.choice(kinds)}\n"
            done.insert(rng.randrange(len(done) + 1), line)
    return done


def git_changes(folder: Path, old: list[str], new: list[str]) -> list[Change]:
    """What `git diff` says changed."""
    (folder / "old").write_text("".join(old), "utf-8")
    (folder / "new").write_text("".join(new), "utf-8")
    told = subprocess.run(
        [*GIT, "old", "new"], cwd=folder, capture_output=True, text=True, check=False
    )
    found: list[Change] = []
    for hunk in HUNK.finditer(told.stdout):
        (start, gone), (low, came) = ((int(hunk[at]), int(hunk[at + 1] or 1)) for at in (1, 3))
        start, low = start - bool(gone), low - bool(came)  # an empty side names the line before
        found.append(Change(start, start + gone, low, low + came))
    return found
