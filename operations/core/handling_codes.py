"""Handling codes: what whoever gave a piece of information lets be done with it (CL-HANDL).

H0 is for police use and H1 for no court without leave: both are passed on, with their code beside them. What is H2 or
H3 is passed on by whose it is and by nobody else, and does not leave Muster.
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


def goes_out(code: str) -> bool:
    """Whether what carries this code may be passed on by others than whose it is, and leave Muster."""
    return code not in HELD


def refuse_held(code: str, template: str) -> None:
    """Raise RuleBroken with a sentence on {handling} where the code does not let something be passed on."""
    if not goes_out(code):
        raise RuleBroken("handling", template, handling=code.upper())
