"""Sentences for serious incidents, only for readers who may know of them: codes, never content."""

from dashboard.telling.names import coded, number_of
from dashboard.telling.sentence_rows import row, steps
from dashboard.wording import N_
from operations.incidents.rows import LIFE

INCIDENTS = {
    "incident.report": row(
        "urgent", N_("A serious incident was reported ({category})."), category=coded("CL-INCIDENT", "category")
    ),
    **steps(LIFE, N_("A serious incident went from {before} to {after}.")),
    "incident.write": row(
        "notebook", N_("Something was written into the file of a serious incident: {about}, version {number}."),
        about=coded("CL-INCIDENTABOUT", "about"), number=number_of("version"),
    ),
    "incident.hand_over": row("switch-horizontal", N_("A serious incident was handed to another handler.")),
    "incident.take_over": row("switch-horizontal", N_("A serious incident was taken over by another handler.")),
    "incident.grant": row(
        "key", N_("Somebody may read the file of a serious incident, for days: {number}."), number=number_of("days")
    ),
    "incident.erase": row(
        "eraser", N_("The content of a serious incident was erased when its country left. Versions: {number}."),
        number=number_of("versions"),
    ),
    "incident.restrict": row("lock", N_("{country}: serious incidents that its people report were restricted.")),
    "incident.lift": row("lock-open", N_("{country}: the restriction of its serious incidents was lifted.")),
}  # fmt: skip
