"""Tables of data subject requests and of the copies found for each, with the state machines of both (domain 5.3, R78).

A country, or the coordination, receives a request and has a month to answer it. The search term is typed at each search
and never stored: of a copy only its place and its owner's decision are stored. Each owner decides on the own copies
alone, and the searcher learns nothing of those of others: a country owns its data, and a request gives no access to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, state_machine
from operations.core.clock import UtcDateTime, day_bounds
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped
from operations.core.vocabulary import Role
from operations.core.worklist import AGAIN, DAYS, CandidateRow, Waits
from operations.data_protection.register import DecidingDesk
from operations.policing.operation.legal_holds import REFUSED
from operations.policing.operation.rows import within_reach

REQUEST, COPY = "data_request", "data_copy"


class SubjectRight(StrEnum):
    """The rights that a person exercises."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"


class SubjectRequestState(StrEnum):
    """States of a request."""

    RECEIVED = "received"
    SEARCHED = "searched"
    ANSWERED = "answered"
    REFUSED = "refused"


class CopyState(StrEnum):
    """States of a copy."""

    FOUND = "found"
    GIVEN = "given"
    WITHHELD = "withheld"
    CORRECTED = "corrected"
    ERASED = "erased"
    KEPT = "kept"


_R, _C = SubjectRequestState, CopyState
OPEN = (_R.RECEIVED, _R.SEARCHED)
WAYS = {
    SubjectRight.ACCESS: (_C.GIVEN, _C.WITHHELD),
    SubjectRight.CORRECTION: (_C.CORRECTED, _C.ERASED, _C.KEPT),
    SubjectRight.DELETION: (_C.ERASED, _C.KEPT),
}
"""The possible decisions on a copy, by the right exercised."""


class Undecided(NamedTuple):
    """Facts for a request's guards besides its row: the number of undecided own copies."""

    own: int


def _all_decided(_request: "DataRequest", facts: Undecided) -> Iterator[Flaw]:
    """Every copy found is decided."""
    if facts.own:
        yield Flaw("", N_("Decide on every copy that was found first. Still open: {count}."), {"count": facts.own})


def _may_handle(
    request: "DataRequest", _facts: Undecided, step: state_machine.Step[SubjectRequestState], by: Actor
) -> bool:
    return may(by, step.act, Subject(country=request.country)) and handles(request, by)


def handles(request: "DataRequest", by: Actor) -> bool:
    """Return whether a request was received by the country, or the coordination, that `by` works for."""
    return may(by, Act.DATA_HANDLE) and request.country == (by.country if by.national else None)


_HERE = "/data-protection?show={id}"
_SEARCH = Waits(
    N_("Request {reference} about data: look for what is kept, and answer it."),
    _HERE,
    "user-search",
    "made_at",
    "until_at",
    late=AGAIN,
)
_ANSWER = Waits(
    N_("Request {reference} about data: answer it."), _HERE, "user-search", "searched_at", "until_at", late=AGAIN
)
_LOOKED = N_("Type what to look for beside the button: it is never kept.")
REQUESTS = state_machine.Life(
    "data request",
    _R.RECEIVED,
    (
        state_machine.Step(
            _R.RECEIVED, _R.SEARCHED, "data.search", Act.DATA_HANDLE, icon="search", elsewhere=_LOOKED, waits=_SEARCH
        ),
        state_machine.Step(_R.SEARCHED, _R.SEARCHED, "data.search", Act.DATA_HANDLE, icon="search", elsewhere=_LOOKED),
        state_machine.Step(
            _R.SEARCHED,
            _R.ANSWERED,
            "data.answer",
            Act.DATA_HANDLE,
            N_("It is answered"),
            "check",
            N_("What was answered, without saying about whom"),
            guard=_all_decided,
            waits=_ANSWER,
        ),
        *state_machine.ways(
            OPEN,
            _R.REFUSED,
            "data.refuse",
            Act.DATA_HANDLE,
            N_("Refuse it"),
            "ban",
            N_("Why it is refused, and where the person can complain"),
        ),
    ),
    ends=(_R.ANSWERED, _R.REFUSED),
    may=_may_handle,
    astray=lambda _before, _after: Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _R.RECEIVED: N_("Received"),
        _R.SEARCHED: N_("Looked for"),
        _R.ANSWERED: N_("Answered"),
        _R.REFUSED: N_("Refused"),
    },
)


class CopyFacts(NamedTuple):
    """Facts that a copy's guards check: the right exercised, and whether the text still stands where it was found.

    `eraser`: Muster itself erases items of this kind. `still` is None where nobody looked. `hold` is the reference of
    the legal hold that keeps the item.
    """

    asked: SubjectRight
    eraser: bool
    still: bool | None = None
    hold: str = ""


def _changed(_copy: "DataCopy", facts: CopyFacts) -> Iterator[Flaw]:
    """The text has changed since it was found."""
    if facts.still:
        yield Flaw("", N_("The text still contains the term. Change the text first."))


def _gone(copy: "DataCopy", facts: CopyFacts) -> Iterator[Flaw]:
    if facts.hold:
        yield Flaw("", REFUSED, {"reference": facts.hold})
    elif not facts.eraser:
        yield from _changed(copy, facts)


def _may_decide(copy: "DataCopy", facts: CopyFacts, step: state_machine.Step[CopyState], by: Actor) -> bool:
    return step.after in WAYS[facts.asked] and decides(copy, by)


def decides(copy: "DataCopy", by: Actor) -> bool:
    """Return whether a copy belongs to the country, or the desk, that `by` decides for."""
    if not may(by, Act.DATA_DECIDE):
        return False
    if by.national:
        return copy.desk == DecidingDesk.COUNTRY and copy.country == by.country
    return copy.desk == (DecidingDesk.RIGHTS if by.role is Role.RIGHTS_OFFICER else DecidingDesk.CENTRE)


_DECIDE = Waits(
    N_("A person asks about data, and a copy was found on {day}: decide on it."),
    "/data-protection?copy={id}",
    "user-search",
    "found_at",
    within=14 * DAYS,
    late=AGAIN,
)


def _decision(
    after: CopyState, words: str, icon: str, why: str = "", guard: Any = None
) -> state_machine.Step[CopyState]:
    verb = f"data.{after.value}"
    return state_machine.Step(_C.FOUND, after, verb, Act.DATA_DECIDE, words, icon, why, guard=guard, waits=_DECIDE)


COPIES = state_machine.Life(
    "copy of data",
    _C.FOUND,
    (
        _decision(_C.GIVEN, N_("The person is told of it"), "check"),
        _decision(
            _C.WITHHELD, N_("The person is not told"), "eye-off", N_("The person is not told: why, and under which law")
        ),
        _decision(_C.CORRECTED, N_("It is corrected"), "check", guard=_changed),
        _decision(_C.ERASED, N_("Erase it"), "eraser", guard=_gone),
        _decision(_C.KEPT, N_("It stays as it is"), "ban", N_("It stays as it is: why, and under which law")),
    ),
    ends=(_C.GIVEN, _C.WITHHELD, _C.CORRECTED, _C.ERASED, _C.KEPT),
    may=_may_decide,
    astray=lambda _before, _after: Flaw("", "This copy was decided on already: reload the page to see how."),
    words={
        _C.FOUND: N_("Not decided"),
        _C.GIVEN: N_("Told"),
        _C.WITHHELD: N_("Not told"),
        _C.CORRECTED: N_("Corrected"),
        _C.ERASED: N_("Erased"),
        _C.KEPT: N_("Kept as it is"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables


class DataRequest(SQLModel, table=True):
    """A request of a person, under the number of the receiver's own file. It holds nothing about the requester.

    `country` received it, None: the coordination. `until`: the last day to answer.
    """

    __tablename__ = REQUEST
    __table_args__ = (
        REQUESTS.known(),
        REQUESTS.exactly(REQUESTS.needing_reason(), "answer <> ''", "answer_given"),
        CheckConstraint("asked IN ('access', 'correction', 'deletion')", name="asked_known"),
        CheckConstraint("(extended_at IS NULL) = (extended = '')", name="extended_with_reason"),
    )
    id: UUID = Field(primary_key=True)
    country: str | None = Field(default=None, max_length=3, index=True)
    asked: str = Field(max_length=12)
    file_ref: str = Field(max_length=80)
    received: date
    until: date
    extended: str = Field(default="", max_length=2000)
    extended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(default=SubjectRequestState.RECEIVED.value, max_length=12)
    searches: int = 0
    searched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def until_at(self) -> datetime:
        """The end of its last day (UTC)."""
        return day_bounds(self.until, "UTC")[1]

    @property
    def reference(self) -> str:
        """The reference that people use. It does not reveal the number of requests."""
        return f"DR-{fingerprint([str(self.id)])[:8].upper()}"


class DataCopy(SQLModel, table=True):
    """An item that contains the term: its place, its owner and the decision; never its content.

    `mark` shows, until it is decided, whether the text is still the same.
    """

    __tablename__ = COPY
    __table_args__ = (
        COPIES.known(),
        COPIES.exactly((CopyState.FOUND,), "decided_by IS NULL", "decided_by_somebody"),
        CheckConstraint("state NOT IN ('withheld', 'kept') OR reason <> ''", name="reason_given"),
        CheckConstraint("desk IN ('country', 'centre', 'rights')", name="desk_known"),
        CheckConstraint("(desk = 'country') = (country IS NOT NULL)", name="owned_by_one"),
        UniqueConstraint("request_id", "kind", "object_id", "country", "desk"),
    )
    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="data_request.id", index=True)
    asked: str = Field(max_length=12)
    kind: str = Field(max_length=16)
    object_id: UUID
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    country: str | None = Field(default=None, max_length=3, index=True)
    desk: str = Field(max_length=8)
    link: str = Field(max_length=200)
    mark: str = Field(max_length=64)
    state: str = Field(default=CopyState.FOUND.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    decided_by: UUID | None = None
    decided_name: str = Field(default="", max_length=120)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    found_at: datetime = Field(sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what


@scoped(DataRequest)
def _requests_seen(actor: Actor) -> Any:
    """Return the row filter: the receiver, a country or the coordination; auditors all."""
    if not may(actor, Act.DATA_READ) or actor.only is not None or actor.role is Role.RIGHTS_OFFICER:
        return false()
    if actor.role is Role.AUDITOR:
        return true()
    return col(DataRequest.country) == actor.country if actor.national else col(DataRequest.country).is_(None)


@scoped(DataCopy)
def _copies_seen(actor: Actor) -> Any:
    """Return the row filter: the owner alone, and auditors: not even the searcher."""
    if not may(actor, Act.DATA_READ) or actor.only is not None:
        return false()
    if actor.role is Role.AUDITOR:
        return true()
    if actor.national:
        return (col(DataCopy.desk) == DecidingDesk.COUNTRY.value) & (col(DataCopy.country) == actor.country)
    if actor.role is Role.RIGHTS_OFFICER:
        return col(DataCopy.desk) == DecidingDesk.RIGHTS.value
    here = col(DataCopy.operation_id).is_(None) | within_reach(DataCopy.operation_id, actor)
    return (col(DataCopy.desk) == DecidingDesk.CENTRE.value) & here


def _entries(seen: Any, model: Any) -> Any:
    def condition(actor: Actor) -> Any:
        return col(journal.Entry.object_id).in_(select(model.id).where(seen(actor)))

    return condition


def _nobody(_session: Session, _id: UUID | None, _country: str | None) -> frozenset[str]:
    return frozenset()


journal.need_to_know(REQUEST, seen=_entries(_requests_seen, DataRequest), countries=_nobody, roles=frozenset())
journal.need_to_know(COPY, seen=_entries(_copies_seen, DataCopy), countries=_nobody, roles=frozenset())


# ---------------------------------------------------------------------------------------------- what waits


@REQUESTS.rows
def _requests_in(session: Session, by: Actor, states: Iterable[str], _owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    found = session.exec(select(DataRequest).where(col(DataRequest.state).in_(states))).all()
    left = undecided(session, [each.id for each in found])
    return [
        CandidateRow(
            request,
            Undecided(left.get(request.id, 0)),
            None,
            {"reference": request.reference, "country": request.country},
        )
        for request in found
        if handles(request, by)
    ]


@COPIES.rows
def _copies_in(session: Session, by: Actor, states: Iterable[str], _owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    """Return the work list candidates: one for each request, as its first copy stands for all."""
    query = select(DataCopy).where(col(DataCopy.state).in_(states)).order_by(col(DataCopy.found_at), col(DataCopy.id))
    first: dict[UUID, DataCopy] = {}
    for each in session.exec(query):
        if decides(each, by):
            first.setdefault(each.request_id, each)
    return [
        CandidateRow(
            copy,
            CopyFacts(SubjectRight(copy.asked), eraser=True),
            None,
            {"country": copy.country, "day": copy.found_at.date()},
        )
        for copy in first.values()
    ]


def undecided(session: Session, requests: Iterable[UUID]) -> dict[UUID, int]:
    """Return the number of copies of each request that the asker still has to decide on."""
    query = select(DataCopy.request_id).where(
        col(DataCopy.request_id).in_(list(requests)), DataCopy.state == CopyState.FOUND.value
    )
    counts: dict[UUID, int] = {}
    for each in session.exec(query):
        counts[each] = counts.get(each, 0) + 1
    return counts
