"""OPLAN outlines: the initial texts of an operational plan's sections, by kind of operation.

They are files beside this one: texts common to all kinds, and those of each kind, to be edited before use. The folder
of a language holds the same files in that language; a section that it lacks is English. A template stores its own texts
once somebody has changed them.
"""

import tomllib
from functools import cache
from pathlib import Path

from operations.core.languages import ENGLISH
from operations.core.vocabulary import OperationType

_HERE = Path(__file__).parent


@cache
def outline(kind: OperationType, locale: str = ENGLISH) -> dict[str, str]:
    """Return the text of each section, by its code in CL-OPLAN; blanks to fill in are in [brackets]."""
    found = _read("common", locale) | _read(kind.value, locale)
    return {section: text.strip() for section, text in found.items()}


def _read(name: str, locale: str) -> dict[str, str]:
    english = tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
    path = _HERE / locale / f"{name}.toml"
    return english | (tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {})
