"""Key figures of the work itself: officers, their training, and reporting sites."""

from operations.catalogue.definition import CountFigure, Definition, PeakFigure, SitesHeard
from operations.catalogue.kpis.numbering import numbered
from operations.catalogue.line_selection import LineSelection
from operations.core.vocabulary import Level, LineKind


class WorkKpis:
    """The figures of this group, by number."""

    OFFICERS = numbered("K33")
    OFFICER_DAYS = numbered("M03")
    TRAINED = numbered("K57")
    COVERAGE = numbered("K31")


DECLARED = (
    Definition(
        WorkKpis.OFFICERS,
        "Officers deployed",
        "officers",
        "The most officers on one day, for each site and agency, added up over sites and agencies.",
        "The officers of several days are never added up. How many worked, not how well.",
        "S25 S73",
        PeakFigure(LineSelection(LineKind.OFFICERS, where={"unit": {"officer"}}), by="agency"),
        reported=True,
        quote="At most so many officers worked on one day, site by site.",
        misquote="So many different officers took part.",
    ),
    Definition(
        WorkKpis.OFFICER_DAYS,
        "Days of officers",
        "days",
        "Sum of days that officers worked.",
        "How much was worked, not how well. Officers are another figure.",
        "S25 S73",
        CountFigure(LineSelection(LineKind.OFFICERS, where={"unit": {"officer_day"}})),
        reported=True,
        quote="Officers worked so many days in all.",
        misquote="So many officers took part.",
    ),
    Definition(
        WorkKpis.TRAINED,
        "Training passes",
        "passes",
        "Sum of passes in trainings.",
        "The same officer in three courses has three passes. Training shows the officers, each once.",
        "S01 S05",
        CountFigure(LineSelection(LineKind.TRAINEES)),
        reported=True,
        split=("topic", "CL-TOPIC"),
        quote="Courses were passed so many times.",
        misquote="So many officers are trained.",
    ),
    Definition(
        WorkKpis.COVERAGE,
        "Coverage",
        "%",
        "Sites with a report in the last 24 hours, divided by sites planned.",
        "A nil report counts as reporting: silence does not.",
        "S104",
        SitesHeard("{part} of {whole} sites"),
        aim=True,
        level=Level.V1,
        quote="This share of the planned sites reported in the last 24 hours.",
        misquote="This share of the border is watched.",
    ),
)
