"""Breakdowns of figures in words: the names of sides and of their codes."""

from dashboard.wording import N_, _, coded
from operations.core import vocabulary
from operations.core.field_labels import labels_of
from operations.figures.breakdowns import MINOR, PHASE, SITE_KIND
from operations.lines.kinds import KINDS

_SIDES = {
    PHASE: N_("Phase"),
    SITE_KIND: N_("Kind of site"),
    "category": N_("Category"),
    MINOR: N_("Minors"),
    "uam": N_("Unaccompanied minors"),
    "after_hit": N_("After a confirmed hit"),
}
_YES_NO = {"yes": N_("yes"), "no": N_("no")}


def side_words(kind: str, side: str) -> str:
    """Return the name of a side, as the form of this kind of lines labels its field."""
    said = labels_of(KINDS[kind]).get(side) if kind else None
    return _(_SIDES.get(side) or (said.label if said else side))


def code_words(listed: str, code: str) -> str:
    """Return the name of a code of a side; `listed` is its code list, "" where it is of yes and no."""
    if listed and code in vocabulary.code_list(listed):
        return coded(listed, code)
    return _(_YES_NO.get(code, code))
