"""Lessons of the airports of the Sahel: recommendations, and the evaluation months later. All invented."""

from operations.evaluation.recommendations import RecommendationState
from scenarios.evaluations import Evaluated
from scenarios.lessons import StoryLesson

_S = RecommendationState
LESSONS = (
    StoryLesson(
        "Give both counters of Niamey's airport access to SLTD, so that nobody calls the capital.",
        "In the debrief of the team at Niamey: answers by telephone took eleven minutes on average.",
        "debrief", "databases", "NER", 75,
        ((22, "leader", _S.ACCEPTED, "It costs little and serves every flight."),
         (30, "coordinator.ner", _S.UNDER_WAY, ""),
         (64, "coordinator.ner", _S.DONE, "Both counters query; 1,140 searches in their first week."),
         (70, "coordinator", _S.CLOSED, "")),
        ((41, "coordinator.ner", "Accounts are ordered; the second reader comes in December."),),
    ),
    StoryLesson(
        "Keep searching SLTD at Casablanca on every flight from outside the region after the operation.",
        "One passenger was denied boarding there; without the operation the flight was not searched.",
        "practice", "databases", "MAR", 120,
        ((23, "coordinator.mar", _S.PARTLY, "On night flights first: there are too few officers by day."),
         (35, "coordinator.mar", _S.UNDER_WAY, ""),
         (110, "coordinator.mar", _S.DONE, "Every flight from outside the region is searched, by day as well."),
         (117, "coordinator", _S.CLOSED, "")),
        ((60, "coordinator.mar", "Night flights are searched since the first of the month."),),
    ),
    StoryLesson(
        "Plan two shifts of document examiners at the hour of the night flights.",
        "The team at Niamey was alone with 400 passengers between two and five in the morning.",
        "debrief", "planning", "operation_coordinator", 60,
        ((22, "leader", _S.ACCEPTED, "The next operation is planned with it."),
         (40, "coordinator", _S.DONE, "The template for border operations has two shifts at night."),
         (48, "leader", _S.CLOSED, "")),
    ),
    StoryLesson(
        "Send a list of interpreters to every airport before the first day.",
        "Three people who asked for protection in Bamako waited for an interpreter.",
        "workshop", "protection", "MLI", 90,
        ((24, "coordinator.mli", _S.ACCEPTED, "The list of the capital can be shared at once."),
         (80, "coordinator.mli", _S.DONE, "Every airport has the list; it is renewed each spring."),
         (86, "coordinator", _S.CLOSED, "")),
    ),
    StoryLesson(
        "Search the nominal database as well at all airports.",
        "Searches of it took place, and nobody counted them.",
        "database_use", "reporting", "ocu_analyst", 60,
        ((22, "leader", _S.REJECTED, "The countries agreed on SLTD alone; it needs a new agreement first."),),
    ),
    StoryLesson(
        "Repeat the two days of training for new officers in Ouagadougou every half year.",
        "Half of those trained there in spring had moved to other posts by autumn.",
        "visit", "training", "BFA", 200,
        ((26, "coordinator.bfa", _S.ACCEPTED, "The first two days are in spring."),
         (170, "coordinator.bfa", _S.DONE, "Twenty-two officers in spring; the days of autumn stand in the plan."),
         (178, "coordinator", _S.CLOSED, "")),
    ),
)  # fmt: skip

EVALUATED = Evaluated(
    "Did searching documents become routine?",
    "Whether officers who were trained search SLTD without being told, and what keeps them from it.",
    18,
    80,
    38,
    52,
    125,
    "Hits are answered at night, and accounts of trained officers stay open.",
    (
        (24, "workshop", "Casablanca, by telephone", "The five coordinators of the countries.",
         "Four of five keep the accounts of the trainees open; one closed them with the operation."),
        (28, "practice", "Casablanca, transfer counter", "Six officers, two of whom were trained.",
         "Trained officers search every document from outside the region; the others ask them to."),
        (31, "visit", "NCB Niamey", "The bureau, three officers.",
         "Answers come within the hour by day. At night nobody is there."),
        (35, "database_use", "Lyon", "Analysts of the coordination.",
         "Searches of two airports were counted in the month after; three cannot be told yet."),
    ),
    {
        "relevance": (4, "Stolen documents are what these airports see most.", "Seven hits in five days."),
        "coherence": (3, "It fits the border posts that partners equip; nobody had asked them before.",
                      "Said at the workshop by three coordinators."),
        "effectiveness": (3, "Every airport searched and reported; answers at night were late.",
                          "4,800 searches; two of seven hits waited until morning."),
        "efficiency": (3, "Few officers, many searches.", "23 officers in two actions, as published."),
        "impact": (None, "Five days say little of what changed: see it again after a year.", ""),
        "sustainability": (2, "Half of those trained had moved within months, and nobody trains the new ones.",
                           "Visit to Niamey; lists of the bureaus."),
    },
    (
        StoryLesson(
            "Have somebody answer hits at night, at one bureau for all five countries.",
            "Two of seven hits waited until the next morning.",
            "visit", "command", "operation_coordinator", 120,
            ((56, "leader", _S.ACCEPTED, "Begin with the weekends."),
             (60, "coordinator", _S.UNDER_WAY, ""),
             (112, "coordinator", _S.DONE, "The bureau at Casablanca answers every night, for all five countries."),
             (119, "leader", _S.CLOSED, "")),
        ),
        StoryLesson(
            "Keep the accounts of trained officers open when an operation ends.",
            "One country closed them; searches there fell to none.",
            "workshop", "databases", "MLI", 90,
            ((55, "coordinator.mli", _S.ACCEPTED, "They are opened again."),
             (66, "coordinator.mli", _S.DONE, "All eleven accounts search again."),
             (72, "coordinator", _S.CLOSED, "")),
        ),
    ),
    {"MAR": ("Casablanca has few officers by day: say so where you judge its searches.", "It is said now.")},
)  # fmt: skip
