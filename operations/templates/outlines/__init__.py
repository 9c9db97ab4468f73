"""OPLAN outlines: the initial texts of an operational plan's sections, by kind of operation.

They are files beside this one: texts common to all kinds, and those of each kind, to be edited before use. A template
stores its own once somebody has changed it.
"""

import tomllib
from functools import cache
from pathlib import Path

from operations.core.vocabulary import OperationType

_HERE = Path(__file__).parent


@cache
def outline(kind: OperationType) -> dict[str, str]:
    """Return the text of each section, by its code in CL-OPLAN; blanks to fill in are in [brackets]."""
    found = _read("common") | _read(kind.value)
    return {section: text.strip() for section, text in found.items()}


def _read(name: str) -> dict[str, str]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
