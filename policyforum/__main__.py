"""`python -m policyforum` is the command `policyforum`."""

from __future__ import annotations

from policyforum.cli import main

if __name__ == "__main__":
    main()
