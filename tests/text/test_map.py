"""The map of the package names each of its modules once, and nothing else."""

import re
from pathlib import Path

TEXT = Path(__file__).resolve().parents[2] / "policyforum" / "text"


def test_every_module_is_on_the_map() -> None:
    named = re.findall(r"^\| `(\w+)` \|", (TEXT / "README.md").read_text("utf-8"), re.MULTILINE)
    modules = {path.stem for path in TEXT.glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(modules)
