"""Mutant: the command `policyforum …` without any measure for what is sent to it.

Worker processes are spawned anew, import this module again and are broken alike.
"""

from __future__ import annotations

import sys

from policyforum.web import measures

COMMAND = (sys.executable, "-m", "trials.attack.unmeasured")

if __name__ in ("__main__", "__mp_main__"):
    measures.LARGEST_REQUEST = measures.LARGEST_TEXT = measures.LARGEST_FORM = 1 << 40
    measures.MOST_FIELDS = 1 << 40

if __name__ == "__main__":
    from policyforum.cli import main

    main()
