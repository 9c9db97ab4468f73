"""Snapshots: prepared, agreed to by countries that want to, signed by two persons, published, and never changed (VF).

A correction after it is a late one of its country: it climbs again and goes into the next snapshot. What was told stays
as it was told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.claims import claim_rows
from operations.core import journal, pulse, rows, state_machine
from operations.core.clock import now
from operations.core.drafts import Draft, Moment, NeededWords, Words
from operations.core.errors import Conflict, Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import InList, Level, OperationState, ReportState, Role
from operations.core.worklist import CandidateRow
from operations.figures.releases import decision
from operations.policing import lifecycle
from operations.policing.lifecycle import LifecycleGuard
from operations.policing.operation import plan
from operations.policing.reports.exclusions import LeftOut
from operations.policing.reports.versions import Report
from operations.results import disclosed_figures
from operations.results.snapshot_rows import (
    GENESIS,
    LIFE,
    OPEN,
    STANDS,
    Snapshot,
    SnapshotFacts,
    SnapshotFigure,
    SnapshotState,
    SnapshotWord,
    snapshots,
)

_O, _S = OperationState, SnapshotState
FROM = (_O.ACTIVE, _O.CONSOLIDATION, _O.DEBRIEFED, _O.FINAL, _O.EVALUATED)
_ENDED = (_O.DEBRIEFED, _O.FINAL, _O.EVALUATED)
FINAL = ("final", "restated")
_AT_LEAST = ("≥", ">", "~")
RELEASED_AT_ONCE = 200
"""Guarded figures that so many reports hold, or fewer, are released with a snapshot; larger ones as they stand."""

# ---------------------------------------------------------------------------------------------------- drafts


class SnapshotDraft(Draft):
    """What is frozen, and the words under which it is told. `level` is V3 or V4."""

    id: UUID
    level: Annotated[
        Literal["V4", "V3"],
        Label(
            N_("Level"),
            N_("A final snapshot holds what is consolidated. Until then, what countries stand behind is preliminary."),
            choices={"V4": N_("V4: consolidated"), "V3": N_("V3: validated by countries")},
        ),
    ] = "V4"
    wording: Annotated[NeededWords, Label(N_("Wording"), N_("How the figures are told to the public. No names."))]
    qualifier: Annotated[
        str,
        InList("CL-QUAL"),
        Label(N_("Sums are told to the public as"), N_("Exactly, or as at least, more than or about.")),
    ] = "="
    method: Annotated[
        NeededWords, Label(N_("Method"), N_("What was counted and how, and what somebody who compares has to know."))
    ]
    embargo: Annotated[
        Moment | None,
        Label(
            N_("Embargo until"),
            N_("Nothing of it is told outside before. Leave it empty where there is none."),
            parts=(N_("Embargo until (day)"), N_("Embargo until (time)")),
        ),
    ] = None


class WordDraft(Draft):
    """What a country says of a snapshot. Who does not agree says why."""

    agrees: Annotated[
        Literal["yes", "no"],
        Label(N_("Does your country agree?"), choices={"yes": N_("It agrees"), "no": N_("It does not agree")}),
    ]
    words: Annotated[Words, Label(N_("In words"), N_("Needed where your country does not agree. No names."))] = ""


# --------------------------------------------------------------------------------------------------- guards


@lifecycle.asks(_O.FINAL)
def _is_signed(session: Session, operation: plan.Operation) -> Iterable[LifecycleGuard]:
    """It is true or not whoever asks: countries see what is signed only once it is published."""
    query = select(Snapshot.id).where(
        Snapshot.operation_id == operation.id,
        col(Snapshot.status).in_(FINAL),
        col(Snapshot.state).in_([state.value for state in (*STANDS, _S.SUPERSEDED)]),
    )
    said = N_("No final snapshot of the figures is signed by coordination and leadership yet.")
    yield LifecycleGuard(Flaw("snapshots", said), session.exec(unscoped(query)).first() is not None)


def not_consolidated(session: Session, operation_id: UUID) -> Counter[str]:
    """By country, how many reports it stands behind that no analyst has consolidated. For rules: whoever asks."""
    query = select(Report.country, func.count(col(Report.id))).where(
        Report.operation_id == operation_id,
        Report.state == ReportState.NATIONALLY_VALIDATED.value,
        col(Report.counted).is_(True),
    )
    with unfenced(session):
        return Counter(dict(session.exec(unscoped(query.group_by(Report.country))).all()))


def _left_out(session: Session, operation_id: UUID) -> int:
    with unfenced(session):
        found = session.exec(unscoped(select(LeftOut.reports).where(LeftOut.operation_id == operation_id))).all()
    return sum(found)


# ------------------------------------------------------------------------------------------------- questions


def may_prepare(operation: plan.Operation, by: Actor) -> bool:
    """Whether `by` may prepare a snapshot now."""
    return operation.state in FROM and may(by, Act.SNAPSHOT_PREPARE, plan.subject(operation))


def may_speak(snapshot: Snapshot, operation: plan.Operation, by: Actor) -> bool:
    """Whether `by` may say now whether the country agrees."""
    return (
        snapshot.state in OPEN
        and snapshot.by_country(by.country)
        and may(by, Act.SNAPSHOT_AGREE, plan.subject(operation, by.country))
    )


def offers(
    session: Session, snapshot: Snapshot, operation: plan.Operation, by: Actor
) -> list[state_machine.StepOffer[SnapshotState]]:
    """What `by` may do with a snapshot now."""
    return LIFE.offers(snapshot, _facts(session, operation, by), by)


def digest(snapshot: Snapshot, figures: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over what a snapshot says, its figures and the one before. Its salt is untold: it proves no guess."""
    facts = {name: getattr(snapshot, name) for name in _FACTS}
    facts |= {name: facts[name] and facts[name].isoformat() for name in ("taken_at", "embargo")}
    return fingerprint([facts, [[row[name] for name in _FIGURE] for row in figures]])


_FACTS = (
    *("id", "operation_id", "number", "level", "status", "entry", "taken_at", "basis", "wording", "method"),
    *("qualifier", "embargo", "prepared_by", "prepared_name", "previous_hash"),
)
_FIGURE = ("audience", "kpi", "dimension", "code", "value", "n", "of", "qualifier", "unit", "suppressed")


def broken(session: Session, operation_id: UUID) -> list[int]:
    """The numbers of snapshots that are not what they were, or do not stand on the one before. For Muster itself."""
    query = select(Snapshot).where(Snapshot.operation_id == operation_id).order_by(col(Snapshot.number))
    found, previous = [], GENESIS
    for place, snapshot in enumerate(session.exec(unscoped(query)).all(), start=1):
        kept = session.exec(unscoped(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == snapshot.id)))
        ordered = sorted(map(vars, kept), key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"]))
        whole = snapshot.content_hash == digest(snapshot, ordered)
        if snapshot.number != place or snapshot.previous_hash != previous or not whole:
            found.append(snapshot.number)
        previous = snapshot.content_hash
    return found


# ----------------------------------------------------------------------------------------------------- verbs


def prepare(session: Session, operation_id: UUID, draft: SnapshotDraft, by: Actor) -> Snapshot:
    """Freeze the figures as they stand, as each audience may see them, with the words under which they are told.

    The same draft again: the same answer; other content under its id is a Conflict. Raises RuleBroken where nothing is
    to be told yet, where reports wait to be consolidated, and where sums would be called exact that are not.
    """
    operation = plan.hold(session, operation_id, by)
    require(by, Act.SNAPSHOT_PREPARE, plan.subject(operation))
    level = Level[draft.level]
    said = draft.model_dump() | {"level": int(level), "operation_id": operation_id}
    otherwise = Conflict("This snapshot was already prepared with other words. Reload the page to see it.")
    if known := rows.said_before(session, Snapshot, draft.id, said, otherwise):
        return known
    left = _left_out(session, operation_id)
    _check(session, operation, draft, left)
    before = snapshots(session, operation_id)
    countries = _taking_part(session, operation_id)
    decision.release(session, operation, posts=False, most=RELEASED_AT_ONCE)
    of = disclosed_figures.basis(session, operation, level)
    made = Snapshot(
        **said,
        number=len(before) + 1,
        status=_status(operation, level, before),
        entry=journal.pulse(session),
        taken_at=now(),
        basis={"countries": list(countries), "left_out": left, "of": of, "salt": new_id().hex},
        prepared_by=by.account_id,
        prepared_name=by.name,
        previous_hash=before[0].content_hash if before else GENESIS,
        content_hash="",
    )
    inside = "≥" if left else "="
    figures = disclosed_figures.taken(session, operation, level, countries, draft.qualifier, inside)
    made.content_hash = digest(made, figures)
    session.add(made)
    session.flush()
    keys = {"snapshot_id": made.id, "operation_id": operation_id}
    session.connection().execute(_WRITE, [keys | row for row in figures])
    _record(session, by, "snapshot.prepare", made, status=made.status, level=level.name)
    return made


def speak(session: Session, snapshot_id: UUID, draft: WordDraft, by: Actor) -> SnapshotWord:
    """A national coordinator says whether the country agrees; until it is signed, another word replaces this one."""
    found, operation = _hold(session, snapshot_id, by)
    require(by, Act.SNAPSHOT_AGREE, plan.subject(operation, by.country))
    if not found.by_country(by.country):
        raise RuleBroken("", "Your country did not take part when it was prepared: there is nothing of it in there.")
    if found.state not in OPEN:
        raise RuleBroken("", "The snapshot is signed: what countries said of it stays. A correction is a late change.")
    agrees = draft.agrees == "yes"
    if not agrees and not draft.words:
        raise RuleBroken("words", "Say why your country does not agree: it stands beside the figures.")
    said = SnapshotWord(
        snapshot_id=found.id,
        country=str(by.country),
        operation_id=operation.id,
        agrees=agrees,
        words=draft.words,
        said_by=by.account_id,
        said_name=by.name,
        said_at=now(),
    )
    session.merge(said)
    _record(session, by, "snapshot.speak", found, country=by.country, agrees=agrees)
    return said


def take(session: Session, snapshot_id: UUID, to: SnapshotState, by: Actor, words: str = "") -> Snapshot:
    """Take a snapshot a step further: sign it, sign it for the leadership, publish it or drop it.

    Raises RuleBroken with what stands in the way, and NotPermitted.
    """
    found, operation = _hold(session, snapshot_id, by)
    before = found.state
    step, words = LIFE.take(found, _facts(session, operation, by), to, by, words)
    if to is _S.COORDINATED:
        found.signed_by, found.signed_name, found.signed_at = by.account_id, by.name, now()
    if to is _S.SIGNED:
        found.approved_by, found.approved_name, found.approved_at = by.account_id, by.name, now()
    if to is _S.DROPPED:
        found.reason = words
    session.add(found)
    gave_way: list[Snapshot] = []
    if to is _S.PUBLISHED:
        found.published_at, gave_way = now(), _give_way(session, found)
    _record(session, by, step.verb, found, before=before, after=to.value)
    for each in gave_way:
        _record(session, by, "snapshot.supersede", each, newer=found.number)
    return found


def _give_way(session: Session, newer: Snapshot) -> list[Snapshot]:
    """What was published before `newer` is superseded by it, and what was signed before and never told: which."""
    gave_way = []
    standing = select(Snapshot).where(
        Snapshot.operation_id == newer.operation_id,
        col(Snapshot.state).in_([state.value for state in STANDS]),
        Snapshot.id != newer.id,
    )
    for each in session.exec(standing).all():
        if each.state == _S.PUBLISHED and each.number > newer.number:
            raise RuleBroken("", "A newer snapshot is published already: this one is not told any more.")
        if each.state == _S.PUBLISHED:
            newer.supersedes_id = each.id
        if each.number < newer.number:
            LIFE.go(each, _S.SUPERSEDED)
            session.add(each)
            gave_way.append(each)
    return gave_way


def _check(session: Session, operation: plan.Operation, draft: SnapshotDraft, left: int) -> None:
    flaws = []
    if operation.state not in FROM:
        flaws.append(Flaw("", "A snapshot is prepared from the start of an operation until it is archived."))
    waiting = not_consolidated(session, operation.id) if draft.level == Level.V4.name else Counter[str]()
    if waiting:
        words = N_(
            "{count} reports of {countries} are validated and not consolidated: an analyst does that. Until then the "
            "figures of level V3 can be told as preliminary."
        )
        named = {"count": waiting.total(), "countries": ", ".join(sorted(waiting))}
        flaws.append(Flaw("level", words, named))
    if draft.level == Level.V4.name and (disputed := claim_rows.open_claims(session, operation.id)):
        words = N_(
            "{count} claims are with the countries: their lines may count twice. Until they are settled the figures of "
            "level V3 can be told as preliminary."
        )
        flaws.append(Flaw("level", words, {"count": disputed}))
    if left and draft.qualifier not in _AT_LEAST:
        words = N_("{count} reports were left out of the figures: say at least, more than or about, and not exactly.")
        flaws.append(Flaw("qualifier", words, {"count": left}))
    if draft.embargo is not None and draft.embargo <= now():
        flaws.append(Flaw("embargo", "This moment is over: an embargo ends in the future."))
    if flaws:
        raise RuleBroken.all(flaws)


def _status(operation: plan.Operation, level: Level, before: Iterable[Snapshot]) -> str:
    """A code of CL-STATUS: final once the operation is debriefed and all is consolidated, and restated after that."""
    if operation.state not in _ENDED or level < Level.V4:
        return "preliminary"
    again = any(each.status in FINAL and each.state not in (*OPEN, _S.DROPPED) for each in before)
    return "restated" if again else "final"


def _taking_part(session: Session, operation_id: UUID) -> tuple[str, ...]:
    found = session.exec(unscoped(select(plan.Participation).where(plan.Participation.operation_id == operation_id)))
    return tuple(sorted(each.country for each in found if each.state in plan.TAKING_PART))


def _facts(session: Session, operation: plan.Operation, by: Actor) -> SnapshotFacts:
    return SnapshotFacts(operation, _taking_part(session, operation.id), by)


def _hold(session: Session, snapshot_id: UUID, by: Actor) -> tuple[Snapshot, plan.Operation]:
    """The snapshot and its operation, both kept from other writers: they are signed and published one by one."""
    known = rows.one(session, Snapshot, snapshot_id)
    operation = plan.hold(session, known.operation_id, by)
    return rows.hold(session, Snapshot, snapshot_id), operation


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(Snapshot).where(col(Snapshot.state).in_(states), col(Snapshot.operation_id).in_(owners.keys()))
    found = session.exec(query).all()
    taking = select(plan.Participation.operation_id, plan.Participation.country, plan.Participation.state)
    parts = session.exec(taking.where(col(plan.Participation.operation_id).in_({each.operation_id for each in found})))
    countries: dict[UUID, list[str]] = {}
    for operation, country, state in sorted(parts.all() if found else []):
        if state in plan.TAKING_PART:
            countries.setdefault(operation, []).append(country)
    return [
        CandidateRow(
            each,
            SnapshotFacts(owners[each.operation_id], tuple(countries.get(each.operation_id, ())), by),
            each.operation_id,
            {"number": each.number},
        )
        for each in found
    ]


# --------------------------------------------------------------------------------------------------- journal


def _entries_seen(actor: Actor) -> Any:
    """Who works for no country reads all of it; national coordinators what concerns all countries, or theirs."""
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach
    own = col(entry.country).is_(None) | (col(entry.country) == actor.country)
    return reach & own if actor.role is Role.NATIONAL_COORDINATOR else col(entry.seq) < 0


def _countries(session: Session, snapshot_id: UUID | None, country: str | None) -> frozenset[str]:
    if country is not None:
        return frozenset({country})
    found = session.exec(unscoped(select(Snapshot).where(Snapshot.id == snapshot_id))).one()
    return frozenset(_taking_part(session, found.operation_id))


_CENTRAL = frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR})
journal.need_to_know("snapshot", seen=_entries_seen, countries=_countries, roles=_CENTRAL)
_WRITE = SnapshotFigure.__table__.insert()  # type: ignore[attr-defined]


def _record(session: Session, by: Actor, act: str, of: Snapshot, country: str | None = None, **detail: Any) -> None:
    told = {"number": of.number, **detail}
    if of.published_at is not None:  # everybody in the operation knows what is published
        audience = pulse.EVERYBODY
        where = ("operation", of.operation_id)
        journal.record(session, by, act, *where, operation=of.operation_id, audience=audience, **told)
        return
    journal.record(session, by, act, "snapshot", of.id, operation=of.operation_id, country=country, **told)
