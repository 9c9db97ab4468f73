"""Tasks of Turquesa V, from the first list of contact points to the last debrief: all of them invented."""

from scenarios import chores
from scenarios.chores import Chore
from scenarios.planning import StorySite
from scenarios.story import Story

_BRIEFING = ("Who has not reported", "Hits that wait for an answer", "Teams and what they need", "What comes tomorrow")
_COUNTERS = ("Accounts work", "The query device was tried", "Every shift knows whom to call")


def hand_out(story: Story, sites: dict[tuple[str, str], StorySite], last: int) -> None:
    """Create the tasks before the countries meet, by the coordinator. Reports end with the day before `last`."""
    chores.hand_out(story, story.at(-72, "09:00"), _prepared(sites))
    chores.hand_out(story, story.at(-36, "09:00"), [*_running(sites), *_briefings(last), *_ending(last)])


def _prepared(sites: dict[tuple[str, str], StorySite]) -> list[Chore]:
    """Return the tasks due before the first traveller is checked."""
    return [
        Chore(
            "Collect the contact points of all countries",
            "coordinator",
            (-72, "14:00"),
            (-62, "18:00"),
            began=(-71, "09:00"),
            done=(-63, "16:20"),
        ),
        Chore(
            "Agree on transit points with the countries",
            "coordinator",
            (-61, "09:00"),
            (-55, "18:00"),
            began=(-61, "10:10"),
            done=(-55, "12:40"),
            waits=("Collect the contact points of all countries",),
        ),
        Chore(
            "Say which databases each site can query",
            "analyst",
            (-58, "09:00"),
            (-50, "18:00"),
            began=(-57, "09:30"),
            done=(-46, "11:00"),
            note="Late: four countries answered after the date.",
        ),
        Chore(
            "Rooms and lines for the unit in San José",
            "CRI",
            (-54, "08:00"),
            (-41, "18:00"),
            began=(-53, "08:30"),
            done=(-42, "15:10"),
            steps=("Rooms for 12 persons", "Two lines to the network", "Access for visitors", "Power at night"),
        ),
        Chore(
            "Agree on hours of reports and on forms",
            "coordinator",
            (-40, "10:00"),
            (-38, "17:00"),
            began=(-40, "10:30"),
            done=(-38, "15:45"),
            phase="pre_operational",
            waits=("Agree on transit points with the countries",),
        ),
        Chore(
            "Read the operational plan with all team leaders",
            "coordinator",
            (-37, "09:00"),
            (-37, "16:00"),
            done=(-37, "15:30"),
            phase="pre_operational",
            waits=("Agree on hours of reports and on forms",),
        ),
    ]


def _running(sites: dict[tuple[str, str], StorySite]) -> list[Chore]:
    """Return the tasks of countries and unit before and during the checks."""
    return [
        *(
            Chore(
                f"Make the counters ready: {where.name}",
                country,
                (-20, "08:00"),
                (-6, "18:00"),
                began=began,
                done=done,
                site=where,
                steps=_COUNTERS,
                waits=("Read the operational plan with all team leaders",),
            )
            for (ref, country), began, done in (
                (("airport:MPTO", "PAN"), (-19, "09:00"), (-8, "14:00")),
                (("airport:MMUN", "MEX"), (-18, "10:00"), (-9, "11:20")),
                (("airport:SKBO", "COL"), (-15, "08:40"), (-4, "17:50")),
                (("airport:MGGT", "GTM"), (-14, "09:00"), (-7, "16:30")),
            )
            for where in (sites[ref, country],)
        ),
        Chore(
            "Second document reader for the transfer desk",
            "PAN",
            (-5, "08:00"),
            (2, "18:00"),
            began=(-4, "09:00"),
            done=(2, "10:40"),
            stuck=((-2, "12:00"), "The reader is held at customs."),
            site=sites["airport:MPTO", "PAN"],
        ),
        Chore(
            "Compare doubled records of Panama and Costa Rica",
            "analyst",
            (1, "09:00"),
            (3, "18:00"),
            began=(1, "09:20"),
            done=(3, "11:30"),
            phase="operational",
        ),
        Chore(
            "Ask why the port of Willemstad is silent",
            "CUW",
            (1, "08:00"),
            (3, "12:00"),
            began=(2, "14:00"),
            done=(7, "10:00"),
            phase="operational",
        ),
        Chore(
            "Quiet rooms for interviews",
            "MEX",
            (1, "08:00"),
            (4, "20:00"),
            began=(1, "08:30"),
            done=(4, "19:10"),
            phase="operational",
            site=sites["airport:MMUN", "MEX"],
            steps=("A room without a window to the hall", "Water and seats", "A list of interpreters at the door"),
        ),
        Chore(
            "Hand over open hits at the change of shifts",
            "lead.mex",
            (3, "12:00"),
            (4, "21:00"),
            began=(3, "12:10"),
            done=(4, "20:30"),
            phase="operational",
            site=sites["airport:MMUN", "MEX"],
        ),
        Chore(
            "Count the mobile devices of the counter",
            "officer.gtm",
            (3, "14:00"),
            (4, "22:00"),
            done=(4, "21:15"),
            phase="operational",
            site=sites["airport:MGGT", "GTM"],
        ),
        Chore(
            "Find interpreters of Chinese for Quito",
            "ECU",
            (3, "08:00"),
            (5, "18:00"),
            began=(3, "08:20"),
            done=(5, "16:00"),
            site=sites["airport:SEQM", "ECU"],
        ),
        Chore(
            "Second shift at Tabatinga",
            "BRA",
            (2, "06:00"),
            (4, "18:00"),
            dropped=((1, "17:00"), "Boats do not travel at night while the river is high."),
            phase="operational",
        ),
    ]


def _briefings(last: int) -> list[Chore]:
    """Return the evening calls with all countries: the checklist is the agenda."""
    return [
        Chore(
            f"Call with all countries, day {day + 1}",
            "coordinator",
            (day, "15:00"),
            (day, "16:00"),
            done=(day, "15:50"),
            phase="operational",
            steps=_BRIEFING,
        )
        for day in range(last)
    ]


def _ending(last: int) -> list[Chore]:
    """Return the tasks after the last report; each waits for the one before."""
    closing, figures, words = (
        "Close the figures of all countries",
        "Check the figures twice",
        "First words to the public",
    )
    return [
        Chore(
            closing,
            "coordinator",
            (last, "08:00"),
            (last + 2, "18:00"),
            began=(last, "09:00"),
            done=(last + 2, "16:30"),
            waits=("operational",),
        ),
        Chore(
            "Give back the devices on loan",
            "PAN",
            (last, "08:00"),
            (last + 3, "18:00"),
            began=(last + 1, "08:00"),
            done=(last + 3, "11:00"),
            waits=("operational",),
        ),
        Chore(
            figures,
            "analyst",
            (last + 3, "08:00"),
            (last + 4, "18:00"),
            began=(last + 3, "08:15"),
            done=(last + 4, "15:00"),
            waits=(closing,),
        ),
        Chore(
            words,
            "coordinator",
            (last + 5, "08:00"),
            (last + 9, "12:00"),
            began=(last + 5, "09:00"),
            done=(last + 9, "10:20"),
            waits=(figures,),
        ),
        Chore(
            "Debrief of the three units",
            "coordinator",
            (last + 8, "09:00"),
            (last + 8, "17:00"),
            done=(last + 8, "16:40"),
            waits=("Give back the devices on loan",),
        ),
    ]
