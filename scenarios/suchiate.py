"""Suchiate: a small operation beside Turquesa V, for the demo alone: two countries watch the bridges between them.

Guatemala arrests two men on notices in Turquesa V and hands them over in the middle of the bridge; Mexico reports them
here. So two persons are reported in two operations, and whoever analyses both finds it: one claim waits for the
countries, the other for the analyst. All of it is invented.
"""

from datetime import date

from operations.core.vocabulary import OperationState, OperationType
from scenarios import claims
from scenarios.forms import arrests, point, queries
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, Title
from scenarios.story import Story
from scenarios.turquesa_v import FIRST_DAY
from scenarios.turquesa_v_results import ON_NOTICE, on_notice

TITLE = Title(
    name="suchiate",
    title="Bridges of the Suchiate",
    kind=OperationType.BORDER_STOP,
    summary=(
        "Guatemala and Mexico watch the crossings of a border river in the days of Turquesa V. Two persons who were "
        "arrested there are taken over here: each operation counts them, and somebody has to say that they are two."
    ),
    sources=(),
    published=(),
    invented="Invented from the first word to the last: there was no such operation, and no figure of it is real.",
)
_BEGINS, _DAYS = 2, 6
_COUNTRIES = ("GTM", "MEX")
_CHECKS = {"GTM": (402, 395, 420, 377), "MEX": (505, 530, 511, 489)}
_TAKEN_OVER = 3
"""The day on which Mexico takes over both persons."""


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario beside the Turquesa V that begins on `first_day`; its own checks begin two days later."""
    story = Story(TITLE, "America/Guatemala", FIRST_DAY, first_day, compose)
    sides = _plan(story)
    story.move(story.at(_BEGINS, "00:00"), OperationState.ACTIVE)
    for day in range(_BEGINS, _DAYS):
        for where in sides:
            lines = [queries(_CHECKS[where.country][day - _BEGINS])]
            if (where.country, day) == ("MEX", _TAKEN_OVER):
                lines += [
                    arrests(1, offence) | on_notice(story, *asked)
                    for offence, asked in zip(
                        ("migrant_smuggling", "trafficking_in_persons"), ON_NOTICE.values(), strict=True
                    )
                ]
            story.file(where, story.at(day, "00:07"), story.at(day, "11:50"), lines)
    claims.look(story, _TAKEN_OVER, "13:10")
    claims.ask(story, (_TAKEN_OVER, "13:20"), ("GTM", "MEX"))
    story.move(story.at(_DAYS + 2, "09:00"), OperationState.CONSOLIDATION)
    return story.told()


def _plan(story: Story) -> list[StorySite]:
    at = story.at(-20, "09:00")
    story.create(
        at,
        crime_scope=["migrant_smuggling", "trafficking_in_persons"],
        aim="Find forged papers and wanted smugglers at the bridges of the Suchiate.",
        legal_basis="Agreement of both countries.",
        line_kinds=["check_tally", "hit", "arrest"],
        daily_due="20:00",
    )
    story.phase(at, "operational", "Checks at the bridges", story.at(_BEGINS, "00:00"), story.at(_DAYS, "00:00"))
    story.assign(at, "analyst")
    for days, country in enumerate(_COUNTRIES):
        story.invite(story.at(-19, "10:00"), country, story.at(-18 + days, "15:20"))
    sides = [story.site(story.at(-15, "09:30"), "crossing:GTM-MEX-R002", country) for country in _COUNTRIES]
    unit = "Coordination of the bridges, Ciudad Hidalgo"
    story.draw(story.at(-14, "14:00"), "coordination_unit", unit, point(sides[1].lon, sides[1].lat))
    story.man(
        story.at(-14, "15:30"),
        unit,
        [("head", None, 1), ("analyst", None, 1)],
        host_country="MEX",
        zone="America/Mexico_City",
        round_the_clock=True,
    )
    story.approve(story.at(-12, "16:00"), story.at(-10, "10:30"))
    story.open(story.at(-1, "08:00"))
    return sides
