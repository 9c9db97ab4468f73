"""Evaluations as they are stored: the life of each (domain 1.6.12), methods, judgements, and what countries say.

The word of a country on the draft has a life of its own, so that each comment is answered before it is final. An
evaluation goes on by itself where that follows from others: from the last word of the countries, from the last decision
on its recommendations, and from the end of the last of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import hearing, journal, life
from operations.core.clock import UtcDateTime, day_bounds, now
from operations.core.errors import Flaw
from operations.core.people import Actor, System
from operations.core.permissions import Act, may
from operations.core.said import N_
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Classification, codes
from operations.core.waits import AGAIN, DAYS, Found, Waits
from operations.policing.operation import plan
from operations.posts.register import CENTRE

DAC, KIRKPATRICK = codes("CL-DAC"), codes("CL-KIRK")
"""The criteria that every evaluation judges, and the levels of training, in their order."""
ZONE = "UTC"
"""Evaluations are of no place: their days are those of UTC."""
TO_ANSWER = 21 * DAYS
"""How long countries have for the draft."""


class EvaluationState(StrEnum):
    """How far an evaluation is."""

    PLANNED = "planned"
    COLLECTING = "collecting"
    DRAFT = "draft"
    CONSULTED = "consulted"
    FINAL = "final"
    DECIDED = "decided"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class WordState(StrEnum):
    """What a country has said of the draft."""

    CONCERNED = "concerned"
    ASKED = "asked"
    AGREED = "agreed"
    COMMENTED = "commented"
    ANSWERED = "answered"
    SILENT = "silent"


_S, _W = EvaluationState, WordState
WRITTEN_IN = (_S.COLLECTING, _S.CONSULTED)
"""The states in which methods, judgements and recommendations are written."""
STANDS = (_S.FINAL, _S.DECIDED, _S.FOLLOWED_UP, _S.CLOSED)
"""It is final: its recommendations can be decided."""


class Facts(NamedTuple):
    """What the steps depend on beside the row: what is judged, how many methods have a finding, and who asks."""

    judged: frozenset[str]
    methods: int
    by: Actor


def asked_of(about: str) -> tuple[str, ...]:
    """What an evaluation has to judge: the six criteria, and the levels of training where it is of a course."""
    return (*DAC, *KIRKPATRICK) if about == "course" else DAC


def _whole(found: "Evaluation", facts: Facts) -> Iterator[Flaw]:
    """One method at least has a finding, and everything is judged or said not to be."""
    if not facts.methods:
        yield Flaw("", N_("No method has a finding yet: write down a workshop, a visit, or what else was done."))
    if missing := len(set(asked_of(found.about)) - facts.judged):
        yield Flaw("", N_("Not judged yet: {count}. Judge each, or say why that cannot be done."), {"count": missing})


def _may(_found: "Evaluation", _facts: Facts, step: life.Step[EvaluationState], by: Actor) -> bool:
    return may(by, step.act)


_HERE = "/evaluations?show={id}"
_RUN, _COMMENT = Act.EVALUATION_RUN, Act.EVALUATION_COMMENT
_TO_BEGIN = Waits(
    N_("The evaluation {title} is planned: begin collecting."), _HERE, "player-play", "moved_at", within=30 * DAYS,
    late=AGAIN,
)  # fmt: skip
_TO_DRAFT = Waits(
    N_("The evaluation {title} is collecting: judge, and send the draft to the countries."), _HERE, "clipboard-check",
    "moved_at", "until", late=AGAIN,
)  # fmt: skip
_TO_FINISH = Waits(
    N_("Every country has had its word on the evaluation {title}: make it final."), _HERE, "rubber-stamp", "moved_at",
    "until", late=AGAIN,
)  # fmt: skip
_TO_CLOSE = Waits(
    N_("Every recommendation of the evaluation {title} is at its end: close it."), _HERE, "rubber-stamp", "moved_at",
    within=30 * DAYS, late=AGAIN,
)  # fmt: skip
_CANCEL = (_S.CANCELLED, "evaluation.cancel", _RUN, N_("Cancel it"), "ban", N_("Why it is cancelled"))
LIFE = life.Life(
    "evaluation",
    _S.PLANNED,
    (
        life.Step(
            _S.PLANNED, _S.COLLECTING, "evaluation.collect", _RUN, N_("Begin collecting"), "player-play",
            waits=_TO_BEGIN,
        ),
        life.Step(
            _S.COLLECTING, _S.DRAFT, "evaluation.draft", _RUN, N_("Send the draft to the countries"), "file-text",
            guard=_whole, waits=_TO_DRAFT,
        ),
        life.Step(
            _S.DRAFT, _S.CONSULTED, "evaluation.consulted", _RUN, icon="message",
            elsewhere=N_("It follows by itself when each country has had its word, and each comment its answer."),
        ),
        life.Step(
            _S.CONSULTED, _S.FINAL, "evaluation.final", _RUN, N_("It is final"), "rubber-stamp", waits=_TO_FINISH,
        ),
        life.Step(
            _S.FINAL, _S.DECIDED, "evaluation.decided", _RUN, icon="bulb",
            elsewhere=N_("It follows by itself when each recommendation is decided."),
        ),
        life.Step(
            _S.DECIDED, _S.FOLLOWED_UP, "evaluation.followed_up", _RUN, icon="check",
            elsewhere=N_("It follows by itself when each recommendation is followed up to its end."),
        ),
        life.Step(
            _S.FOLLOWED_UP, _S.CLOSED, "evaluation.close", _RUN, N_("Close it"), "rubber-stamp",
            N_("What came of it"), waits=_TO_CLOSE,
        ),
        *life.ways((_S.PLANNED, _S.COLLECTING), *_CANCEL),
    ),
    ends=(_S.CLOSED, _S.CANCELLED),
    may=_may,
    astray=Flaw("", "The evaluation cannot make this step from the state it is in: reload it to see which."),
    words={
        _S.PLANNED: N_("Planned"),
        _S.COLLECTING: N_("Collecting"),
        _S.DRAFT: N_("Draft with the countries"),
        _S.CONSULTED: N_("Consulted"),
        _S.FINAL: N_("Final"),
        _S.DECIDED: N_("Recommendations decided"),
        _S.FOLLOWED_UP: N_("Followed up"),
        _S.CLOSED: N_("Closed"),
        _S.CANCELLED: N_("Cancelled"),
    },
)  # fmt: skip

# ----------------------------------------------------------------------------------------- the word of a country


def _may_say(found: "EvaluationCountry", _facts: Actor, step: life.Step[WordState], by: Actor) -> bool:
    return may(by, step.act) and (step.act is _RUN or by.country == found.country)


def _late(found: "EvaluationCountry", _facts: Actor) -> Iterator[Flaw]:
    """Its time is over."""
    if now() < found.moved_at + TO_ANSWER:
        yield Flaw("", N_("This country still has time: three weeks from the day on which the draft was sent."))


_TO_SAY = Waits(
    N_("The draft of the evaluation {title} waits for the word of your country."), "/evaluations?show={evaluation}",
    "message", "moved_at", within=TO_ANSWER, late=AGAIN,
)  # fmt: skip
_TO_ANSWER = Waits(
    N_("A country has commented on the evaluation {title}: answer it."), "/evaluations?show={evaluation}", "message",
    "moved_at", within=14 * DAYS, late=AGAIN,
)  # fmt: skip
WORDS = life.Life(
    "country's word on an evaluation",
    _W.CONCERNED,
    (
        life.Step(
            _W.CONCERNED, _W.ASKED, "evaluation.ask", _RUN, icon="message",
            elsewhere=N_("It follows when the draft is sent to the countries."),
        ),
        life.Step(
            _W.ASKED, _W.AGREED, "evaluation.agree", _COMMENT, N_("Nothing to add"), "check", waits=_TO_SAY,
        ),
        life.Step(
            _W.ASKED, _W.COMMENTED, "evaluation.comment", _COMMENT, N_("Send the comment"), "message",
            N_("What your country says of the draft"), waits=_TO_SAY,
        ),
        life.Step(
            _W.COMMENTED, _W.ANSWERED, "evaluation.answer", _RUN, N_("Send the answer"), "message",
            N_("What is answered, and what is changed for it"), waits=_TO_ANSWER,
        ),
        life.Step(
            _W.ASKED, _W.SILENT, "evaluation.go_on", _RUN, N_("Go on without its word"), "player-play",
            N_("Why it goes on without the country"), guard=_late,
        ),
    ),
    ends=(_W.AGREED, _W.ANSWERED, _W.SILENT),
    may=_may_say,
    astray=Flaw("", "This cannot be said of the draft now: reload it to see how far it is."),
    words={
        _W.CONCERNED: N_("Concerned"),
        _W.ASKED: N_("Asked"),
        _W.AGREED: N_("Nothing to add"),
        _W.COMMENTED: N_("Commented"),
        _W.ANSWERED: N_("Answered"),
        _W.SILENT: N_("Without its word"),
    },
)  # fmt: skip
UNSAID = (_W.ASKED, _W.COMMENTED)
"""Something is still to be said, or to be answered."""

# ---------------------------------------------------------------------------------------------------- tables


class Evaluation(SQLModel, table=True):
    """An evaluation. `operations` are the ids of all operations that it is about, `operation_id` that of the only one.

    `reason` is what was said at the last step, where that needs words: why it was cancelled, what came of it.
    """

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly(STANDS, "final_at IS NOT NULL", "final_once"),
        CheckConstraint("(about = 'operation') = (operation_id IS NOT NULL)", name="of_operation"),
        CheckConstraint("(about = 'region') = (region <> '')", name="of_region"),
        CheckConstraint("(about = 'course') = (course_id IS NOT NULL)", name="of_course"),
        CheckConstraint("(about = 'country') = (country IS NOT NULL)", name="of_country"),
    )
    id: UUID = Field(primary_key=True)
    title: str = Field(max_length=160)
    purpose: str = Field(max_length=2000)
    about: str = Field(max_length=16)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    operations: list[str] = Field(default_factory=list, sa_type=JSON)
    region: str = Field(default="", max_length=32)
    course_id: UUID | None = Field(default=None, foreign_key="course.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    planned_for: date
    classification: str = Field(max_length=24)
    state: str = Field(default=EvaluationState.PLANNED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    final_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationCountry(SQLModel, table=True):
    """A country that an evaluation concerns, and how far its word on the draft is."""

    __tablename__ = "evaluation_country"
    __table_args__ = (WORDS.known(), UniqueConstraint("evaluation_id", "country"))
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    country: str = Field(max_length=3, index=True)
    state: str = Field(default=WordState.CONCERNED.value, max_length=12)
    moved_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationMethod(SQLModel, table=True):
    """One of the strategy's four methods as it was used: when, where, with whom, and what it found. Never changed."""

    __tablename__ = "evaluation_method"
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    method: str = Field(max_length=24)
    held_on: date
    place: str = Field(max_length=160)
    who: str = Field(max_length=2000)
    finding: str = Field(max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationJudgement(SQLModel, table=True):
    """What was said of a criterion; the newest version stands. `score` is None: it cannot be judged, as `words` say."""

    __tablename__ = "evaluation_judgement"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "criterion", "version"),
        CheckConstraint("score BETWEEN 1 AND 4", name="score"),
        CheckConstraint("score IS NULL OR evidence <> ''", name="evidence_given"),
    )
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    criterion: str = Field(max_length=16)
    version: int
    score: int | None = None
    words: str = Field(max_length=2000)
    evidence: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationStep(SQLModel, table=True):
    """A step of an evaluation, or of the word of a `country` on it, and in which words. Never changed."""

    __tablename__ = "evaluation_step"
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    state: str = Field(max_length=12)
    words: str = Field(default="", max_length=2000)
    author_id: UUID | None = None
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------- who sees what


_EVALUATION: sa.Table = Evaluation.__table__  # type: ignore[attr-defined]
_COUNTRY: sa.Table = EvaluationCountry.__table__  # type: ignore[attr-defined]


def _seen(actor: Actor) -> Any:
    """A country sees those that concern it, who works for none all; of an operation only who works for it."""
    if not may(actor, Act.EVALUATION_READ) or actor.only is not None:
        return false()
    of = _EVALUATION.c
    cleared = [each.value for each in Classification if each.rank <= actor.clearance.rank]
    reach = of.operation_id.is_(None) | plan.within_reach(of.operation_id, actor)
    own = sa.select(_COUNTRY.c.evaluation_id).where(_COUNTRY.c.country == actor.country)
    return reach & of.classification.in_(cleared) & (of.id.in_(own) if actor.national else true())


def _told(actor: Actor) -> Any:
    return sa.select(_EVALUATION.c.id).where(_seen(actor))


@scoped(Evaluation)
def _evaluations_seen(actor: Actor) -> Any:
    return col(Evaluation.id).in_(_told(actor))


def _written(model: Any) -> Any:
    """What was found and judged: a country reads it from the draft on."""

    def seen(actor: Actor) -> Any:
        early = (_S.PLANNED.value, _S.COLLECTING.value, _S.CANCELLED.value)
        told = _told(actor)
        return col(model.evaluation_id).in_(told.where(_EVALUATION.c.state.not_in(early)) if actor.national else told)

    return seen


def _of_country(model: Any) -> Any:
    """What one country said is no other's."""

    def seen(actor: Actor) -> Any:
        told = col(model.evaluation_id).in_(_told(actor))
        return told & _own(model, actor) if actor.national else told

    return seen


def _own(model: Any, actor: Actor) -> Any:
    return col(model.country).is_(None) | (col(model.country) == actor.country)


for _model in (EvaluationMethod, EvaluationJudgement):
    scoped(_model)(_written(_model))
for _said in (EvaluationCountry, EvaluationStep):
    scoped(_said)(_of_country(_said))

KIND = "evaluation"
READERS = frozenset(CENTRE)


def _entries_seen(actor: Actor) -> Any:
    told = col(journal.Entry.object_id).in_(_told(actor))
    return told & _own(journal.Entry, actor) if actor.national else told


def _countries(session: Session, evaluation_id: UUID | None, country: str | None) -> frozenset[str]:
    if country is not None:
        return frozenset({country})
    query = select(EvaluationCountry.country).where(EvaluationCountry.evaluation_id == evaluation_id)
    return frozenset(session.exec(unscoped(query)))


journal.need_to_know(KIND, seen=_entries_seen, countries=_countries, roles=READERS)


def record(
    session: Session, by: Actor | System, act: str, evaluation_id: UUID, country: str | None = None, /, **detail: Any
) -> None:
    """Journal a change of an evaluation: the centre hears of it, and the countries that it concerns, or the one."""
    session.flush()
    heard = hearing.centre(*CENTRE) | hearing.countries(*_countries(session, evaluation_id, country))
    journal.record(session, by, act, KIND, evaluation_id, country=country, audience=heard, **detail)


# ------------------------------------------------------------------------------------------------- what waits


def facts_of(session: Session, found: Iterable[Evaluation], by: Actor) -> dict[UUID, Facts]:
    """What the steps of each depend on, in two queries."""
    wanted = [each.id for each in found]
    judged: dict[UUID, set[str]] = {each: set() for each in wanted}
    methods = dict.fromkeys(wanted, 0)
    said = select(EvaluationJudgement.evaluation_id, EvaluationJudgement.criterion)
    for each, criterion in session.exec(said.where(col(EvaluationJudgement.evaluation_id).in_(wanted))):
        judged[each].add(criterion)
    used = select(EvaluationMethod.evaluation_id).where(col(EvaluationMethod.evaluation_id).in_(wanted))
    for each in session.exec(used):
        methods[each] += 1
    return {each: Facts(frozenset(judged[each]), methods[each], by) for each in wanted}


def finals(session: Session, wanted: Iterable[UUID | None]) -> set[UUID]:
    """Those of them that are final, as far as the asker sees them."""
    ids = {each for each in wanted if each is not None}
    states = [each.value for each in STANDS]
    query = select(Evaluation.id).where(col(Evaluation.id).in_(ids), col(Evaluation.state).in_(states))
    return set(session.exec(query)) if ids else set()


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    found = list(session.exec(select(Evaluation).where(col(Evaluation.state).in_(states))))
    facts = facts_of(session, found, by)
    return [
        Found(each, facts[each.id], None, {"title": each.title, "until": day_bounds(each.planned_for, ZONE)[1]})
        for each in found
    ]


@WORDS.rows
def _words_in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    query = (
        select(EvaluationCountry, Evaluation)
        .join(Evaluation, col(Evaluation.id) == col(EvaluationCountry.evaluation_id))
        .where(col(EvaluationCountry.state).in_(states))
    )
    return [
        Found(each, by, None, {"title": evaluation.title, "evaluation": evaluation.id})
        for each, evaluation in session.exec(query)
    ]


Judged = Mapping[str, EvaluationJudgement]
"""What stands of an evaluation, by criterion."""
