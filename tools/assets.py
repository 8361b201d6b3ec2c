"""Build static/build/ from static/ and the npm lock file, with whatever Node is at hand.

The machine's own Node serves when it is new enough and brings npm; else the one packed for Python
is installed into this environment.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 18
INSTALLED_LOCK = ROOT / "node_modules" / ".installed-lock.json"


def main() -> int:
    environment = dict(os.environ)
    if not has_node():
        install = [sys.executable, "tools/install.py", "requirements/assets.txt"]
        subprocess.run(install, cwd=ROOT, check=True)
        environment["PATH"] = os.pathsep.join(
            [str(Path(sys.executable).parent), os.environ["PATH"]]
        )
    if not is_installed():
        npm = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(npm, cwd=ROOT, env=environment, check=True)
        shutil.copyfile(ROOT / "package-lock.json", INSTALLED_LOCK)
    return subprocess.run(["node", "tools/assets.mjs"], cwd=ROOT, env=environment).returncode


def has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = answer.stdout.lstrip("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NODE


def is_installed() -> bool:
    """Whether node_modules/ was installed from the lock file as it is now."""
    lock = (ROOT / "package-lock.json").read_bytes()
    return INSTALLED_LOCK.is_file() and INSTALLED_LOCK.read_bytes() == lock


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"The assets could not be built: {error}")
