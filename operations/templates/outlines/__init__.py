"""What the sections of an operational plan begin with, by kind of operation: texts to change, not to sign.

They are kept beside this file: what every kind says, and what each says in its own words. A template keeps its own once
somebody has changed it.
"""

import tomllib
from functools import cache
from pathlib import Path

from operations.core.vocabulary import OperationType

_HERE = Path(__file__).parent


@cache
def outline(kind: OperationType) -> dict[str, str]:
    """The text of each section, by its code in CL-OPLAN; what is to be filled in stands in [brackets]."""
    found = _read("common") | _read(kind.value)
    return {section: text.strip() for section, text in found.items()}


def _read(name: str) -> dict[str, str]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
