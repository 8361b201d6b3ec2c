"""Install one hashed lock file into the environment this runs in: with uv, else with pip.

uv is several times quicker, but reads none of pip's settings (index, certificates).
"""

import os
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
UV = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: install.py LOCKFILE", file=sys.stderr)
        return 2
    hashed = ["--require-hashes", "-r", arguments[0]]
    # uv would otherwise fetch an interpreter of its own when it dislikes ours.
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for attempt in (
        [[*PIP, "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")], [*UV, *hashed]],
        [[*PIP, *hashed]],
    ):
        if all(subprocess.run(command, env=environment).returncode == 0 for command in attempt):
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
