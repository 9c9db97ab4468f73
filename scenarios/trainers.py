"""Steps of trainers in a story, of their cascade runs, and of curricula shared with academies.

Functions on a story, as those of `assistance`. Times are months after its first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.training import cascades, curricula, trainers
from operations.training.curricula import CurriculumState
from operations.training.trainer_rows import TRAINER, TRAINERS, CascadeState, Trainer, TrainerState
from scenarios.courses import Programme
from scenarios.script_language import MUSTER, Verb, identifier

_T, _K = TrainerState, CascadeState
_BY = {
    _T.ATTENDING: "trainer",
    _T.ASSESSED: "trainer",
    _T.CERTIFIED: "coordinator",
    _T.RENEWED: "trainer",
    _T.REVOKED: "coordinator",
    _T.DROPPED: "coordinator",
    _T.INACTIVE: MUSTER,
    _T.EXPIRED: MUSTER,
}
"""The actor of each state of a trainer: the training manager assesses, another coordinator certifies."""


@dataclass(frozen=True)
class Taught:
    """A cascade run of two days: known participants, the number of others, and its state."""

    month: float
    place: str
    people: Sequence[str]
    others: int
    to: CascadeState = _K.CONFIRMED


@dataclass(frozen=True)
class Teacher:
    """An officer who is nominated in a month, the further `way` with months and texts, and the cascade runs."""

    who: str
    month: float
    way: Sequence[tuple[float, TrainerState, str]]
    taught: Sequence[Taught] = ()


def nominate(story: Programme, course: UUID, told: Teacher) -> None:
    """Nominate by the country; the training manager assesses, another coordinator certifies; the trainer teaches."""
    account, nation = identifier("account", told.who), f"coordinator.{told.who[-3:]}"
    ident = story.identifier("trainer", told.who, told.month)
    draft = parse(trainers.NominationDraft, {"id": ident, "account_id": account, "course_id": course})
    story.does(
        story.when(told.month),
        nation,
        f"nominate {told.who}",
        lambda session, by: trainers.nominate(session, draft, by),
    )
    for month, to, words in told.way:
        story.does(story.when(month), _BY[to], f"{to.value}: {told.who}", _takes(ident, to, words))
    for each in told.taught:
        _teach(story, ident, told.who, nation, each)


def _takes(ident: UUID, to: TrainerState, words: str) -> Verb:
    """Return the verb of an automatic step, as the timetable does it, unless that was faster."""

    def verb(session: Session, by: Actor) -> object:
        if to not in (_T.INACTIVE, _T.EXPIRED):
            return trainers.take(session, ident, to, by, words)
        found = session.get_one(Trainer, ident)
        if TRAINERS.step(found.state, to) is not None:
            TRAINER.go(session, found, to, by)
        return found

    return verb


def _teach(story: Programme, trainer: UUID, who: str, nation: str, told: Taught) -> None:
    ident = story.identifier("cascade run", who, told.month)
    starts = story.on(told.month)
    content = {"id": ident, "trainer_id": trainer, "place": told.place, "starts": starts}
    draft = parse(cascades.AnnounceDraft, content | {"ends": starts + timedelta(days=1)})
    story.does(
        story.when(told.month - 0.7),
        who,
        f"announce a cascade run in {told.place}",
        lambda session, by: cascades.announce(session, draft, by),
    )
    if told.to is _K.ANNOUNCED:
        return
    people = [identifier("account", each) for each in told.people]
    there = parse(cascades.AttendanceDraft, {"people": people, "others": told.others})
    story.does(
        story.when(told.month + 0.15),
        who,
        f"say who was taught in {told.place}",
        lambda session, by: cascades.hold(session, ident, there, by),
    )
    if told.to is _K.CONFIRMED:
        story.does(
            story.when(told.month + 0.3),
            nation,
            f"confirm the run in {told.place}",
            lambda session, by: cascades.take(session, ident, _K.CONFIRMED, by),
        )


def share(
    story: Programme, month: float, course: UUID, country: str, academy: str, said: tuple[float, str] | None = None
) -> None:
    """Share a course with an academy; `said` is when its country answers, with words where it declines."""
    ident = story.identifier("curriculum", course, academy)
    draft = parse(curricula.CurriculumShareDraft, {"id": ident, "country": country, "academy": academy})
    story.does(
        story.when(month),
        "trainer",
        f"share a curriculum with {academy}",
        lambda session, by: curricula.offer(session, course, draft, by),
    )
    if said is not None:
        at, words = said
        to = CurriculumState.DECLINED if words else CurriculumState.ADOPTED
        story.does(
            story.when(at),
            f"coordinator.{country.lower()}",
            f"{to.value}: curriculum of {academy}",
            lambda session, by: curricula.take(session, ident, to, by, words),
        )
