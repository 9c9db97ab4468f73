"""Courses of the programme, their participants, and the later states of their certificates. All invented."""

from uuid import UUID

from operations.training.rows import CourseState, RunState
from scenarios.courses import Programme
from scenarios.sahel_and_gulf_places import (
    ABIDJAN,
    AFLAO,
    BAMAKO,
    COTONOU,
    GAYA,
    KIDIRA,
    LAGOS,
    LOME,
    MALANVILLE,
    NIAMEY,
    NIANGOLOKO,
    NOUAKCHOTT,
    OUAGADOUGOU,
    SEME_NIGERIA,
    Stations,
)
from scenarios.sahel_and_gulf_trainers import teach


def train(story: Programme, posts: Stations) -> UUID:
    """Three courses over the years; a certificate expired, one ends soon, one is revoked, some wait to be issued.

    Returns the course on false documents.
    """
    documents = story.course(
        6.0,
        "Travel documents: asking SLTD and notices",
        "databases",
        "In eleven of fourteen posts nobody asked SLTD without help (assessments of the first year).",
        "What SLTD holds; how to ask; what a hit means and who confirms it; notices; protection of who is checked.",
        languages=("fr", "en", "ha"),
    )
    fraud = story.course(
        13.0,
        "False and altered documents",
        "document_fraud",
        "Altered passports were passed at three airports in one year.",
        "Print, paper and chip; the impostor; how to write it down so that a court can use it.",
        valid=24,
    )
    story.course(
        59.5,
        "Speaking with people who were smuggled",
        "interview",
        "Officers asked which questions help without harm.",
        "Who decides what; interpreters; children; referral before questions.",
        accredited=False,
    )
    old = story.course(
        1.5,
        "Radio and roads",
        "other",
        "A course of before the programme.",
        "Patrols and radio.",
        hours=8,
        valid=12,
    )
    story.accredit(20.0, old, CourseState.RETIRED, "trainer", "It teaches what nobody needs at a counter.")
    teach(story, documents, fraud)
    people = posts
    story.run(
        12.5,
        documents,
        "NER",
        "Niamey, police school",
        ("fr", "ha"),
        (
            ("officer.ner", people[NIAMEY], 34, 81),
            ("officer3.ner", people[GAYA], 22, 74),
            ("officer4.ner", people[GAYA], 28, 66),
            ("lead.ner", people[NIAMEY], 51, 88),
            ("officer.mli", people[BAMAKO], 40, 77),
            ("officer3.mli", people[KIDIRA], 25, 48),
        ),
        RunState.CLOSED,
        words=(
            "Participants ask for more time at the counter; points rose by 36 on average.",
            "Both counters of Niamey ask by themselves; log of the bureau.",
            "Queries of the trained posts grew, and stayed.",
        ),
    )
    story.run(
        26.3,
        documents,
        "BEN",
        "Cotonou, border police",
        ("fr",),
        (
            ("officer2.bfa", people[OUAGADOUGOU], 45, 84),
            ("officer.ben", people[MALANVILLE], 31, 79),
            ("officer3.ben", people[COTONOU], 37, 70),
            ("officer3.ner", people[GAYA], 68, 91),
            ("officer3.tgo", people[LOME], 49, 83),
            ("officer4.tgo", people[AFLAO], 30, None),
        ),
        RunState.CLOSED,
        words=(
            "The exercise on hits was the best day; points rose by 36.",
            "Malanville asks for every coach; Lomé shares its log.",
            "Malanville asks seven times as much as before.",
        ),
    )
    story.revoke(34.0, "officer3.ben", "The test was taken by somebody else, as the officer said when asked.")
    story.run(
        51.0,
        fraud,
        "CIV",
        "Abidjan, airport",
        ("fr", "en"),
        (
            ("officer.civ", people[ABIDJAN], 50, 86),
            ("officer3.civ", people[ABIDJAN], 44, 72),
            ("officer.nga", people[LAGOS], 55, 90),
            ("officer4.bfa", people[OUAGADOUGOU], 38, 57),
            ("officer.mrt", people[NOUAKCHOTT], 47, 80),
        ),
        RunState.PRACTISED,
        words=(
            "More specimens are wanted; points rose by 30.",
            "Abidjan sends doubtful documents to the second line; 41 were looked at.",
        ),
    )
    story.accredit(51.6, documents, CourseState.DESIGNED, "trainer", "The course takes in the new form of a hit.")
    story.accredit(52.5, documents, CourseState.ACCREDITED, "leader")
    story.run(
        55.0,
        documents,
        "TGO",
        "Lomé, airport",
        ("fr",),
        (
            ("officer.tgo", people[LOME], 42, 85),
            ("officer4.tgo", people[AFLAO], 33, 76),
            ("officer3.mrt", people[NOUAKCHOTT], 36, 69),
        ),
        RunState.EVALUATED,
        words=("Participants remember the day at the counter; points rose by 40.",),
    )
    story.run(
        57.0, fraud, "SEN", "Dakar, police school", ("fr",), (), RunState.CANCELLED, words=("The school had no rooms.",)
    )
    story.run(
        59.4,
        documents,
        "NGA",
        "Lagos, airport",
        ("en",),
        (
            ("officer3.nga", people[SEME_NIGERIA], 40, 71),
            ("officer4.nga", people[LAGOS], 52, 88),
        ),
        RunState.DELIVERED,
        issued=False,
    )
    story.run(
        61.0,
        documents,
        "BFA",
        "Ouagadougou, police school",
        ("fr",),
        (
            ("officer3.bfa", people[OUAGADOUGOU], 0, None),
            ("officer4.bfa", people[NIANGOLOKO], 0, None),
        ),
        RunState.SCHEDULED,
    )
    return fraud


def train_for_the_airports(story: Programme, posts: Stations, course: UUID) -> None:
    """The training phase of the operation in the middle: one officer of each airport that is a post; one fails."""
    story.train_for_middle(
        course,
        "NER",
        "Niamey, airport",
        ("fr",),
        (
            ("officer.ner", posts[NIAMEY], 41, 82),
            ("officer.bfa", posts[OUAGADOUGOU], 44, 79),
            ("officer.mli", posts[BAMAKO], 39, 71),
            ("officer.mrt", posts[NOUAKCHOTT], 36, 55),
        ),
        (
            "Officers took the test at the counter where they work; points rose by 32 on average.",
            "Niamey asks of every doubtful passport; log of the counter.",
            "Three blank passports were found by officers of the run.",
        ),
    )
