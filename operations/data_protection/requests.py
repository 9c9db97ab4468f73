"""Requests of data subjects for access, correction or erasure (domain 5.3), from receipt to answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import journal, proof, pulse, rows, state_machine
from operations.core.clock import now
from operations.core.drafts import Draft, Heading, NeededWords
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Role
from operations.data_protection.copies import ERASERS, CopyHit, CopyOwner, marks
from operations.data_protection.copies import search as look_for
from operations.data_protection.register import DecidingDesk
from operations.data_protection.rows import (
    COPIES,
    COPY,
    OPEN,
    REQUEST,
    REQUESTS,
    CopyFacts,
    CopyState,
    DataCopy,
    DataRequest,
    SubjectRequestState,
    SubjectRight,
    Undecided,
    decides,
    handles,
    undecided,
)
from operations.policing.leads import leads
from operations.policing.operation import legal_holds

MONTH, LONGEST = timedelta(days=30), timedelta(days=90)
"""The time to answer, and with the extension that a difficult request may need."""
SEARCHES = 20
"""Maximum number of searches for one request, against trying out names."""

# ---------------------------------------------------------------------------------------------------- drafts


class SubjectRequestDraft(Draft):
    """Draft of a received request. The requester is named in the receiver's own file, and nowhere here."""

    id: UUID
    asked: Annotated[
        SubjectRight,
        Label(
            N_("The person asks"),
            draws="few",
            choices={
                SubjectRight.ACCESS.value: N_("what is kept"),
                SubjectRight.CORRECTION.value: N_("that it is corrected"),
                SubjectRight.DELETION.value: N_("that it is erased"),
            },
        ),
    ] = SubjectRight.ACCESS
    file_ref: Annotated[
        Heading,
        Rule(min_length=1, max_length=80),
        Label(N_("Your own file"), N_("Its number with you. Whose request it is stands there, and nowhere in Muster.")),
    ]
    received: Annotated[date, Label(N_("Received on"))]


class SearchDraft(Draft):
    """Draft of a search: the term is used for the search, and never stored."""

    wanted: Annotated[
        str,
        Rule(min_length=1, max_length=120),
        Label(
            N_("Look for"),
            N_(
                "The number of a notice or a file, a name or an alias, as whole words. It is looked for everywhere, "
                "in old versions as well, and is written down nowhere."
            ),
        ),
    ]


class ExtensionDraft(Draft):
    """Draft of an extension for a difficult request."""

    until: Annotated[date, Label(N_("Answer until"))]
    extended: Annotated[
        NeededWords, Label(N_("Why it takes longer"), N_("The person is told, within the first month."))
    ]


# ------------------------------------------------------------------------------------------------- questions


def requests(session: Session) -> Sequence[DataRequest]:
    """Return the requests that the asker may see: open ones first, by deadline."""
    found = session.exec(select(DataRequest).order_by(col(DataRequest.until), col(DataRequest.id))).all()
    return sorted(found, key=lambda each: each.state not in [state.value for state in OPEN])


def copies(session: Session, request_id: UUID | None = None) -> Sequence[DataCopy]:
    """Return the copies that the asker decides on, or audits: of one request or of all, undecided ones first."""
    query = select(DataCopy).order_by(col(DataCopy.found_at), col(DataCopy.kind), col(DataCopy.id))
    if request_id is not None:
        query = query.where(DataCopy.request_id == request_id)
    return sorted(session.exec(query).all(), key=lambda each: each.state != CopyState.FOUND.value)


def offers(session: Session, request: DataRequest, by: Actor) -> list[state_machine.StepOffer[SubjectRequestState]]:
    """Return the steps that `by` may take on a request now."""
    return REQUESTS.offers(request, _facts(session, request), by)


def copy_offers(session: Session, copy: DataCopy, by: Actor) -> list[state_machine.StepOffer[CopyState]]:
    """Return the decisions that `by` may take on a copy now."""
    return COPIES.offers(copy, _copy_facts(session, copy), by)


def holding(session: Session, copy: DataCopy) -> legal_holds.LegalHold | None:
    """Return the legal hold that keeps the item of a copy; None where nothing holds it."""
    case = copy.object_id if copy.kind == "case" else None
    if copy.kind == "lead":
        about = select(leads.Lead.subject_id).where(leads.Lead.id == copy.object_id)
        case = session.exec(unscoped(about)).first()
    return legal_holds.holding(session, copy.operation_id, copy.country, case)


def may_search(request: DataRequest, by: Actor) -> bool:
    """Return whether `by` may search for the request now."""
    return handles(request, by) and request.state in [state.value for state in OPEN]


# ----------------------------------------------------------------------------------------------------- verbs


def receive(session: Session, draft: SubjectRequestDraft, by: Actor) -> DataRequest:
    """Record a received request. Idempotent for the same draft. Raises RuleBroken for a day in the future."""
    country = by.country if by.national else None
    require(by, Act.DATA_HANDLE, Subject(country=country))
    said = draft.model_dump(mode="python") | {"asked": draft.asked.value, "country": country}
    otherwise = Conflict("This request was already written down with other content. Reload the page to see it.")
    if known := rows.same_draft(session, DataRequest, draft.id, said, otherwise):
        return known
    if draft.received > now().date():
        raise RuleBroken("received", "This day is in the future.")
    made = DataRequest(
        **said,
        until=draft.received + MONTH,
        **rows.author(by),
        moved_at=now(),
    )
    session.add(made)
    _record(session, made, by, "data.receive", asked=made.asked, until=made.until.isoformat())
    return made


def find_copies(session: Session, request_id: UUID, draft: SearchDraft, by: Actor) -> list[CopyHit]:
    """Return all hits of a term, whoever owns them: input for `search` alone.

    It reads everything and writes nothing, so that it blocks no writer. Raises RuleBroken for a request that is closed
    or was searched too often.
    """
    _searchable(rows.one(session, DataRequest, request_id), by)
    return look_for(session, draft.wanted)


def _searchable(request: DataRequest, by: Actor) -> None:
    if not handles(request, by):
        raise NotPermitted
    if request.searches >= SEARCHES:
        raise RuleBroken(
            "wanted",
            "This request has reached its limit of {count} searches. Record a new request to search again.",
            count=SEARCHES,
        )
    REQUESTS.way(request, SubjectRequestState.SEARCHED)


def search(session: Session, request_id: UUID, found: Sequence[CopyHit], by: Actor) -> int:
    """Store the hits of `look` as copies, for each owner to decide on. Return the number of new ones of `by`.

    A known hit is not stored again, and decisions stay. Copies of others are theirs: they decide, and nobody else
    learns of them.
    """
    request = _hold(session, request_id, by)
    _searchable(request, by)
    with unfenced(session):
        known = {
            _key(each) for each in session.exec(unscoped(select(DataCopy).where(DataCopy.request_id == request.id)))
        }
        fresh = [each for each in found if _thing_key(each.thing) not in known]
        marked = marks(session, [each.thing for each in fresh])
    made = [_copy(request, each, marked[each.thing]) for each in fresh]
    with unfenced(session):  # copies of other owners are outside this person's scope
        session.add_all(made)
        session.flush()
    request.searches, request.searched_at = request.searches + 1, now()
    before = request.state
    REQUESTS.go(request, SubjectRequestState.SEARCHED)
    request.moved_at = now()
    session.add(request)
    own = [each for each in made if decides(each, by)]
    journal.record(
        session, by, "data.look", REQUEST, request.id, country=request.country, chain=Chain.ACCESS, number=len(own)
    )
    for desk, country in sorted({(each.desk, each.country) for each in made}, key=str):
        first = next(each for each in made if (each.desk, each.country) == (desk, country))
        _record_copy(session, first, by, "data.find")
    _record(session, request, by, "data.search", before=before, after=request.state)
    return len(own)


def extend(session: Session, request_id: UUID, draft: ExtensionDraft, by: Actor) -> DataRequest:
    """Extend the deadline, once and before it ends: to at most three months in all."""
    request = _hold(session, request_id, by)
    if request.extended:
        raise RuleBroken("until", "This deadline was already extended. It can be extended only once.")
    if now().date() > request.until:
        raise RuleBroken("until", "The deadline has passed. A deadline can only be extended before it ends.")
    if not request.until < draft.until <= request.received + LONGEST:
        last = (request.received + LONGEST).isoformat()
        raise RuleBroken("until", "Choose a day after the present deadline, and no later than {last}.", last=last)
    request.until, request.extended, request.extended_at = draft.until, draft.extended, now()
    session.add(request)
    _record(session, request, by, "data.extend", until=request.until.isoformat())
    return request


def take(session: Session, request_id: UUID, to: SubjectRequestState, by: Actor, words: str = "") -> DataRequest:
    """Answer a request once every own copy is decided, or refuse it. Raises RuleBroken with the obstacles."""
    request = _hold(session, request_id, by)
    before = request.state
    step, words = REQUESTS.take(request, _facts(session, request), to, by, words)
    request.answer, request.moved_at = words, now()
    session.add(request)
    _record(session, request, by, step.verb, before=before, after=to.value)
    return request


@proof.needed
def decide(session: Session, copy_id: UUID, to: CopyState, by: Actor, words: str = "") -> DataCopy:
    """Decide on an own copy. "erased" erases what Muster can erase; anything else was changed before.

    Raises RuleBroken with the obstacles.
    """
    copy = rows.hold(session, DataCopy, copy_id)
    if not decides(copy, by):
        raise NotPermitted
    before = copy.state
    step, words = COPIES.take(copy, _copy_facts(session, copy), to, by, words)
    copy.reason, copy.mark = words, ""
    copy.decided_by, copy.decided_name, copy.decided_at = by.account_id, by.name, now()
    session.add(copy)
    session.flush()
    if to is CopyState.ERASED and copy.kind in ERASERS:
        with unfenced(session):
            ERASERS[copy.kind](session, copy.object_id, by)
    _record_copy(session, copy, by, step.verb, before=before, after=to.value, kind=copy.kind)
    return copy


# ----------------------------------------------------------------------------------------------------- inside


def _hold(session: Session, request_id: UUID, by: Actor) -> DataRequest:
    found = rows.hold(session, DataRequest, request_id)
    if not handles(found, by):
        raise NotPermitted
    return found


def _facts(session: Session, request: DataRequest) -> Undecided:
    return Undecided(undecided(session, [request.id]).get(request.id, 0))


def _copy_facts(session: Session, copy: DataCopy) -> CopyFacts:
    eraser, kept = copy.kind in ERASERS, holding(session, copy)
    hold = "" if kept is None else kept.reference
    if copy.state != CopyState.FOUND.value or (eraser and copy.asked == SubjectRight.DELETION.value):
        return CopyFacts(SubjectRight(copy.asked), eraser, hold=hold)
    thing = CopyOwner(copy.kind, copy.object_id, copy.operation_id, copy.country, DecidingDesk(copy.desk))
    return CopyFacts(SubjectRight(copy.asked), eraser, marks(session, [thing])[thing] == copy.mark, hold)


def _copy(request: DataRequest, hit: CopyHit, mark: str) -> DataCopy:
    thing = hit.thing
    return DataCopy(
        id=new_id(),
        request_id=request.id,
        asked=request.asked,
        kind=thing.kind,
        object_id=thing.id,
        operation_id=thing.operation,
        country=thing.country,
        desk=thing.desk.value,
        link=hit.link,
        mark=mark,
        found_at=now(),
    )


def _key(copy: DataCopy) -> tuple[str, UUID, str | None, str]:
    return copy.kind, copy.object_id, copy.country, copy.desk


def _thing_key(thing: CopyOwner) -> tuple[str, UUID, str | None, str]:
    return thing.kind, thing.id, thing.country, thing.desk.value


def _heard(country: str | None, desk: str) -> pulse.Audience:
    if country is not None:
        return pulse.countries(country, role=Role.NATIONAL_COORDINATOR) | pulse.centre(Role.AUDITOR)
    role = Role.RIGHTS_OFFICER if desk == DecidingDesk.RIGHTS else Role.OPERATION_COORDINATOR
    return pulse.centre(role, Role.AUDITOR)


def _record(session: Session, of: DataRequest, by: Actor, act: str, **detail: Any) -> None:
    heard = _heard(of.country, DecidingDesk.CENTRE)
    journal.record(session, by, act, REQUEST, of.id, country=of.country, audience=heard, **detail)


def _record_copy(session: Session, of: DataCopy, by: Actor, act: str, **detail: Any) -> None:
    heard = _heard(of.country, of.desk)
    journal.record(session, by, act, COPY, of.id, country=of.country, audience=heard, **detail)
