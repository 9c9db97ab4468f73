"""Signs of life of equipment, by kind: what shows that a piece of it works at its post.

A workstation works when somebody asks a database with it; a power supply asks nothing, and works when there is power.
"""

from dataclasses import dataclass

from operations.core.field_labels import N_


@dataclass(frozen=True)
class SignOfLife:
    """A sign of life: the words for the first and the last, and for the form in which its day is told.

    `queries`: it is a query in a database. `hours`: beside the day, its hours are asked for.
    """

    first: str
    last: str
    day: str
    report: str
    queries: bool = False
    hours: bool = False


QUERY = SignOfLife(
    N_("First query"),
    N_("Last query"),
    N_("Day on which a query was made with it"),
    N_("Report the query"),
    queries=True,
)
POWER = SignOfLife(
    N_("First day with power"),
    N_("Last day with power"),
    N_("Day on which it gave power"),
    N_("Report the power"),
    hours=True,
)
PICTURE = SignOfLife(
    N_("First picture"), N_("Last picture"), N_("Day on which it took pictures"), N_("Report the pictures")
)
EXAMINATION = SignOfLife(
    N_("First examination"),
    N_("Last examination"),
    N_("Day on which something was examined with it"),
    N_("Report the examination"),
)
_OTHER = {"power_supply": POWER, "camera": PICTURE, "forensic_device": EXAMINATION}
NO_QUERIES = frozenset(_OTHER)
"""Kinds with which nobody asks a database."""


def sign_of(kind: str) -> SignOfLife:
    """What shows that equipment of a kind (CL-EQUIPMENT) works."""
    return _OTHER.get(kind, QUERY)
