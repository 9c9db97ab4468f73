"""Making releases: what may be let out of guarded figures, given everything that was let out before.

For each audience the figure is worked out as it would be shown now, and `judge` is asked whether this audience, with
all that it was shown before, could then work a small number out. What may not be shown whole may still have a sum that
may; else the audience goes on seeing what it saw. A release is written down with its own entry of the journal.

What happened to reports is told with them (`releases.FEED`), and the first are made when reporting opens: that there is
nothing yet. No judgement depends on who looks, or on when: it depends on the journal alone.
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
    ToldRelease,
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
"""After so many releases to leadership there is one for each official day: what was seen makes each verdict longer."""
ROUNDS = 24
"""So often the judge is asked with less, before sums alone are tried."""


class PossibleRelease(NamedTuple):
    """A release that may be made."""

    audience: str
    kpi: Kpi
    scope: str
    content: Content


@dataclass(frozen=True)
class Round:
    """What may be released of an operation as it was with entry `state`; something moved last with entry `moved`.

    `told`: the audiences that have not been told yet what happened to reports and claims until then.
    """

    operation: UUID
    state: int
    moved: int
    state_at: datetime
    made: list[PossibleRelease] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ who is shown what


def audiences(operation: plan.Operation, countries: Iterable[str], *, posts: bool = True) -> Iterator[Actor]:
    """Somebody of each audience: leadership, outside, of each country who answers for it, and who works at a post."""

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
    """The entry with which a figure last moved, or something happened to a report or a claim; 0 for none."""
    entries = total_steps.entries(operation).subquery()
    last: int = session.execute(unscoped(sa.select(sa.func.max(entries.c.seq)))).scalar() or 0
    return max(last, _happened(session, operation, IN_STEPS))


def _happened(session: Session, operation: UUID, kinds: Iterable[str], until: int | None = None) -> int:
    """The last entry about an object of these kinds; 0 for none."""
    query = sa.select(sa.func.max(col(Entry.seq))).where(
        col(Entry.operation_id) == operation, col(Entry.object_kind).in_(kinds)
    )
    if until is not None:
        query = query.where(col(Entry.seq) <= until)
    return session.execute(unscoped(query)).scalar() or 0


def decide(
    session: Session, owner: plan.Operation, *, all_audiences: bool = True, posts: bool = True, most: int | None = None
) -> Round:
    """What may be released of what stands now; changes nothing.

    Leadership is shown it as soon as it may be; countries and outside once an official day, unless `all_audiences`.
    `posts`: also to those who work at single posts of a country. `most`: of figures that more reports hold nothing is
    decided, as that takes long.
    """
    state = journal.pulse(session)
    found = Round(owner.id, state, moved(session, owner.id), now())
    today = official_day(now(), owner.zone, owner.day_cut)
    with past.looking(session, state):
        held = held_of.ledger(session, owner.id, state)
        happened = {
            leads: _happened(session, owner.id, IN_STEPS[:1] if leads else IN_STEPS, state) for leads in (True, False)
        }  # leadership reads of no claim, and is told of none
        countries = [each.country for each in countries_known(session, owner.id) if not each.kept]
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
                    found.told.append(audience)
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
                    found.made.append(PossibleRelease(audience, kpi, *made))
    return found


_found: dict[tuple[UUID, str, Kpi], list[Solution]] = {}
"""What the judge found the last time: to be tried first, whatever became of it. Only time is saved by it."""
_REMEMBERED = 1_000


def _judged(
    of: tuple[UUID, str, Kpi],
    held: list[ReportHolding],
    before: list[ToldRelease],
    state: int,
    content: Content,
    by: Actor,
) -> tuple[str, Content] | None:
    """The scope and content that may be released beside what was before; None for nothing, or nothing new.

    Countries and days whose newest numbers would give something away are left as they stood; the rest goes out.
    """
    levels, home = contents.levels_of(by), by.country if by.national else None
    seen = [contents.state_of(each.state, each.scope, each.content, home, levels) for each in before]
    tables = next((each.content for each in reversed(before) if each.scope == TABLES), None)

    asking = AudienceAttack(held, seen, state, home, int(levels[0]), frozenset(content["kept"]))
    judge = Judge(asking, _found.get(of, ()))

    def gives_away(scope: str, made: Content) -> list[Cell]:
        return judge.given_away(contents.state_of(state, scope, made, home, levels))

    for kind in ("countries", "days"):  # what stood there and has nothing any more is told as zero
        for name in (tables or content)[kind].keys() - content[kind].keys():
            content[kind][name], content["at"][name] = {}, state
    dropped: set[str] = set()
    try:
        for _round in range(ROUNDS):
            made = contents.with_older(content, tables, dropped)
            if contents.same(made, tables) and contents.same_sums(made, before):
                return None
            found = gives_away(TABLES, made)
            if not found:
                return TABLES, made
            more = {each for cell in found for each in contents.blamed(cell, content, dropped)}
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
    """Write down what was decided, in the current transaction; the entry with which it is shown, None for nothing."""
    if not found.made and not found.told:
        return None
    # Everybody reads this entry, also who is told later than others: it says of no figure that it moved.
    seq = journal.record(
        session, System(), ACT, "operation", found.operation, operation=found.operation, audience=EVERYBODY
    )
    _write(session, found, seq)
    return seq


def _write(session: Session, found: Round, seq: int) -> None:
    made = [(each.audience, each.kpi.value, each.scope, packed(each.content)) for each in found.made]
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
    """Decide and write down at once, for all audiences, in the current transaction."""
    return record(session, decide(session, owner, posts=posts, most=most))


@lifecycle.followed(OperationState.PRE_OPERATIONAL)
def _opened(session: Session, owner: plan.Operation, seq: int) -> None:
    """From the entry with which reporting opens on everybody is told that there is nothing yet."""
    _write(session, decide(session, owner), seq)
