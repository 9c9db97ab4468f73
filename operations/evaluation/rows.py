"""Tables of evaluations: methods, judgements, comments of countries, and their visibility."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, pulse, rows
from operations.core.clock import UtcDateTime, day_bounds, now
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.noun import Noun
from operations.core.people import Actor, System
from operations.core.permissions import Act, may
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Classification
from operations.evaluation.evaluation_states import (
    EARLY,
    FINAL_STATES,
    LIFE,
    WORDS,
    ZONE,
    EvaluationFacts,
    EvaluationState,
    WordState,
)
from operations.policing.operation import plan
from operations.posts.register import CENTRE

# ---------------------------------------------------------------------------------------------------- tables


class Evaluation(SQLModel, table=True):
    """An evaluation. `operations` are the ids of all operations that it is about, `operation_id` that of the only one.

    `own_work` are the operations that an author of this evaluation coordinated (`independence`). `reason` is the text
    of the last step, where it needs one: why it was cancelled, or its outcome.
    """

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly(FINAL_STATES, "final_at IS NOT NULL", "final_once"),
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
    own_work: list[str] = Field(default_factory=list, sa_type=JSON)
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
    """A country that an evaluation concerns, and the state of its comment on the draft."""

    __tablename__ = "evaluation_country"
    __table_args__ = (WORDS.known(), UniqueConstraint("evaluation_id", "country"))
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    country: str = Field(max_length=3, index=True)
    state: str = Field(default=WordState.CONCERNED.value, max_length=12)
    moved_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationMethod(SQLModel, table=True):
    """A use of one of the strategy's four methods: when, where, with whom, and its findings. Immutable."""

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
    """The judgement of a criterion; the newest version counts. `score` None: it cannot be judged, as `words` say."""

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
    """A step of an evaluation, or of the comment of a `country` on it, with its text. Immutable."""

    __tablename__ = "evaluation_step"
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    state: str = Field(max_length=12)
    words: str = Field(default="", max_length=2000)
    author_id: UUID | None = None
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class EvaluationOutcome(SQLModel, table=True):
    """The outcome of a country's investigations from what is evaluated; the newest version counts."""

    __tablename__ = "evaluation_outcome"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "country", "version"),
        CheckConstraint("0 <= convicted AND convicted <= charged AND charged <= opened", name="parts"),
    )
    id: UUID = Field(primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    country: str = Field(max_length=3)
    version: int
    opened: int
    charged: int
    convicted: int
    as_of: date
    source: str = Field(max_length=300)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------- who sees what


_EVALUATION: sa.Table = Evaluation.__table__  # type: ignore[attr-defined]
_COUNTRY: sa.Table = EvaluationCountry.__table__  # type: ignore[attr-defined]


def _seen(actor: Actor) -> Any:
    """Return the row filter: a country sees those that concern it, the centre all; of an operation only its staff."""
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
    """Return the row filter of findings and judgements: a country reads them from the draft on."""

    return lambda actor: col(model.evaluation_id).in_(drafted(actor))


def drafted(actor: Actor) -> Any:
    """Return the ids of the evaluations whose findings, judgements and recommendations a person may read."""
    early = [each.value for each in EARLY]
    return _told(actor).where(_EVALUATION.c.state.not_in(early)) if actor.national else _told(actor)


def _of_country(model: Any) -> Any:
    """Return the row filter: a country's comment is visible to no other country."""

    def seen(actor: Actor) -> Any:
        told = col(model.evaluation_id).in_(_told(actor))
        return told & _own(model, actor) if actor.national else told

    return seen


def _own(model: Any, actor: Actor) -> Any:
    return col(model.country).is_(None) | (col(model.country) == actor.country)


for _model in (EvaluationMethod, EvaluationJudgement):
    scoped(_model)(_written(_model))
for _said in (EvaluationCountry, EvaluationStep, EvaluationOutcome):
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
    """Journal a change of an evaluation; its audience is the centre, and the countries it concerns or the one given."""
    session.flush()
    heard = pulse.centre(*CENTRE) | pulse.countries(*_countries(session, evaluation_id, country))
    journal.record(session, by, act, KIND, evaluation_id, country=country, audience=heard, **detail)


# ------------------------------------------------------------------------------------------------- what waits


def facts_of(session: Session, found: Iterable[Evaluation], by: Actor) -> dict[UUID, EvaluationFacts]:
    """Return the facts of the guards of each, in two queries."""
    wanted = [each.id for each in found]
    judged: dict[UUID, set[str]] = {each: set() for each in wanted}
    methods = dict.fromkeys(wanted, 0)
    said = select(EvaluationJudgement.evaluation_id, EvaluationJudgement.criterion)
    for each, criterion in session.exec(said.where(col(EvaluationJudgement.evaluation_id).in_(wanted))):
        judged[each].add(criterion)
    used = select(EvaluationMethod.evaluation_id).where(col(EvaluationMethod.evaluation_id).in_(wanted))
    for each in session.exec(used):
        methods[each] += 1
    return {each: EvaluationFacts(frozenset(judged[each]), methods[each], by) for each in wanted}


def finals(session: Session, wanted: Iterable[UUID | None]) -> set[UUID]:
    """Return the ids of those that are final, as far as the asker sees them."""
    ids = {each for each in wanted if each is not None}
    states = [each.value for each in FINAL_STATES]
    query = select(Evaluation.id).where(col(Evaluation.id).in_(ids), col(Evaluation.state).in_(states))
    return set(session.exec(query)) if ids else set()


def _record(
    session: Session,
    by: Actor | System,
    act: str,
    _kind: str,
    of: Evaluation,
    /,
    country: str | None = None,
    **detail: Any,
) -> None:
    record(session, by, act, of.id, country, **detail)


def _record_word(
    session: Session, by: Actor | System, act: str, _kind: str, of: EvaluationCountry, /, **detail: Any
) -> None:
    record(session, by, act, of.evaluation_id, of.country, **detail)


def _log(session: Session, of: Evaluation, words: str, by: Actor | System) -> None:
    _store_step(session, of.id, None, of.state, words, by)


def _log_word(session: Session, of: EvaluationCountry, words: str, by: Actor | System) -> None:
    """Log what is said; that a country is asked is the step of its evaluation."""
    if of.state != WordState.ASKED:
        _store_step(session, of.evaluation_id, of.country, of.state, words, by)


def _store_step(
    session: Session, evaluation_id: UUID, country: str | None, state: str, words: str, by: Actor | System
) -> None:
    author = rows.author(by) if isinstance(by, Actor) else {"author_name": by.name, "made_at": now()}
    said: dict[str, Any] = {"evaluation_id": evaluation_id, "country": country, "state": state, "words": words}
    session.add(EvaluationStep(id=new_id(), **said, **author))


EVALUATION = Noun(
    Evaluation,
    KIND,
    _record,
    N_("This evaluation was already planned with other content. Reload the page to see it."),
    LIFE,
    facts=facts_of,
    log=_log,
)
WORD = Noun(EvaluationCountry, KIND, _record_word, life=WORDS, log=_log_word)
_WRITTEN_DOWN = N_("This was already written down with other content. Reload the page to see it.")
METHOD = Noun(EvaluationMethod, KIND, _record, _WRITTEN_DOWN, owner=(EVALUATION, "evaluation_id"))
JUDGEMENT = Noun(
    EvaluationJudgement,
    KIND,
    _record,
    N_("This was already judged with other content. Reload the page to see it."),
    owner=(EVALUATION, "evaluation_id"),
)
OUTCOME = Noun(EvaluationOutcome, KIND, _record, _WRITTEN_DOWN, owner=(EVALUATION, "evaluation_id"))


@EVALUATION.waits
def _in_states(session: Session, states: Iterable[str]) -> list[Any]:
    return [
        (each, {"title": each.title, "until": day_bounds(each.planned_for, ZONE)[1]})
        for each in EVALUATION.in_states(session, states)
    ]


@WORD.waits
def _words_in_states(session: Session, states: Iterable[str]) -> list[Any]:
    query = (
        select(EvaluationCountry, Evaluation)
        .join(Evaluation, col(Evaluation.id) == col(EvaluationCountry.evaluation_id))
        .where(col(EvaluationCountry.state).in_(states))
    )
    return [
        (word, {"title": evaluation.title, "evaluation": evaluation.id}) for word, evaluation in session.exec(query)
    ]


Judged = Mapping[str, EvaluationJudgement]
"""The current judgements of an evaluation, by criterion."""
