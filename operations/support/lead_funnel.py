"""The funnel from leads to results (K30): how many leads were received, answered, acted on and successful, and their
age.

It counts the parts of leads that the asker may see: for a country those received and sent, for the coordination all.
"Negative" is an answer, and was acted on; silence is neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.vocabulary import LeadState
from operations.policing.fugitives import lead_hits
from operations.policing.leads.rows import OPEN, LeadAnswer, LeadCountry
from operations.support import lead_results

_ACTED = (LeadState.ACTIONED.value, LeadState.POSITIVE.value, LeadState.NEGATIVE.value)


@dataclass(frozen=True)
class Funnel:
    """Counts of parts of leads, one part for each country asked: each is a subset of the one before, except `late`.

    `days` is the median time to the first answer, `age` the median age of those that still wait; None where there is
    none.
    """

    received: int
    answered: int
    acted: int
    positive: int
    results: int
    waiting: int
    late: int
    days: float | None
    age: float | None


def funnel(session: Session, operation_id: UUID, at: datetime) -> Funnel:
    """Return the funnel of an operation's leads that were sent and not revoked."""
    query = select(LeadCountry).where(
        LeadCountry.operation_id == operation_id,
        col(LeadCountry.shared_at).is_not(None),
        col(LeadCountry.revoked_at).is_(None),
    )
    parts = list(session.exec(query))
    said: dict[tuple[UUID, str], list[LeadAnswer]] = {}
    answers = select(LeadAnswer).where(col(LeadAnswer.lead_id).in_({each.lead_id for each in parts}))
    for each in session.exec(answers.order_by(col(LeadAnswer.made_at))):
        said.setdefault((each.lead_id, each.country), []).append(each)
    linked = {each.lead_id for each in lead_results.of_operation(session, operation_id)}
    linked |= {each.lead_id for each, _place, _case in lead_hits.standing(session, operation_id)}
    answered = [each for each in parts if (each.lead_id, each.country) in said]
    acted = [each for each in answered if any(one.answer in _ACTED for one in said[each.lead_id, each.country])]
    positive = [each for each in acted if each.state == LeadState.POSITIVE.value]
    waits = [each for each in parts if each.state in (*OPEN, LeadState.EXPIRED.value)]
    first = [_days(said[each.lead_id, each.country][0].made_at, each) for each in answered]
    return Funnel(
        received=len(parts),
        answered=len(answered),
        acted=len(acted),
        positive=len(positive),
        results=sum(each.lead_id in linked for each in positive),
        waiting=len(waits),
        late=sum(each.due <= at for each in waits),
        days=median(first) if first else None,
        age=median(_days(at, each) for each in waits) if waits else None,
    )


def _days(until: datetime, part: LeadCountry) -> float:
    """Return the days since a country was sent a lead."""
    assert part.shared_at is not None  # noqa: S101 - parts that were not sent are left out
    return (until - part.shared_at) / timedelta(days=1)
