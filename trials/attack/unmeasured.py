"""Mutant: the command `policyforum …` without any measure for what is sent to it.

Worker processes are spawned anew, import this module again and are broken alike.
"""

from __future__ import annotations

import sys

from policyforum import app

COMMAND = (sys.executable, "-m", "trials.attack.unmeasured")

if __name__ in ("__main__", "__mp_main__"):
    app.LARGEST_REQUEST = app.LARGEST_FORM = 1 << 40

if __name__ == "__main__":
    from policyforum.cli import main

    main()
