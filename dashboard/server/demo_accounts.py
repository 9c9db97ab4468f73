"""The accounts of the demo that one signs in with, and whose each is."""

from dashboard.wording import N_

WHO = (
    ("leader", N_("leadership: the situation of every operation")),
    ("coordinator", N_("operation coordinator: plans on the map")),
    ("officer.mex", N_("officer in Mexico: writes reports")),
    ("lead.mex", N_("team leader in Mexico: verifies them locally")),
    ("coordinator.mex", N_("national coordinator of Mexico: validates them")),
    ("officer.gtm", N_("officer in Guatemala: sees nothing of Mexico")),
    ("analyst", N_("analyst of the coordination unit")),
    ("auditor", N_("auditor: the journal")),
    ("coordinator.ner", N_("national coordinator of Niger: its posts, needs, equipment and officers (Strategy)")),
    ("trainer", N_("training manager: courses and certificates")),
)
