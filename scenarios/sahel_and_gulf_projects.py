"""Reviews of the programme, and the projects that followed. All invented."""

from operations.infrastructure.rows import EquipmentState
from operations.modernisation.project_rows import ProjectState
from operations.modernisation.review_rows import ReviewState
from scenarios.courses import Programme
from scenarios.sahel_and_gulf_places import BAMAKO, KONNI, LOME, NIAMEY, Stations

_E, _P, _R = EquipmentState, ProjectState, ReviewState


def modernise(story: Programme, posts: Stations) -> None:
    """Add a review whose findings became a finished project, one with its country, and a project that is late."""
    findings = story.review(
        posts[NIAMEY],
        29.0,
        _R.CLOSED,
        (
            ("power", "The server stops in each cut of power.", "A battery for four hours.", "at_once", 9_000),
            ("space", "The room has no door that locks.", "A door and a lock.", "half_year", 1_200),
        ),
        "Cuts are announced from now on.",
        "A project is proposed.",
    )
    story.project(
        "NER",
        33.5,
        "Power for the counters of Niamey",
        "Invented: no query is lost in a cut of power.",
        "Donor A",
        _P.FINISHED,
        [f"finding:{each}" for each in findings],
        (
            (33.8, "planned", 10_200, "Invented: offer of the workshop."),
            (36.0, "committed", 10_000, "Invented: order."),
            (40.0, "spent", 9_800, "Invented: invoice."),
        ),
        (("The room is cleared", "country", 37.0, 36.8), ("The batteries are bought", "centre", 39.0, 39.2)),
        came="Invented: no cut of power stopped a query in three months.",
    )
    story.review(
        posts[LOME],
        57.0,
        _R.FOUND,
        (("information_systems", "Backups are kept in the same room.", "A second place.", "half_year", 4_000),),
    )
    story.review(posts[KONNI], 59.4, _R.ASKED)
    late = story.equip(posts[BAMAKO], 57.0, "power_supply", "Donor B", _E.PROCURED)
    story.project(
        "MLI",
        57.2,
        "A second line for Bamako",
        "Invented: two counters ask at once.",
        "Donor B",
        _P.UNDER_WAY,
        [f"equipment:{late}"],
        (
            (57.6, "planned", 25_000, "Invented: budget."),
            (59.0, "committed", 18_000, "Invented: order."),
        ),
        (("The line is ordered", "centre", 59.0, 59.2), ("The rooms are painted", "country", 59.9, 0.0)),
    )
