"""Release decisions: which guarded figures may be released, given everything released before.

There are two audiences, one below the other. What is told outside is told to everybody: countries read it beside their
own results. Leadership reads it too, so nothing is told there that leadership was not told as of the same entry.

For each audience the figure is computed as it would be shown now, and `judge` is asked whether a person of this
audience, with all that such a person was shown before, could then derive a small number: for outside also each country
with what it holds itself. Where the tables may not be shown, the sums alone may be; otherwise the audience keeps its
last release, and where no answer is found in time too. A release is stored with its own journal entry.

Journal entries about reports become visible with releases (`releases.FEED`). The first releases, with nothing in them
yet, are made when reporting opens. A decision depends on the journal alone, never on who looks or when.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.catalogue.definition import Audience
from operations.catalogue.kpis import Kpi
from operations.core import history as past
from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import NotFound, NotPermitted
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.pulse import EVERYBODY
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, OperationState, Role
from operations.disclosure.figure_cube import OUTSIDE, Reader
from operations.disclosure.releases import (
    FEED,
    IN_STEPS,
    SUMS,
    TABLES,
    UNDECIDED,
    Release,
    ReleaseView,
    audience_of,
    history,
    packed,
)
from operations.disclosure.suppression import BoardFrame, FigureGuard
from operations.figures.board import countries_known, reader_of
from operations.figures.releases import contents
from operations.figures.releases import guarded_counts as held_of
from operations.figures.releases.contents import Content
from operations.figures.releases.judge import AudienceAttack, AudienceState, Cell, ReportHolding
from operations.figures.releases.linear_system import TooMuchWork
from operations.figures.releases.solver import Judge
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.totals import total_steps
from operations.totals.totals import Grain

ACT = "figures.release"
OFTEN = 100
"""Releases to leadership before they become one per official day: each release seen slows the next decision down."""
ROUNDS = 24
"""How often the judge is asked with fewer columns before sums alone are tried."""
WORK = 2e7
"""The work that the decision on one figure for one audience may take, about a second of a processor."""


class PossibleRelease(NamedTuple):
    """A release that may be made."""

    audience: str
    kpi: Kpi
    scope: str
    content: Content
    state: int
    state_at: datetime


@dataclass(frozen=True)
class Round:
    """The possible releases of an operation as of entry `state`; `moved` is the last entry that changed something.

    `told`: the audiences whose FEED does not reach that entry yet.
    """

    operation: UUID
    state: int
    moved: int
    state_at: datetime
    made: list[PossibleRelease] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ who is shown what


def audiences(operation: plan.Operation) -> tuple[Actor, Actor]:
    """Return a typical reader of each audience, the one that knows more first: leadership, then outside.

    What is told outside is told to everybody: countries read it beside their own results.
    """
    marking = Classification.CONFIDENTIAL
    of = frozenset({operation.id})
    return (
        Actor(UUID(int=0), "", Role.LEADERSHIP, None, marking, operations=of),
        Actor(UUID(int=0), "", Role.NATIONAL_COORDINATOR, OUTSIDE, marking, operations=of),
    )


# ------------------------------------------------------------------------------------------------------- deciding


def moved(session: Session, operation: UUID) -> int:
    """Return the entry that last moved a figure or concerned a report or a claim; 0 for none."""
    entries = total_steps.entries(operation).subquery()
    last: int = session.execute(unscoped(sa.select(sa.func.max(entries.c.seq)))).scalar() or 0
    return max(last, _happened(session, operation, IN_STEPS))


def _happened(session: Session, operation: UUID, kinds: Iterable[str], until: int | None = None) -> int:
    """Return the last entry about an object of these kinds; 0 for none."""
    query = sa.select(sa.func.max(col(Entry.seq))).where(
        col(Entry.operation_id) == operation, col(Entry.object_kind).in_(kinds)
    )
    if until is not None:
        query = query.where(col(Entry.seq) <= until)
    return session.execute(unscoped(query)).scalar() or 0


def decide(session: Session, owner: plan.Operation, *, all_audiences: bool = True, most: float = WORK) -> Round:
    """Return the possible releases as of now; changes nothing.

    Leadership gets a release as soon as it is safe; outside one per official day, unless `all_audiences`. `most` is the
    work that each figure may take.
    """
    state = journal.pulse(session)
    possible = Round(owner.id, state, moved(session, owner.id), now())
    today = official_day(now(), owner.zone, owner.day_cut)
    with past.as_of(session, state):
        held = held_of.ledger(session, owner.id, state)
        happened = {
            leads: _happened(session, owner.id, IN_STEPS[:1] if leads else IN_STEPS, state) for leads in (True, False)
        }  # leadership may not read claims, so its feed ignores them
        countries = [participant.country for participant in countries_known(session, owner.id) if not participant.kept]
        rows = total_steps.read(session, owner.id, Grain.OPERATION)
        told: dict[tuple[str, Kpi], list[ReleaseView]] = {}
        for by in audiences(owner):
            levels = contents.levels_of(by)
            frame = BoardFrame(owner.id, owner.zone, Classification(owner.classification), owner.day_cut, levels[0])
            try:
                reader = reader_of(session, frame, by)
            except (NotFound, NotPermitted):
                continue
            guard, audience = FigureGuard(session, frame, reader, by), audience_of(reader)
            newest = happened[by.role is Role.LEADERSHIP]
            if (not by.national or all_audiences) and newest:
                known = history(session, owner.id, audience, FEED)
                if not known or known[-1].state < newest:
                    possible.told.append(audience)
            for kpi in held_of.GUARDED:
                if not reader.guarded(kpi):
                    continue
                views = history(session, owner.id, audience, kpi.value)
                before = told[audience, kpi] = [view for view in views if view.scope != UNDECIDED]
                seldom = (by.national or len(before) >= OFTEN) and not all_audiences
                if seldom and before and official_day(before[-1].at, owner.zone, owner.day_cut) == today:
                    continue
                holdings, dropped = held.held(kpi), set[str]()
                tables = next((view.content for view in reversed(before) if view.scope == TABLES), None)
                upper = told.get((str(Audience.LEADERSHIP), kpi)) if by.national else None
                if upper is None:
                    content, at = (
                        contents.content_of(guard, kpi, state, levels, rows, tables),
                        (state, possible.state_at),
                    )
                elif (view := _next(upper, before, reader)) is not None:
                    content, dropped = contents.content_below(view, holdings, reader, levels, tables)
                    at = view.state, view.state_at
                else:
                    continue
                seen = [contents.state_of(view.state, view.scope, view.content, levels) for view in before]
                attack = holdings, seen, at[0], countries if by.national else (), int(levels[0])
                with _judge((owner.id, audience, kpi), attack, content) as judge:
                    try:
                        made = _judged(judge, before, tables, at[0], content, dropped, levels, most)
                    except TooMuchWork:
                        said = bool(views) and views[-1].scope == UNDECIDED
                        made = None if said else (UNDECIDED, {"kept": content["kept"]})
                if made is not None:
                    if made[0] != UNDECIDED:
                        made = made[0], contents.with_earlier(made[1], made[0], before)
                    possible.made.append(PossibleRelease(audience, kpi, *made, *at))
                    if made[0] != UNDECIDED:
                        before.append(ReleaseView(state, made[0], *at, made[1], now()))
    return possible


def _next(upper: Sequence[ReleaseView], before: Sequence[ReleaseView], reader: Reader) -> ReleaseView | None:
    """Return what leadership was told and may be told outside next: its newest tables, else its newest totals.

    The same once more where other countries keep their figures back since.
    """
    last = before[-1].state if before and reader.kept_back == set(before[-1].content["kept"]) else -1
    newer = [view for view in upper if view.state > last]
    return next((view for view in reversed(newer) if view.scope == TABLES), newer[-1] if newer else None)


_judges: dict[tuple[UUID, str, Kpi], Judge] = {}
"""The judges of the last decisions, with what they found. They only save time."""
_REMEMBERED = 200


@contextmanager
def _judge(
    of: tuple[UUID, str, Kpi],
    attack: tuple[list[ReportHolding], list[AudienceState], int, Sequence[str], int],
    content: Content,
) -> Iterator[Judge]:
    """Yield the judge of a figure for an audience: that of the last decision where it knows nothing else."""
    held, seen, state, homes, least = attack
    kept = frozenset(content["kept"])
    judge = _judges.pop(of, None)
    if judge is not None and judge.attack.holds(held, seen, homes, kept):
        judge.attack.catch_up(held, seen, state)
    else:
        judge = Judge(AudienceAttack(held, seen, state, homes, least, kept), judge.found if judge else ())
    yield judge
    _judges[of] = judge
    for oldest in [*_judges][:-_REMEMBERED]:
        _judges.pop(oldest, None)


def _judged(
    judge: Judge,
    before: list[ReleaseView],
    tables: Content | None,
    state: int,
    content: Content,
    dropped: set[str],
    levels: Collection[Level],
    most: float,
) -> tuple[str, Content] | None:
    """Return the scope and content that may be released after those before; None if nothing may, or nothing is new.

    Countries and days whose newest numbers would reveal a secret, or moved by fewer than eleven, stay as last released,
    and so do those that are `dropped`; the rest is released. Raises TooMuchWork where that takes more work than `most`.
    """
    done = judge.work

    def gives_away(scope: str, made: Content) -> list[Cell]:
        return judge.given_away(contents.state_of(state, scope, made, levels), most=most - (judge.work - done))

    for _round in range(ROUNDS):
        made = contents.with_older(content, tables, dropped)
        if contents.same(made, tables) and contents.same_sums(made, before):
            return None
        revealed = gives_away(TABLES, made)
        if not revealed:
            return TABLES, made
        more = {column for cell in revealed for column in contents.blamed(cell, content, dropped)}
        if not more:
            break
        dropped |= more
    sums = contents.sums_alone(content)
    if contents.same_sums(content, before) or gives_away(SUMS, sums):
        return None
    return SUMS, sums


# ------------------------------------------------------------------------------------------------------ writing down


def record(session: Session, found: Round) -> int | None:
    """Store a decision in the current transaction. Return the entry from which it is shown, None for an empty one."""
    if not found.made and not found.told:
        return None
    # Everybody reads this entry, including audiences told later than others: it names no figure that moved.
    seq = journal.record(
        session, System(), ACT, "operation", found.operation, operation=found.operation, audience=EVERYBODY
    )
    _write(session, found, seq)
    return seq


def overtaken(session: Session, found: Round) -> bool:
    """Whether something was released since a round was decided, of which its verdicts do not know."""
    newest = sa.select(sa.func.max(col(Release.seq))).where(col(Release.operation_id) == found.operation)
    return (session.execute(unscoped(newest)).scalar() or 0) > found.state


def _write(session: Session, found: Round, seq: int) -> None:
    made = [
        (release.audience, release.kpi.value, release.scope, packed(release.content), release.state, release.state_at)
        for release in found.made
    ]
    told = [(audience, FEED, FEED, packed({}), found.state, found.state_at) for audience in found.told]
    session.add_all(
        Release(
            operation_id=found.operation,
            audience=audience,
            kpi=kpi,
            seq=seq,
            scope=scope,
            state=state,
            state_at=state_at,
            at=now(),
            content=content,
        )
        for audience, kpi, scope, content, state, state_at in (*made, *told)
    )
    session.flush()


def release(session: Session, owner: plan.Operation) -> int | None:
    """Decide and store releases for all audiences in the current transaction."""
    return record(session, decide(session, owner))


Ready = tuple[int, Round]
"""The first releases of an operation, and the last of its entries when they were decided."""


@lifecycle.prepared(OperationState.PRE_OPERATIONAL)
def _first(session: Session, owner: plan.Operation) -> Ready:
    return _last(session, owner), decide(session, owner)


@lifecycle.followed(OperationState.PRE_OPERATIONAL)
def _opened(session: Session, owner: plan.Operation, seq: int, ready: Ready | None) -> None:
    """Make the first releases with the entry that opens reporting: everybody sees that there is nothing yet.

    They are decided here where nobody did it before, or something happened in the operation since.
    """
    stands = ready is not None and ready[1].operation == owner.id and ready[0] == _last(session, owner, seq)
    _write(session, ready[1] if ready is not None and stands else decide(session, owner), seq)


def _last(session: Session, owner: plan.Operation, before: int | None = None) -> int:
    """Return the last entry of an operation, or the last before another."""
    query = sa.select(sa.func.max(col(Entry.seq))).where(col(Entry.operation_id) == owner.id)
    query = query if before is None else query.where(col(Entry.seq) < before)
    return session.execute(unscoped(query)).scalar() or 0
