"""Teams of Turquesa V: on rosters, some requested, deployed and debriefed. All invented."""

from scenarios import assistance
from scenarios.assistance import Crew, StoryNeed
from scenarios.planning import StorySite
from scenarios.story import Story
from scenarios.turquesa_v_results import DAYS

_LYNX = Crew(
    "COL",
    "LINCE 3",
    "frontline",
    ("document_examiner", "biometrics"),
    ("es", "ht"),
    5,
    "Bogotá",
    4.61,
    -74.08,
    "America/Bogota",
)
_QUETZAL = Crew(
    "GTM",
    "QUETZAL 1",
    "joint_debriefing",
    ("debriefing_interview", "interpreter"),
    ("es", "en"),
    4,
    "Guatemala City",
    14.63,
    -90.51,
    "America/Guatemala",
    ready_hours=24,
)
_AGUILA = Crew(
    "MEX",
    "ÁGUILA 7",
    "investigative_support",
    ("money_laundering", "intelligence_analyst"),
    ("es", "en"),
    3,
    "Mexico City",
    19.43,
    -99.13,
    "America/Mexico_City",
)
_CEIBO = Crew(
    "ARG",
    "CEIBO 2",
    "frontline",
    ("document_examiner", "child_protection"),
    ("es", "pt", "zh"),
    6,
    "Buenos Aires",
    -34.61,
    -58.38,
    "America/Argentina/Buenos_Aires",
    ready_hours=36,
)
_TUCAN = Crew(
    "CRI",
    "TUCÁN 4",
    "frontline",
    ("child_protection", "trafficking_in_persons"),
    ("es", "en", "ht"),
    4,
    "San José",
    9.93,
    -84.09,
    "America/Costa_Rica",
    ready_hours=6,
)
_SECOND_LINE, _INTERVIEWS = "Second line of document examination", "Interviews of migrants"
_CHINESE = "Interpreters of Chinese"


def support(story: Story, sites: dict[tuple[str, str], StorySite]) -> None:
    """Add invented teams: one is on site from the eve on, one comes on the second day, one request awaits an offer."""
    panama, mexico = (next(where for where in sites.values() if where.country == code) for code in ("PAN", "MEX"))
    ecuador = next(where for where in sites.values() if where.country == "ECU")
    for k, crew in enumerate((_LYNX, _QUETZAL, _AGUILA, _CEIBO, _TUCAN)):
        assistance.add_to_roster(story, story.at(-35, "10:00") if k else story.at(-35, "09:00"), crew)
    assistance.record_absence(
        story, story.at(-34, "09:00"), _AGUILA, "training", story.at(-1, "00:00"), story.at(3, "00:00")
    )
    eve, last = story.at(-1, "06:00"), story.at(DAYS + 2, "18:00")
    relief = story.at(4, "06:00")
    second = [StoryNeed("document_examiner", ("es",), starts, last, team_kind="frontline") for starts in (eve, relief)]
    assistance.ask(story, story.at(-3, "08:00"), _SECOND_LINE, panama, second, "urgent")
    assistance.offer(story, story.at(-3, "11:00"), _LYNX, _SECOND_LINE, 0, (eve, last))
    assistance.send(
        story,
        story.at(-3, "15:00"),
        _LYNX,
        _SECOND_LINE,
        0,
        "Second line at the transfer desk.",
        every=24,
    )
    assistance.report(story, story.at(-2, "16:00"), _LYNX, _SECOND_LINE, 0, "leave_base")
    assistance.report(story, story.at(-1, "07:30"), _LYNX, _SECOND_LINE, 0, "arrive")
    for day in range(DAYS + 3):
        for wall in ("06:40", "18:20")[: 2 if day < DAYS + 2 else 1]:
            assistance.report(story, story.at(day, wall), _LYNX, _SECOND_LINE, 0, "check_in")
    assistance.report(
        story,
        story.at(2, "21:10"),
        _LYNX,
        _SECOND_LINE,
        0,
        "hand_over",
        "The second document reader stands at gate 14; its charger is with the shift leader of the airport.",
    )
    assistance.offer(story, story.at(3, "14:20"), _CEIBO, _SECOND_LINE, 1, (relief, last))
    begins, ends = story.at(1, "12:00"), story.at(DAYS + 1, "12:00")
    assistance.ask(
        story,
        story.at(-1, "10:00"),
        _INTERVIEWS,
        mexico,
        [
            StoryNeed("debriefing_interview", ("es",), begins, ends),
            StoryNeed("child_protection", ("es", "ht"), relief, ends),
        ],
        by="coordinator.mex",
    )
    assistance.offer(story, story.at(-1, "15:30"), _QUETZAL, _INTERVIEWS, 0, (begins, ends))
    assistance.send(
        story, story.at(-1, "17:00"), _QUETZAL, _INTERVIEWS, 0, "Voluntary interviews about routes and fees.", every=12
    )
    assistance.report(story, story.at(0, "20:00"), _QUETZAL, _INTERVIEWS, 0, "leave_base")
    assistance.report(story, story.at(1, "11:15"), _QUETZAL, _INTERVIEWS, 0, "arrive")
    nights, mornings = (
        ((1, "22:50"), (2, "22:10"), (3, "21:20"), (4, "20:10"), (5, "18:50")),
        (
            (2, "10:30"),
            (3, "09:45"),
            (4, "08:50"),
            (5, "07:40"),
            (6, "06:30"),
        ),
    )
    for day, wall in (*nights, *mornings):
        assistance.report(story, story.at(day, wall), _QUETZAL, _INTERVIEWS, 0, "check_in")
    learnt = "Interviews need a quiet room at every transit point, and one interpreter more at night."
    for crew, title, day in ((_QUETZAL, _INTERVIEWS, DAYS + 1), (_LYNX, _SECOND_LINE, DAYS + 2)):
        assistance.report(story, story.at(day, "17:00"), crew, title, 0, "leave_site")
        assistance.report(story, story.at(day + 1, "15:00"), crew, title, 0, "debrief", learnt)
    assistance.offer(story, story.at(3, "13:10"), _TUCAN, _INTERVIEWS, 1, (relief, ends))
    assistance.ask(
        story,
        story.at(3, "07:50"),
        _CHINESE,
        ecuador,
        [StoryNeed("interpreter", ("zh", "es"), story.at(4, "06:00"), story.at(DAYS + 2, "18:00"))],
        "immediate",
    )
