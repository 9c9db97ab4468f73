"""The build of the wheel: it carries the browser code that set-up fetched, and fails without it, and the documents."""

import os
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

VENDOR = Path("dashboard/assets/vendor")
NEEDED = (
    "00_dayjs.js",
    "later/plotly.js",
    "later/idb.js",
    "icons",
    "fonts",
    "fonts/amiri-regular.ttf",
    "LICENCES.txt",
)
"""Files and folders without which no page of Muster works; `tools/link_browser_code.py` makes them."""


class BuildWithBrowserCode(build_py):
    """Copies the packages, and refuses to do so while the browser code is missing: such a wheel could not serve."""

    def run(self) -> None:
        """Check, then build. An editable install needs nothing: its files are read where they are."""
        missing = [name for name in NEEDED if not (VENDOR / name).exists()]
        if missing and not self.editable_mode:
            raise SystemExit(
                f"{VENDOR} lacks {', '.join(missing)}. Run `make environment` first, then build the wheel."
            )
        super().run()
        if not self.editable_mode:
            shutil.copytree("docs", Path(self.build_lib, "dashboard/docs"), ignore=_unread, dirs_exist_ok=True)


def _unread(folder: str, names: list[str]) -> set[str]:
    """Return what of `docs` the help does not show."""
    return {name for name in names if not (name.endswith((".md", ".png")) or Path(folder, name).is_dir())}


os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # 1980, the first year of a zip: two builds are the same bytes
setup(cmdclass={"build_py": BuildWithBrowserCode})
