"""Release decisions: which guarded figures may be released, given everything released before.

For each audience the figure is computed as it would be shown now, and `judge` is asked whether this audience, with all
it was shown before, could then derive a small number. Where the tables may not be shown, the sums alone may be;
otherwise the audience keeps its last release. A release is stored with its own journal entry.

Journal entries about reports become visible with releases (`releases.FEED`). The first releases, with nothing in them
yet, are made when reporting opens. A decision depends on the journal alone, never on who looks or when.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.catalogue.kpis import Kpi
from operations.core import history as past
from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import NotFound, NotPermitted
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.pulse import EVERYBODY
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, OperationState, Role
from operations.disclosure.figure_cube import OUTSIDE
from operations.disclosure.releases import (
    FEED,
    IN_STEPS,
    SUMS,
    TABLES,
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
from operations.figures.releases.judge import AudienceAttack, Cell, ReportHolding
from operations.figures.releases.solver import Judge, Solution
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.totals import total_steps
from operations.totals.totals import Grain

ACT = "figures.release"
OFTEN = 100
"""Releases to leadership before they become one per official day: each release seen slows the next decision down."""
ROUNDS = 24
"""How often the judge is asked with fewer columns before sums alone are tried."""


class PossibleRelease(NamedTuple):
    """A release that may be made."""

    audience: str
    kpi: Kpi
    scope: str
    content: Content


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


def audiences(operation: plan.Operation, countries: Iterable[str], *, posts: bool = True) -> Iterator[Actor]:
    """Yield a typical reader of each audience: leadership, outside, and each country's coordinator and post officer."""

    def somebody(role: Role, country: str | None = None, *, posted: bool = False) -> Actor:
        return Actor(
            UUID(int=0),
            "",
            role,
            country,
            Classification.CONFIDENTIAL,
            operations=frozenset({operation.id}),
            posted=posted,
        )

    yield somebody(Role.LEADERSHIP)
    yield somebody(Role.NATIONAL_COORDINATOR, OUTSIDE)
    for country in countries:
        yield somebody(Role.NATIONAL_COORDINATOR, country)
        if posts:
            yield somebody(Role.NATIONAL_OFFICER, country, posted=True)


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


def decide(
    session: Session, owner: plan.Operation, *, all_audiences: bool = True, posts: bool = True, most: int | None = None
) -> Round:
    """Return the possible releases as of now; changes nothing.

    Leadership gets a release as soon as it is safe; countries and outside one per official day, unless `all_audiences`.
    `posts`: also for officers at single posts of a country. `most`: skips figures held by more reports than that, as
    deciding them takes long.
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
        for by in audiences(owner, countries, posts=posts):
            levels = contents.levels_of(by)
            frame = BoardFrame(owner.id, owner.zone, Classification(owner.classification), owner.day_cut, levels[0])
            try:
                reader = reader_of(session, frame, by)
            except (NotFound, NotPermitted):
                continue
            guard, audience = FigureGuard(session, frame, reader, by), audience_of(reader)
            newest = happened[by.role is Role.LEADERSHIP]
            if (not by.national or (by.country == OUTSIDE and all_audiences)) and newest:
                known = history(session, owner.id, audience, FEED)
                if not known or known[-1].state < newest:
                    possible.told.append(audience)
            for kpi in held_of.GUARDED:
                if not reader.guarded(kpi) or (most is not None and len(held.held(kpi)) > most):
                    continue
                before = history(session, owner.id, audience, kpi.value)
                seldom = (by.national or len(before) >= OFTEN) and not all_audiences
                if seldom and before and official_day(before[-1].state_at, owner.zone, owner.day_cut) == today:
                    continue
                content = contents.content_of(guard, kpi, state, levels, rows)
                made = _judged((owner.id, audience, kpi), held.held(kpi), before, state, content, by)
                if made is not None:
                    possible.made.append(PossibleRelease(audience, kpi, *made))
    return possible


_found: dict[tuple[UUID, str, Kpi], list[Solution]] = {}
"""The solutions that the judge found last, tried first at the next decision. They only save time."""
_REMEMBERED = 1_000


def _judged(
    of: tuple[UUID, str, Kpi],
    held: list[ReportHolding],
    before: list[ReleaseView],
    state: int,
    content: Content,
    by: Actor,
) -> tuple[str, Content] | None:
    """Return the scope and content that may be released after those before; None if nothing may, or nothing is new.

    Countries and days whose newest numbers would reveal a secret stay as last released; the rest is released.
    """
    levels, home = contents.levels_of(by), by.country if by.national else None
    seen = [
        contents.state_of(told_release.state, told_release.scope, told_release.content, home, levels)
        for told_release in before
    ]
    tables = next((told_release.content for told_release in reversed(before) if told_release.scope == TABLES), None)

    asking = AudienceAttack(held, seen, state, home, int(levels[0]), frozenset(content["kept"]))
    judge = Judge(asking, _found.get(of, ()))

    def gives_away(scope: str, made: Content) -> list[Cell]:
        return judge.given_away(contents.state_of(state, scope, made, home, levels))

    for kind in ("countries", "days"):  # columns that had amounts and have none any more are shown as zero
        for name in (tables or content)[kind].keys() - content[kind].keys():
            content[kind][name], content["at"][name] = {}, state
    dropped: set[str] = set()
    try:
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
    finally:
        _remember(of, judge.found)


def _remember(of: tuple[UUID, str, Kpi], found: list[Solution]) -> None:
    _found.pop(of, None)
    _found[of] = found
    for oldest in [*_found][:-_REMEMBERED]:
        _found.pop(oldest, None)


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
        (possible.audience, possible.kpi.value, possible.scope, packed(possible.content)) for possible in found.made
    ]
    told = [(each, FEED, FEED, packed({})) for each in found.told]
    session.add_all(
        Release(
            operation_id=found.operation,
            audience=audience,
            kpi=kpi,
            seq=seq,
            scope=scope,
            state=found.state,
            state_at=found.state_at,
            at=now(),
            content=content,
        )
        for audience, kpi, scope, content in (*made, *told)
    )
    session.flush()


def release(session: Session, owner: plan.Operation, *, posts: bool = True, most: int | None = None) -> int | None:
    """Decide and store releases for all audiences in the current transaction."""
    return record(session, decide(session, owner, posts=posts, most=most))


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
