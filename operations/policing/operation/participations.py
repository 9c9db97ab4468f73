"""Participations: the countries of an operation (domain 1.6.2), invited by the coordinator, and their answers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import false
from sqlalchemy.orm import object_session
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, reason
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.state_machine import Life, Step, ways
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Country, InList, OperationState, ParticipationState
from operations.core.worklist import DAYS, TO_COORDINATOR, TO_LEADERSHIP, CandidateRow, Waits
from operations.policing.operation.rows import ENDED, Operation, hold, operation, subject, within_reach
from operations.totals import activity
from operations.totals.activity import DepartureChoice

_S = ParticipationState
WORKING = {_S.CONFIRMED, _S.PREPARING, _S.ACTIVE}
"""It takes part, and has not said yet that its figures are final."""
TAKING_PART = WORKING | {_S.REPORTED_FINAL, _S.CLOSED}
OUT = (_S.DECLINED.value, _S.WITHDRAWN.value)
FINAL_WORDS = {
    _S.REPORTED_FINAL: "participation.final",
    _S.ACTIVE: "participation.reopen",
    _S.CLOSED: "participation.close",
}
"""The states into which a country's final word leads, and the acts: said, taken back, and closed by the coordinator."""
Waiting = Callable[[Session, UUID, str], int]
_waiting: list[Waiting] = []


TakeOut = Callable[[Session, Operation, str, DepartureChoice], Mapping[str, int]]
_taking_out: list[TakeOut] = []


def register_removal(take_out: TakeOut) -> TakeOut:
    """Register a function that takes a leaving country's data out of the totals; `take_out` returns counts by kind."""
    _taking_out.append(take_out)
    return take_out


def register_open_count(count: Waiting) -> Waiting:
    """Register a function that counts what a country must settle before its figures are final."""
    _waiting.append(count)
    return count


def _may(found: "Participation", owner: Operation, step: Step[ParticipationState], by: Actor) -> bool:
    """An invitation accepted while the operation runs makes the country active at once.

    Final words are for consolidation.
    """
    yes = step.before is _S.INVITED and step.after in WORKING
    running = owner.state == OperationState.ACTIVE
    last = step.verb not in FINAL_WORDS.values() or owner.state == OperationState.CONSOLIDATION
    return (
        may(by, step.act, subject(owner, found.country)) and last and (not yes or (step.after is _S.ACTIVE) is running)
    )


def _settled(found: "Participation", owner: Operation) -> Iterator[Flaw]:
    """Nothing of the country waits below V3 or was returned to it."""
    session = cast(Session | None, object_session(owner))
    if session is not None and (count := sum(each(session, owner.id, found.country) for each in _waiting)):
        yield Flaw(
            "reports",
            N_(
                "Reports of your country that wait below V3 or came back: {count}. Have them validated, corrected or "
                "withdrawn before your figures are final."
            ),
            {"count": count},
        )


_ANSWER = Act.PARTICIPATION_ANSWER
_INVITED = Waits(
    N_("Your country is invited: say whether it takes part."),
    "/",
    "mail",
    "invited_at",
    within=3 * DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/countries",
)
_ANSWERED = Flaw("", "The country has already answered: ask the coordinator to invite it again.")
_CLOSED = Flaw("", N_("This country is closed because it declared its figures final. It can no longer change."))
_COUNTRIES = "/operations/{operation}/countries"
_FINAL = Waits(
    N_("The operation is consolidated: say when your country's figures are final."),
    _COUNTRIES,
    "checks",
    "consolidated",
    within=3 * DAYS,
    late=TO_COORDINATOR,
)
_CLOSE = Waits(
    N_("{country} says that its figures are final: close it."),
    _COUNTRIES,
    "rubber-stamp",
    "final_at",
    within=3 * DAYS,
    late=TO_LEADERSHIP,
)
LIFE: Life[ParticipationState] = Life(
    "participation",
    _S.INVITED,
    (
        *ways((_S.DECLINED, _S.WITHDRAWN), _S.INVITED, "participation.invite", Act.PARTICIPATION_INVITE),
        Step(_S.INVITED, _S.CONFIRMED, "participation.confirm", _ANSWER, waits=_INVITED),
        Step(_S.INVITED, _S.ACTIVE, "participation.join", _ANSWER, waits=_INVITED),
        Step(
            _S.CONFIRMED,
            _S.ACTIVE,
            "participation.begin",
            Act.OPERATION_RUN,
            elsewhere="The operation becomes active.",
        ),
        Step(_S.INVITED, _S.DECLINED, "participation.decline", _ANSWER),
        *ways(
            (_S.CONFIRMED, _S.ACTIVE),
            _S.REPORTED_FINAL,
            FINAL_WORDS[_S.REPORTED_FINAL],
            _ANSWER,
            N_("Our figures are final"),
            "checks",
            guard=_settled,
            waits=_FINAL,
        ),
        Step(
            _S.REPORTED_FINAL,
            _S.ACTIVE,
            FINAL_WORDS[_S.ACTIVE],
            _ANSWER,
            N_("Take the final word back"),
            "arrow-back-up",
        ),
        Step(
            _S.REPORTED_FINAL,
            _S.CLOSED,
            FINAL_WORDS[_S.CLOSED],
            Act.PARTICIPATION_INVITE,
            N_("Close this country"),
            "rubber-stamp",
            waits=_CLOSE,
        ),
        *ways((_S.INVITED, _S.CONFIRMED, _S.ACTIVE, _S.REPORTED_FINAL), _S.WITHDRAWN, "participation.leave", _ANSWER),
    ),
    ends=(_S.DECLINED, _S.WITHDRAWN, _S.CLOSED),
    may=_may,
    astray=lambda before, after: _CLOSED if _S.CLOSED in (before, after) else _ANSWERED,
)


class Participation(SQLModel, table=True):
    """The participation of a country in an operation.

    `without`: why the debriefing does not wait for its final word. `unanswered`: why hits stay without an answer.

    `kept`: what happened to its figures when it left, until it joins again; "" for one that never left.
    """

    __table_args__ = (LIFE.known(), sa.CheckConstraint("kept IN ('', 'shown', 'totals', 'erased')", name="kept_known"))
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    state: str = Field(default=ParticipationState.INVITED.value, max_length=24)
    contribution: str = Field(default="participant", max_length=32)
    shares_totals: bool = False
    invited_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    final_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    without: str = Field(default="", max_length=2000)
    unanswered: str = Field(default="", max_length=2000)
    kept: str = Field(default="", max_length=8)

    @property
    def id(self) -> str:
        """An identifier made of the two keys."""
        return f"{self.operation_id}:{self.country}"


@scoped(Participation)
def _participations_seen(actor: Actor) -> object:
    """A national coordinator sees the own country's; officers none; central roles those of the operations in reach."""
    if not may(actor, Act.PARTICIPATION_READ):
        return false()
    if not actor.national:
        return within_reach(Participation.operation_id, actor)
    return (col(Participation.country) == actor.country) & within_reach(Participation.operation_id, actor)


class CountryInvitation(Draft):
    """Draft of an invitation: a country, and its kind of contribution."""

    country: Country
    contribution: Annotated[str, InList("CL-CONTRIBUTION"), Label(N_("As"))] = "participant"


class Leaving(Draft):
    """Draft of a departure: the choice of a leaving country about its figures."""

    figures: Annotated[
        DepartureChoice,
        Label(
            N_("What becomes of your country's figures"),
            choices={
                DepartureChoice.SHOWN.value: N_("Figures stay shown as before"),
                DepartureChoice.TOTALS.value: N_("Figures stay in totals only"),
                DepartureChoice.ERASED.value: N_("Figures are taken out of the totals"),
            },
        ),
    ]


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(
    session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Operation]
) -> list[CandidateRow]:
    query = select(Participation).where(col(Participation.state).in_(states))
    found = [each for each in session.exec(query) if each.operation_id in owners]
    over = {each.operation_id for each in found if owners[each.operation_id].state == OperationState.CONSOLIDATION}
    since = _consolidated_since(session, over) if over else {}
    return [
        CandidateRow(
            participation,
            owners[participation.operation_id],
            participation.operation_id,
            {"country": participation.country, "consolidated": since.get(participation.operation_id)},
        )
        for participation in found
    ]


def _consolidated_since(session: Session, operations: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return since when operations have been consolidated."""
    entry = journal.Entry
    query = select(entry.operation_id, sa.func.max(entry.at)).where(
        col(entry.operation_id).in_(operations), entry.act == "operation.consolidation"
    )
    return dict(session.exec(unscoped(query.group_by(col(entry.operation_id)))).all())


def participations(session: Session, operation_id: UUID) -> list[Participation]:
    """Return the participations that the asker may see, by country."""
    query = select(Participation).where(Participation.operation_id == operation_id).order_by(Participation.country)
    return list(session.exec(query).all())


def countries(session: Session, operation_id: UUID) -> list[str]:
    """Return the countries that were invited and have neither declined nor left, as far as the asker knows them."""
    return [each.country for each in participations(session, operation_id) if each.state not in OUT]


def countries_of_operations(session: Session, operations: Collection[UUID]) -> set[str]:
    """Return the `countries` of several operations together."""
    query = select(Participation.country).where(
        col(Participation.operation_id).in_(operations), col(Participation.state).not_in(OUT)
    )
    return set(session.exec(query.distinct()))


def taking_part(operation_id: Any, country: Any) -> Any:
    """Return an SQL condition: the country has accepted the invitation and has not left. Unscoped.

    It reads the bare table, because an officer depends on the country's answer without seeing it.
    """
    of = Participation.__table__  # type: ignore[attr-defined]
    yes = sa.select(of.c.state).where(of.c.operation_id == operation_id, of.c.country == country)
    return yes.where(of.c.state.in_([state.value for state in TAKING_PART])).exists()


def members(session: Session, operation_id: UUID) -> list[str]:
    """Return the countries that take part in the operation. For the server alone."""
    query = select(Participation.country).where(
        Participation.operation_id == operation_id, taking_part(operation_id, Participation.country)
    )
    return sorted(session.exec(unscoped(query)))


def refuse_outsiders(session: Session, operation_id: UUID, among: Iterable[str], field: str = "countries") -> None:
    """Raise RuleBroken, on `field`, where one of these countries does not take part in the operation."""
    if outside := sorted(set(among) - set(members(session, operation_id))):
        raise RuleBroken(field, "{countries} does not take part in the operation.", countries=list(outside))


def hidden_departure(operation_id: Any, country: Any) -> Any:
    """Return an SQL condition: the country has left the operation, and is hidden from everybody else in it."""
    of = Participation.__table__  # type: ignore[attr-defined]
    hidden = sa.select(of.c.state).where(of.c.operation_id == operation_id, of.c.country == country)
    return hidden.where(of.c.kept.in_([DepartureChoice.TOTALS.value, DepartureChoice.ERASED.value])).exists()


# ----------------------------------------------------------------------------------------------------- verbs


def invite(session: Session, operation_id: UUID, invitation: CountryInvitation, by: Actor) -> Participation:
    """Invite a country, also again after it declined or left.

    Otherwise a participation that exists is returned unchanged.
    """
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_INVITE, subject(owner, invitation.country))
    if owner.state in ENDED:
        raise RuleBroken("", "The operation has ended: no country can join it.")
    asked = rows.find_locked(session, Participation, operation_id, invitation.country)
    if asked is not None and asked.state not in (_S.DECLINED, _S.WITHDRAWN):
        return asked
    if asked is not None:
        LIFE.take(asked, owner, _S.INVITED, by)
    asked = asked or Participation(operation_id=operation_id, country=invitation.country, invited_at=now())
    asked.contribution, asked.invited_at, asked.answered_at = invitation.contribution, now(), None
    session.add(asked)
    journal.record(
        session,
        by,
        Act.PARTICIPATION_INVITE,
        "participation",
        operation=operation_id,
        country=invitation.country,
    )
    return asked


def answer(
    session: Session, operation_id: UUID, by: Actor, *, accept: bool, shares_totals: bool = False
) -> Participation:
    """Confirm or decline the invitation of the coordinator's country, and set whether others see its totals."""
    return _answer(
        session,
        operation_id,
        by,
        _S.CONFIRMED if accept else _S.DECLINED,
        shares_totals,
    )


def withdraw(session: Session, operation_id: UUID, leaving: Leaving, by: Actor) -> Participation:
    """Leave the operation, with a choice about the country's figures. The country can still read its own.

    Where figures stay in the totals alone, reports that it has not validated (V3) are taken out all the same.
    """
    owner = hold(session, operation_id, by)
    require(by, Act.PARTICIPATION_ANSWER, subject(owner, by.country))
    departing = rows.hold(session, Participation, operation_id, by.country)
    LIFE.take(departing, owner, _S.WITHDRAWN, by)
    taken: Counter[str] = Counter()
    for take_out in reversed(_taking_out):  # the last registered first: they write entries of their own
        taken.update(take_out(session, owner, departing.country, leaving.figures))
    departing.kept, departing.answered_at = leaving.figures.value, now()
    session.add(departing)
    activity.release_country(session, operation_id, departing.country, leaving.figures)
    journal.record(
        session,
        by,
        Act.PARTICIPATION_ANSWER,
        "participation",
        operation=operation_id,
        country=departing.country,
        audience=pulse.EVERYBODY,
        state=_S.WITHDRAWN.value,
        figures=leaving.figures.value,
        taken_out=dict(taken),
    )
    return departing


def final_word(session: Session, operation_id: UUID, country: str, to: ParticipationState, by: Actor) -> Participation:
    """Declare a country's figures final or take that back (the country), or close a country that has (the coordinator).

    Raises RuleBroken while a report of the country waits, and where the operation is not being consolidated.
    """
    owner = operation(session, operation_id, by)
    if to not in FINAL_WORDS:
        raise NotFound
    participant = rows.hold(session, Participation, operation_id, country)
    step = LIFE.way(participant, to)
    if step.verb != FINAL_WORDS[to]:
        raise NotFound
    require(by, step.act, subject(owner, country))
    _consolidated(owner)
    LIFE.take(participant, owner, to, by)
    participant.final_at, participant.without = None if to is _S.ACTIVE else participant.final_at or now(), ""
    session.add(participant)
    journal.record(session, by, FINAL_WORDS[to], "participation", operation=operation_id, country=country)
    return participant


def excuse_final_word(session: Session, operation_id: UUID, country: str, why: str, by: Actor) -> Participation:
    """Let the debriefing go on without a country's final word: the coordinator names the country, with the reason."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_INVITE, subject(owner, country))
    _consolidated(owner)
    silent = rows.hold(session, Participation, operation_id, country)
    if silent.state not in WORKING:
        raise RuleBroken("country", "Nothing is expected from this country.")
    silent.without = reason(why)
    session.add(silent)
    journal.record(
        session,
        by,
        "participation.without",
        "participation",
        operation=operation_id,
        country=country,
        reason=silent.without,
    )
    return silent


def missing_final_words(session: Session, operation_id: UUID) -> list[str]:
    """Return the countries that take part, have not declared their figures final, and are not excused."""
    query = select(Participation.country).where(
        Participation.operation_id == operation_id,
        col(Participation.state).in_([state.value for state in WORKING]),
        Participation.without == "",
    )
    return sorted(session.exec(unscoped(query)))


def _consolidated(owner: Operation) -> None:
    if owner.state != OperationState.CONSOLIDATION:
        raise RuleBroken("", "Countries can declare their figures final only during consolidation.")


def _answer(
    session: Session, operation_id: UUID, by: Actor, to: ParticipationState, shares_totals: bool
) -> Participation:
    """Write the country's answer down. One that takes part already changes only whether others see its totals."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_ANSWER, subject(owner, by.country))
    found = rows.hold(session, Participation, operation_id, by.country)
    if to is not _S.CONFIRMED or found.state not in TAKING_PART:
        running = to is _S.CONFIRMED and owner.state == OperationState.ACTIVE
        LIFE.take(found, owner, _S.ACTIVE if running else to, by)
        found.answered_at = now()
    found.shares_totals = shares_totals
    session.add(found)
    if to is _S.CONFIRMED:
        found.kept = ""
        activity.expect_country(session, operation_id, found.country, shares_totals)
    else:
        activity.release_country(session, operation_id, found.country)
    journal.record(
        session,
        by,
        Act.PARTICIPATION_ANSWER,
        "participation",
        operation=operation_id,
        country=found.country,
        audience=pulse.EVERYBODY,  # boards show who takes part
        state=to.value,
        shares_totals=shares_totals,
    )
    return found
