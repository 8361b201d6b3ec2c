"""What the wheel carries besides the code.

In a clone these folders lie at the top level; an installed application finds them under
`policyforum/_bundle/`. An editable installation uses the clone's own.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("templates", "static", "migrations", "translations")
BUILT = "static/build/manifest.json"


class BundleHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "standard":
            return
        root = Path(self.root)
        if not (root / BUILT).is_file():
            raise FileNotFoundError(f"{BUILT} is missing: run `make assets` first")
        for folder in FOLDERS:
            if (root / folder).is_dir():
                build_data["force_include"][folder] = f"policyforum/_bundle/{folder}"
