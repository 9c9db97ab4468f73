"""Key figures of evaluation: K64 to K68, of all evaluations or of one, from what the asker may see."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from operations.core import access_trail
from operations.core.access_trail import ACTS, AccessKind
from operations.core.clock import day_bounds, now, official_day
from operations.core.field_labels import N_
from operations.core.journal import AccessEntry
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.evaluation import evaluations, recommendations
from operations.evaluation.evaluation_states import ZONE, required_criteria
from operations.evaluation.recommendations import Recommendation
from operations.evaluation.rows import Evaluation, EvaluationOutcome, Judged
from operations.posts.figures import ProgrammeFigure, Value, share

ON_TIME = ProgrammeFigure(
    "K64",
    N_("Evaluations on time"),
    "%",
    N_("Evaluations that were final until their planned day, divided by all whose day is over or that are final."),
    N_("What is cancelled is in neither."),
    "S116",
)
PROFILE = ProgrammeFigure(
    "K65",
    N_("Criteria judged"),
    N_("criteria"),
    N_("Criteria with a score from 1 to 4 and its evidence, of those that are asked."),
    N_("Scores of several criteria are never averaged: read the profile."),
    "S134",
)
CARRIED_OUT = ProgrammeFigure(
    "K66",
    N_("Recommendations carried out"),
    "%",
    N_("Recommendations that are closed, divided by all that were accepted, in whole or in part."),
    N_("What was rejected has its reason, and is in neither."),
    N_("Muster's own"),
)
OVERDUE = ProgrammeFigure(
    "K66",
    N_("Recommendations overdue"),
    "%",
    N_("Recommendations that were to be carried out by now and are not, divided by all that were accepted."),
    N_("What is reported done and not closed is not overdue."),
    N_("Muster's own"),
)
LATER = ProgrammeFigure(
    "K67",
    N_("Later outcomes"),
    "%",
    N_("Investigations of the operation that led to charges within 24 months, divided by those opened."),
    N_("It holds what countries have said so far, each as of its own day."),
    "S39",
)
AUDIT = ProgrammeFigure(
    "K68",
    N_("Consultations with a reason"),
    "%",
    N_("Consultations of persons, cases and incidents with a reason, divided by all, until the end of yesterday."),
    N_("Whether the reason is good is for an auditor to read. Opened reports are left out: nobody is asked why."),
    "S143",
)
EVALUATION = (ON_TIME, PROFILE, CARRIED_OUT, OVERDUE, LATER, AUDIT)
_NO_UPDATE = N_("No country has said yet what became of its investigations.")
_ASKED = [act for act in ACTS[AccessKind.CONSULTATION] if act != "report.consult"]
_NOT_YOURS = N_("Only auditors, and countries of what is theirs, read the access trail.")


def today() -> date:
    """Return the day against which evaluations are late."""
    return official_day(now(), ZONE)


def figures(session: Session, by: Actor) -> list[Value]:
    """Return K64, K66 and K68 of all evaluations and recommendations."""
    on_time = [known for each in evaluations.evaluations(session) if (known := evaluations.on_time(each)) is not None]
    found = recommendations.recommendations(session)
    return [share(ON_TIME, sum(on_time), len(on_time)), *implementation_figures(found), _audited(session, by)]


def evaluation_figures(
    found: Evaluation, judged: Judged, recommended: Iterable[Recommendation], outcomes: Iterable[EvaluationOutcome]
) -> list[Value]:
    """Return K65 to K67 of one evaluation."""
    asked = required_criteria(found.about)
    scored = sum(criterion in judged and judged[criterion].score is not None for criterion in asked)
    said = list(outcomes)
    later = share(LATER, sum(each.charged for each in said), sum(each.opened for each in said))
    told = [later if said else Value(LATER, None, why=_NO_UPDATE)] if found.operations else []
    return [Value(PROFILE, float(scored), scored, len(asked)), *implementation_figures(list(recommended)), *told]


def implementation_figures(found: Sequence[Recommendation]) -> list[Value]:
    """Return K66, and the overdue recommendations."""
    sums = recommendations.sums(found, today())
    return [share(CARRIED_OUT, sums.carried_out, sums.accepted), share(OVERDUE, sums.overdue, sums.accepted)]


def _audited(session: Session, by: Actor) -> Value:
    """Return K68. The access trail's own scope decides which consultations the reader may know."""
    if not may(by, Act.TRAIL_READ):
        return Value(AUDIT, None, why=_NOT_YOURS)
    reason: Any = col(AccessEntry.detail)["reason"].as_string()
    query = select(func.count(), func.count(func.nullif(reason, ""))).where(
        col(AccessEntry.act).in_(_ASKED), AccessEntry.at < day_bounds(today(), ZONE)[0]
    )
    if access_trail.audits(by):
        query = query.where(AccessEntry.act != access_trail.SAW)  # the same access has an entry for the whole
    else:
        query = query.where(AccessEntry.country == by.country)
    consulted, with_reason = session.exec(query).one()
    return share(AUDIT, with_reason, consulted)
