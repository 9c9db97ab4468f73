"""Routes of leads: the questions that were sent to the own country, and its answers to them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel import Session

from dashboard.api.access import LeadAnswerer, LeadReader, StrictRoute, write
from dashboard.wording import N_
from operations.core import journal
from operations.core.errors import NotFound
from operations.core.handling_codes import may_leave
from operations.core.people import Actor
from operations.core.store import Store
from operations.core.vocabulary import LeadSubject
from operations.policing.leads import leads
from operations.policing.leads.drafts import LeadAnswerDraft
from operations.policing.operation import plan

_LIST = N_(
    "The leads that were sent to your country, the soonest due first; those about a fugitive are read in Muster, with "
    "their case. This is written into the access trail."
)
_ANSWER = N_(
    "Make `id` yourself. `accepted` and `actioned` say how far you are; `positive` and `negative` are the answer, "
    "which cannot change. The same answer again gets the same answer."
)


class LeadReply(BaseModel):
    """An answer of your country. `answer` is a code of CL-LEADSTATE."""

    id: UUID
    answer: str
    remark: str
    made_at: datetime


class LeadSent(BaseModel):
    """A lead that was sent to your country. `state` is how far your country is: a code of CL-LEADSTATE."""

    id: UUID
    operation_id: UUID
    version: int
    origin: str
    origin_country: str | None
    subject_kind: str
    question: str | None = Field(
        description=N_("Null for handling H2 and H3: nobody passes it on, so read it in Muster.")
    )
    source: str
    information: str
    handling: str
    state: str
    due: datetime
    shared_at: datetime
    answered_at: datetime | None
    answers: list[LeadReply]


def router(store: Store) -> APIRouter:
    """Return the routes of leads."""
    routes = APIRouter(tags=["leads"], route_class=StrictRoute)

    @routes.get(
        "/operations/{operation_id}/leads", summary=N_("Read the leads sent to your country"), description=_LIST
    )
    def list_leads(operation_id: UUID, by: LeadReader) -> list[LeadSent]:
        """Read the leads that were sent to the country."""
        with journal.disclosing(store, by) as session:
            operation = plan.operation(session, operation_id, by)
            found = [sent for each in leads.leads(session, operation.id) if (sent := _sent(session, each, by))]
            about = {"operation": operation.id, "country": by.country, "what": "leads", "leads": len(found)}
            journal.record_download(session, by, "api.read", None, "json", **about)
        return found

    @routes.post("/leads/{lead_id}/answers", status_code=201, summary=N_("Answer a lead"), description=_ANSWER)
    def answer_lead(lead_id: UUID, draft: LeadAnswerDraft, by: LeadAnswerer) -> LeadSent:
        """Record how far the country is, or its answer."""

        def work(session: Session) -> LeadSent:
            _required(_sent(session, leads.lead(session, lead_id), by))
            answered = leads.answer(session, lead_id, draft, by)
            session.flush()
            return _required(_sent(session, answered, by))

        return write(store, by, work)

    return routes


def _required(found: LeadSent | None) -> LeadSent:
    if found is None:
        raise NotFound
    return found


def _sent(session: Session, lead: leads.Lead, by: Actor) -> LeadSent | None:
    """Return a lead as the asker's country was sent it; None where it was not, and for one about a case."""
    part = next((each for each in leads.parts(session, lead.id) if each.country == by.country), None)
    if part is None or part.shared_at is None or part.revoked_at or lead.subject_kind == LeadSubject.FUGITIVE_CASE:
        return None
    said = leads.newest_version(session, lead.id)
    own = [each for each in leads.answers(session, lead.id) if each.country == by.country]
    return LeadSent(
        id=lead.id,
        operation_id=lead.operation_id,
        version=said.version,
        origin=lead.origin,
        origin_country=lead.origin_country,
        subject_kind=lead.subject_kind,
        question=said.question if may_leave(said.handling) else None,
        source=said.source,
        information=said.information,
        handling=said.handling,
        state=part.state,
        due=part.due,
        shared_at=part.shared_at,
        answered_at=part.answered_at,
        answers=[LeadReply(id=each.id, answer=each.answer, remark=each.remark, made_at=each.made_at) for each in own],
    )
