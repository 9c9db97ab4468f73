"""Trainers of the programme, and the academies that adopted a course. All invented."""

from uuid import UUID

from operations.training.trainer_rows import CascadeState, TrainerState
from scenarios.courses import Programme
from scenarios.trainers import Taught, Teacher, nominate, share

_T = TrainerState


def _certified(month: float) -> tuple[tuple[float, TrainerState, str], ...]:
    """Return the steps of a nomination in a month, an assessment in the next, and a certification in the third."""
    return (
        (month + 0.6, _T.ATTENDING, ""),
        (month + 2.0, _T.ASSESSED, "Two lessons were seen: clear, patient, and every hit was followed to its end."),
        (month + 2.6, _T.CERTIFIED, ""),
    )


_DOCUMENTS = (
    Teacher("officer.ner", 15.0, (*_certified(15.0), (30.2, _T.INACTIVE, ""), (52.6, _T.RENEWED, "")),
            (Taught(18.6, "Gaya, border post", ("officer3.ner", "officer4.ner"), 5),
             Taught(57.7, "Birni-N'Konni, border post", ("officer3.ner", "lead.ner"), 8))),
    Teacher("officer.ben", 33.0, (*_certified(33.0), (48.6, _T.INACTIVE, "")),
            (Taught(36.6, "Malanville, border post", ("officer3.ben",), 9),)),
    Teacher("officer.bfa", 8.2, (*_certified(8.2), (22.9, _T.INACTIVE, ""), (46.9, _T.EXPIRED, ""))),
    Teacher("officer4.tgo", 41.0, _certified(41.0),
            (Taught(46.0, "Aflao, border post", ("officer3.tgo",), 14), Taught(56.4, "Lomé, port", (), 11),
             Taught(59.5, "Aflao, night shift", ("officer.tgo", "officer3.tgo"), 6, CascadeState.HELD))),
    Teacher("lead.mli", 57.6, _certified(57.6)[:2]),
    Teacher("officer.mrt", 59.7, ()),
    Teacher("officer3.ben", 31.0, ((31.6, _T.ATTENDING, ""), (34.2, _T.DROPPED, "Her certificate is revoked."))),
)  # fmt: skip
_FRAUD = (
    Teacher(
        "officer.civ",
        53.0,
        _certified(53.0),
        (
            Taught(57.0, "Abidjan, airport", ("officer3.civ",), 7),
            Taught(60.6, "Noé, border post", (), 0, CascadeState.ANNOUNCED),
        ),
    ),
    Teacher(
        "officer.nga",
        52.6,
        (*_certified(52.6), (59.0, _T.REVOKED, "Left the service.")),
        (Taught(56.8, "Lagos, airport", ("officer4.nga",), 12),),
    ),
)
_ACADEMIES = (
    (14.0, "NER", "National Police School, Niamey", (19.0, "")),
    (22.0, "MLI", "Gendarmerie School, Bamako", (27.5, "")),
    (29.0, "BEN", "Police Academy, Cotonou", (33.0, "The year has no hours left; it is asked again later.")),
    (54.0, "CIV", "National Police School, Abidjan", (56.5, "")),
    (58.5, "NGA", "Immigration Training School, Kano", None),
)  # fmt: skip


def teach(story: Programme, documents: UUID, fraud: UUID) -> None:
    """Add officers who become trainers and teach at home; one stopped, one awaits confirmation, two are under way."""
    for course, teachers in ((documents, _DOCUMENTS), (fraud, _FRAUD)):
        for each in teachers:
            nominate(story, course, each)
    for month, country, academy, said in _ACADEMIES:
        share(story, month, documents, country, academy, said)
