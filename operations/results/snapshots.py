"""Snapshots: prepared, agreed to by countries that wish to, signed by two persons, published, and never changed (VF).

A correction after it is a late one by its country: it climbs the levels again and enters the next snapshot. Published
figures stay as published.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, func, select

from operations.claims import claim_rows
from operations.core import journal, proof, pulse, rows, state_machine
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
from operations.figures.releases.decision import Round
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.readiness import Guard
from operations.policing.reports.exclusions import ReportExclusion
from operations.policing.reports.versions import Report
from operations.results import disclosed_figures, snapshot_details
from operations.results.past_operations.publications import past_operation
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

# ---------------------------------------------------------------------------------------------------- drafts


class SnapshotDraft(Draft):
    """What is frozen, and the words under which it is published. `level` is V3 or V4."""

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
    publication: Annotated[
        int | None,
        Rule(ge=1, le=999),
        Label(
            N_("Public release"),
            N_("The past operation whose published figures stand beside those counted here, where there is one."),
            draws="one",
        ),
    ] = None
    embargo: Annotated[
        Moment | None,
        Label(
            N_("Embargo until"),
            N_("Nothing of it is told outside before. Leave it empty where there is none."),
            parts=(N_("Embargo until (day)"), N_("Embargo until (time)")),
        ),
    ] = None


class WordDraft(Draft):
    """A country's answer to a snapshot. A reason is required for disagreeing."""

    agrees: Annotated[
        Literal["yes", "no"],
        Label(N_("Does your country agree?"), choices={"yes": N_("It agrees"), "no": N_("It does not agree")}),
    ]
    words: Annotated[Words, Label(N_("In words"), N_("Needed where your country does not agree. No names."))] = ""


# --------------------------------------------------------------------------------------------------- guards


@lifecycle.register_guards(_O.FINAL)
def _is_signed(session: Session, operation: plan.Operation) -> Iterable[Guard]:
    """It is true or not whoever asks: countries see what is signed only once it is published."""
    query = select(Snapshot.state).where(Snapshot.operation_id == operation.id, col(Snapshot.status).in_(FINAL))
    found = set(session.exec(unscoped(query)))
    said = N_("No final snapshot of the figures is signed by coordination and leadership yet.")
    brings_on = {_S.COORDINATED: Act.SNAPSHOT_APPROVE, _S.PREPARED: Act.SNAPSHOT_SIGN}
    act = next((act for state, act in brings_on.items() if state in found), Act.SNAPSHOT_PREPARE)
    flaw = Flaw("snapshots", said, act=act, place="/operations/{operation}/snapshots")
    yield Guard(flaw, not found.isdisjoint({*STANDS, _S.SUPERSEDED}))


def not_consolidated(session: Session, operation_id: UUID) -> Counter[str]:
    """Count the reports that each country validated and no analyst has consolidated. For rules, so it is not scoped."""
    query = select(Report.country, func.count(col(Report.id))).where(
        Report.operation_id == operation_id,
        Report.state == ReportState.NATIONALLY_VALIDATED.value,
        col(Report.counted).is_(True),
    )
    with unfenced(session):
        return Counter(dict(session.exec(unscoped(query.group_by(Report.country))).all()))


def _left_out(session: Session, operation_id: UUID) -> int:
    with unfenced(session):
        left_out = session.exec(
            unscoped(select(ReportExclusion.reports).where(ReportExclusion.operation_id == operation_id))
        ).all()
    return sum(left_out)


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
    """Return the steps of a snapshot open to `by` now."""
    return LIFE.offers(snapshot, _facts(session, operation, by), by)


def digest(snapshot: Snapshot, figures: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of a snapshot's content, figures and predecessor. Its secret salt makes guesses useless."""
    facts = {name: getattr(snapshot, name) for name in _FACTS}
    facts |= {name: facts[name] and facts[name].isoformat() for name in ("taken_at", "embargo")}
    return fingerprint([facts, [[row[name] for name in _FIGURE] for row in figures]])


_FACTS = (
    *("id", "operation_id", "number", "level", "status", "entry", "taken_at", "basis", "wording", "method"),
    *("qualifier", "publication", "embargo", "prepared_by", "prepared_name", "previous_hash"),
)
_FIGURE = ("audience", "kpi", "dimension", "code", "value", "n", "of", "qualifier", "unit", "suppressed", "notes")


def broken(session: Session, operation_id: UUID) -> list[int]:
    """Return the numbers of snapshots whose content or link to the one before is broken. For Muster itself."""
    query = select(Snapshot).where(Snapshot.operation_id == operation_id).order_by(col(Snapshot.number))
    numbers, previous = [], GENESIS
    for place, snapshot in enumerate(session.exec(unscoped(query)).all(), start=1):
        kept = session.exec(unscoped(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == snapshot.id)))
        ordered = sorted(map(vars, kept), key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"]))
        whole = snapshot.content_hash == digest(snapshot, ordered)
        if snapshot.number != place or snapshot.previous_hash != previous or not whole:
            numbers.append(snapshot.number)
        previous = snapshot.content_hash
    return numbers


# ----------------------------------------------------------------------------------------------------- verbs


class Frozen(NamedTuple):
    """The figures of an operation as each audience may see them, with the entry and the moment of which they are.

    `after`: the number of snapshots before it, which it knows of.
    """

    operation: UUID
    level: Level
    qualifier: str
    publication: int | None
    after: int
    entry: int
    at: datetime
    countries: tuple[str, ...]
    left_out: int
    basis: Any
    figures: list[dict[str, Any]]


def decide(session: Session, operation_id: UUID, by: Actor) -> Round:
    """What may be released with a snapshot of what stands now: takes seconds, so it is asked before `release`."""
    return decision.decide(session, _of(session, operation_id, by))


def release(session: Session, decided: Round, by: Actor) -> None:
    """Release what was decided, unless something was released since."""
    _of(session, decided.operation, by)
    if not decision.overtaken(session, decided):
        decision.record(session, decided)


def freeze(session: Session, operation_id: UUID, draft: SnapshotDraft, by: Actor) -> Frozen:
    """The figures that a snapshot holds, as they stand now: takes seconds, so it is asked before `prepare`."""
    operation, level = _of(session, operation_id, by), Level[draft.level]
    left, countries = _left_out(session, operation_id), _taking_part(session, operation_id)
    figures = disclosed_figures.taken(session, operation, level, countries, draft.qualifier, "≥" if left else "=")
    entry, past = journal.pulse(session), past_operation(draft.publication) if draft.publication else None
    figures += snapshot_details.taken(session, operation, level, entry, figures, past)
    figures.sort(key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"]))
    basis = disclosed_figures.basis(session, operation, level)
    after = len(snapshots(session, operation_id))
    of = (operation_id, level, draft.qualifier, draft.publication, after)
    return Frozen(*of, entry, now(), countries, left, basis, figures)


def _of(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    operation = plan.operation(session, operation_id, by)
    require(by, Act.SNAPSHOT_PREPARE, plan.subject(operation))
    return operation


def prepare(
    session: Session, operation_id: UUID, draft: SnapshotDraft, by: Actor, frozen: Frozen | None = None
) -> Snapshot:
    """Freeze the figures as they stand, as each audience may see them, with the words under which they are told.

    `frozen`: the figures of a moment ago, for the same draft; where there are none they are released and frozen here,
    while others wait.

    The same draft again: the same answer; other content under its id is a Conflict. Raises RuleBroken where nothing is
    to be told yet, where reports wait to be consolidated, and where sums would be called exact that are not.
    """
    operation = plan.hold(session, operation_id, by)
    require(by, Act.SNAPSHOT_PREPARE, plan.subject(operation))
    level = Level[draft.level]
    said = draft.model_dump() | {"level": int(level), "operation_id": operation_id}
    otherwise = Conflict("This snapshot was already prepared with other words. Reload the page to see it.")
    if known := rows.same_draft(session, Snapshot, draft.id, said, otherwise):
        return known
    left = _left_out(session, operation_id)
    _check(session, operation, draft, left)
    before = snapshots(session, operation_id)
    if frozen is None or frozen[:5] != (operation_id, level, draft.qualifier, draft.publication, len(before)):
        decision.release(session, operation)
        frozen = freeze(session, operation_id, draft, by)
    made = Snapshot(
        **said,
        number=len(before) + 1,
        status=_status(operation, level, before),
        entry=frozen.entry,
        taken_at=frozen.at,
        basis={
            "countries": list(frozen.countries),
            "left_out": frozen.left_out,
            "of": frozen.basis,
            "salt": new_id().hex,
        },
        prepared_by=by.account_id,
        prepared_name=by.name,
        previous_hash=before[0].content_hash if before else GENESIS,
        content_hash="",
    )
    made.content_hash = digest(made, frozen.figures)
    session.add(made)
    session.flush()
    keys = {"snapshot_id": made.id, "operation_id": operation_id}
    session.connection().execute(_WRITE, [keys | row for row in frozen.figures])
    _record(session, by, "snapshot.prepare", made, status=made.status, level=level.name)
    return made


def speak(session: Session, snapshot_id: UUID, draft: WordDraft, by: Actor) -> SnapshotWord:
    """Say for the own country whether it agrees, as a national coordinator; replaced by a later answer until signed."""
    snapshot, operation = _hold(session, snapshot_id, by)
    require(by, Act.SNAPSHOT_AGREE, plan.subject(operation, by.country))
    if not snapshot.by_country(by.country):
        raise RuleBroken(
            "", "Your country did not take part when the snapshot was prepared, so it has no figures in it."
        )
    if snapshot.state not in OPEN:
        raise RuleBroken(
            "",
            "The snapshot is signed, so answers of countries can no longer change. Correct "
            "the report; the figure is then restated.",
        )
    agrees = draft.agrees == "yes"
    if not agrees and not draft.words:
        raise RuleBroken("words", "Say why your country does not agree. The reason is shown beside the figures.")
    said = SnapshotWord(
        snapshot_id=snapshot.id,
        country=str(by.country),
        operation_id=operation.id,
        agrees=agrees,
        words=draft.words,
        said_by=by.account_id,
        said_name=by.name,
        said_at=now(),
    )
    session.merge(said)
    _record(session, by, "snapshot.speak", snapshot, country=by.country, agrees=agrees)
    return said


@proof.needed
def take(session: Session, snapshot_id: UUID, to: SnapshotState, by: Actor, words: str = "") -> Snapshot:
    """Take a step of a snapshot: sign it, sign it for the leadership, publish it or drop it.

    Raises RuleBroken with the obstacles, and NotPermitted.
    """
    snapshot, operation = _hold(session, snapshot_id, by)
    before = snapshot.state
    step, words = LIFE.take(snapshot, _facts(session, operation, by), to, by, words)
    if to is _S.COORDINATED:
        snapshot.signed_by, snapshot.signed_name, snapshot.signed_at = by.account_id, by.name, now()
    if to is _S.SIGNED:
        snapshot.approved_by, snapshot.approved_name, snapshot.approved_at = by.account_id, by.name, now()
    if to is _S.DROPPED:
        snapshot.reason = words
    session.add(snapshot)
    gave_way: list[Snapshot] = []
    if to is _S.PUBLISHED:
        snapshot.published_at, gave_way = now(), _give_way(session, snapshot)
    _record(session, by, step.verb, snapshot, before=before, after=to.value)
    for older in gave_way:
        _record(session, by, "snapshot.supersede", older, newer=snapshot.number)
    return snapshot


def _give_way(session: Session, newer: Snapshot) -> list[Snapshot]:
    """Supersede what was published before `newer`, and what was signed before and never published. Return all of it."""
    gave_way = []
    standing = select(Snapshot).where(
        Snapshot.operation_id == newer.operation_id,
        col(Snapshot.state).in_([state.value for state in STANDS]),
        Snapshot.id != newer.id,
    )
    for older in session.exec(standing).all():
        if older.state == _S.PUBLISHED and older.number > newer.number:
            raise RuleBroken("", "A newer snapshot is already published, so this one cannot be.")
        if older.state == _S.PUBLISHED:
            newer.supersedes_id = older.id
        if older.number < newer.number:
            LIFE.go(older, _S.SUPERSEDED)
            session.add(older)
            gave_way.append(older)
    return gave_way


def _check(session: Session, operation: plan.Operation, draft: SnapshotDraft, left: int) -> None:
    flaws = []
    if operation.state not in FROM:
        flaws.append(Flaw("", "You can prepare a snapshot only after the operation starts and before it is archived."))
    waiting = not_consolidated(session, operation.id) if draft.level == Level.V4.name else Counter[str]()
    if waiting:
        words = N_(
            "{count} reports of {countries} are validated and not consolidated: an analyst does that. Until then the "
            "figures of level V3 can be told as preliminary."
        )
        named = {"count": waiting.total(), "countries": sorted(waiting)}
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
    if draft.publication is not None and past_operation(draft.publication) is None:
        flaws.append(Flaw("publication", "This is no past operation. Choose one of the list, or none."))
    if draft.embargo is not None and draft.embargo <= now():
        flaws.append(Flaw("embargo", "This time is in the past. An embargo must end in the future."))
    if flaws:
        raise RuleBroken.all(flaws)


def _status(operation: plan.Operation, level: Level, before: Iterable[Snapshot]) -> str:
    """Return a code of CL-STATUS: final once the operation is debriefed and all is consolidated, then restated."""
    if operation.state not in _ENDED or level < Level.V4:
        return "preliminary"
    again = any(snapshot.status in FINAL and snapshot.state not in (*OPEN, _S.DROPPED) for snapshot in before)
    return "restated" if again else "final"


def _taking_part(session: Session, operation_id: UUID) -> tuple[str, ...]:
    participations = session.exec(
        unscoped(select(plan.Participation).where(plan.Participation.operation_id == operation_id))
    )
    return tuple(
        sorted(participation.country for participation in participations if participation.state in plan.TAKING_PART)
    )


def _facts(session: Session, operation: plan.Operation, by: Actor) -> SnapshotFacts:
    return SnapshotFacts(operation, _taking_part(session, operation.id), by)


def _hold(session: Session, snapshot_id: UUID, by: Actor) -> tuple[Snapshot, plan.Operation]:
    """Return the snapshot and its operation, both locked for update: they are signed and published one by one."""
    known = rows.one(session, Snapshot, snapshot_id)
    operation = plan.hold(session, known.operation_id, by)
    return rows.hold(session, Snapshot, snapshot_id), operation


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(Snapshot).where(col(Snapshot.state).in_(states), col(Snapshot.operation_id).in_(owners.keys()))
    candidates = session.exec(query).all()
    taking = select(plan.Participation.operation_id, plan.Participation.country, plan.Participation.state)
    parts = session.exec(
        taking.where(col(plan.Participation.operation_id).in_({snapshot.operation_id for snapshot in candidates}))
    )
    countries: dict[UUID, list[str]] = {}
    for operation, country, state in sorted(parts.all() if candidates else []):
        if state in plan.TAKING_PART:
            countries.setdefault(operation, []).append(country)
    return [
        CandidateRow(
            snapshot,
            SnapshotFacts(owners[snapshot.operation_id], tuple(countries.get(snapshot.operation_id, ())), by),
            snapshot.operation_id,
            {"number": snapshot.number},
        )
        for snapshot in candidates
    ]


# --------------------------------------------------------------------------------------------------- journal


def _entries_seen(actor: Actor) -> Any:
    """Users of no country read all entries; national coordinators those that concern all countries, or theirs."""
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach
    own = col(entry.country).is_(None) | (col(entry.country) == actor.country)
    return reach & own if actor.role is Role.NATIONAL_COORDINATOR else col(entry.seq) < 0


def _countries(session: Session, snapshot_id: UUID | None, country: str | None) -> frozenset[str]:
    if country is not None:
        return frozenset({country})
    snapshot = session.exec(unscoped(select(Snapshot).where(Snapshot.id == snapshot_id))).one()
    return frozenset(_taking_part(session, snapshot.operation_id))


_CENTRAL = frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR})
journal.need_to_know("snapshot", seen=_entries_seen, countries=_countries, roles=_CENTRAL)
_WRITE = SnapshotFigure.__table__.insert()  # type: ignore[attr-defined]


def _record(session: Session, by: Actor, act: str, of: Snapshot, country: str | None = None, **detail: Any) -> None:
    told = {"number": of.number, **detail}
    if of.published_at is not None:  # everybody in the operation may know a published snapshot
        audience = pulse.EVERYBODY
        where = ("operation", of.operation_id)
        journal.record(session, by, act, *where, operation=of.operation_id, audience=audience, **told)
        return
    journal.record(session, by, act, "snapshot", of.id, operation=of.operation_id, country=country, **told)
