"""Handling codes: what the source of a piece of information lets others do with it (CL-HANDL).

H0 is for police use and H1 not for court without leave: both are passed on, with their code beside them. H2 and H3 may
only be passed on by their owner, and do not leave Muster.
"""

from typing import Annotated

from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList

HELD = ("h2", "h3")
Handling = Annotated[
    str,
    InList("CL-HANDL"),
    Label(N_("Handling"), N_("H2 and H3: nobody but whose it is passes it on, and it is in no export.")),
]


def may_leave(code: str) -> bool:
    """Whether information with this code may be passed on by others than its owner, and leave Muster."""
    return code not in HELD


def refuse_held(code: str, template: str) -> None:
    """Raise RuleBroken with a sentence on {handling} if the code forbids passing on."""
    if not may_leave(code):
        raise RuleBroken("handling", template, handling=code.upper())
