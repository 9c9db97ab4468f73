"""Unanswered hits: raw hits of reports that count, to which no answer is recorded (domain 1.6.6).

Figures are published with them as pending, so they only warn before the debriefing and the final figures. Nothing is
recorded in an archived operation. So before that each is answered, recorded as unresolved by its country, or the
coordinator names the country with the reason.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core import journal, rows
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Confirmation, Country, Level, LineKind, OperationState
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.readiness import Guard
from operations.policing.reports.versions import Line, Report

NAMED_IN = (OperationState.CONSOLIDATION, OperationState.DEBRIEFED, OperationState.FINAL, OperationState.EVALUATED)
"""The states in which a country's unanswered hits may be named, with the reason."""


class UnansweredDraft(Draft):
    """Draft of the reason why a country's hits stay without an answer."""

    country: Annotated[Country, Label(N_("Country whose hits stay unanswered"))]
    reason: Annotated[
        NeededWords,
        Label(N_("Reason"), N_("Everybody who reads the figures reads it too. No names of persons."), draws="text"),
    ]


def unanswered(session: Session, operation_id: UUID) -> Counter[str]:
    """Return by country how many raw hits have no answer; a national role is told of its own country alone."""
    query = (
        select(Report.country, func.count())
        .join(Line, col(Line.version_id) == col(Report.id))
        .where(
            Report.operation_id == operation_id,
            col(Report.counted).is_(True),
            Report.level >= int(Level.V1),
            Line.kind == LineKind.HIT.value,
            Line.status == Confirmation.PENDING.value,
        )
        .group_by(Report.country)
    )
    asker = session.info.get("actor")
    with unfenced(session):
        found = Counter(dict(session.exec(unscoped(query)).all()))
    if not isinstance(asker, Actor) or not asker.national:
        return found
    return Counter({country: hits for country, hits in found.items() if country == asker.country})


def open_hits(session: Session, operation_id: UUID) -> Counter[str]:
    """Return the unanswered hits of countries that are not named with a reason."""
    query = select(plan.Participation.country).where(
        plan.Participation.operation_id == operation_id, plan.Participation.unanswered != ""
    )
    named = set(session.exec(unscoped(query)))
    found = unanswered(session, operation_id)
    return Counter({country: hits for country, hits in found.items() if country not in named})


def name(session: Session, operation_id: UUID, draft: UnansweredDraft, by: Actor) -> plan.Participation:
    """Name a country whose hits stay without an answer, with the reason; again, the reason is replaced.

    The hits stay pending: no figure changes.
    """
    operation = plan.hold(session, operation_id, by)
    require(by, Act.OPERATION_RUN, plan.subject(operation))
    if operation.state not in NAMED_IN:
        raise RuleBroken("", "Hits are named as unanswered from the end of an operation until it is archived.")
    hits = unanswered(session, operation_id)[draft.country]
    if not hits:
        raise RuleBroken("country", "No hit of this country waits for an answer.")
    found = rows.hold(session, plan.Participation, operation_id, draft.country)
    found.unanswered = draft.reason
    session.add(found)
    journal.record(
        session,
        by,
        "participation.unanswered",
        "participation",
        operation=operation_id,
        country=draft.country,
        hits=hits,
        reason=draft.reason,
    )
    return found


# -------------------------------------------------------------------------------------------------- guards


_STAY_PENDING = N_(
    "Hits without an answer: {hits}, of {countries}. The coordinators there ask the issuing country and record its "
    "answer. The figures say that these hits are pending."
)
_BEFORE_ARCHIVE = N_(
    "Hits without an answer: {hits}, of {countries}. Their coordinators record the answer, or that there is none; or "
    "name these hits as unanswered, with the reason. In the archive nothing is recorded any more."
)


def _guard(session: Session, operation: plan.Operation, *, warns: bool) -> Guard:
    found = open_hits(session, operation.id)
    said = {"hits": found.total(), "countries": sorted(found)}
    act, page = (Act.HIT_CONFIRM, "verify") if warns else (Act.OPERATION_RUN, "countries")
    sentence = _STAY_PENDING if warns else _BEFORE_ARCHIVE
    return Guard(Flaw("hits", sentence, said, act, f"/operations/{{operation}}/{page}"), not found, warns)


@lifecycle.register_guards(OperationState.DEBRIEFED)
@lifecycle.register_guards(OperationState.FINAL)
def _warned(session: Session, operation: plan.Operation) -> Iterable[Guard]:
    yield _guard(session, operation, warns=True)


@lifecycle.register_guards(OperationState.ARCHIVED)
def _settled(session: Session, operation: plan.Operation) -> Iterable[Guard]:
    yield _guard(session, operation, warns=False)
