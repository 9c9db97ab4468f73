"""STOP loop of an operation: how many were trained, posted, and equipped, and what resulted from it (1.5).

Counts only, of the whole operation or of the asker's own country. Gaps in the loop are told in sentences, the first
missing link first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from operations.catalogue import kpis
from operations.catalogue.kpis import Kpi
from operations.core.clock import today
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, LineKind
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.values import Gap
from operations.infrastructure.rows import QUERIED_STATES, Equipment
from operations.infrastructure.signs_of_life import NO_QUERIES
from operations.policing.operation import plan
from operations.posts.register import PostSite
from operations.totals import totals
from operations.training import phases
from operations.training.enrolment_rows import EnrolmentState
from operations.training.rows import RunState

_DELIVERED = (RunState.DELIVERED, RunState.EVALUATED, RunState.PRACTISED, RunState.CLOSED)


@dataclass(frozen=True)
class Loop:
    """The links of the STOP loop. None is unknown, or hidden from this reader.

    `trained` passed in the training of the operation, `posted` of them are posted to its sites, `equipped` to sites of
    posts with commissioned equipment. `queries` are all of the operation, `here` those at the sites of the trained.
    `practised` of `runs` say what changed in practice (Kirkpatrick 3), `closed` which results that had (4). `gaps` say
    why its hits are not reliable.
    """

    runs: int
    enrolled: int
    trained: int
    posted: int
    equipped: int
    queries: int | None
    here: int | None
    hits: int | None
    practised: int
    closed: int
    gaps: tuple[Gap, ...]
    broken: tuple[Flaw, ...]

    @property
    def whole(self) -> bool:
        """Whether there is a training and no link is missing after it."""
        return not self.broken


def loop(session: Session, operation: plan.Operation, by: Actor) -> Loop:
    """Return the current loop. Raises NotPermitted and NotFound as a board does."""
    country = by.country if by.national else None
    frame = BoardFrame(
        operation.id, operation.zone, Classification(operation.classification), operation.day_cut, Level.V3, country
    )
    shown = board.read_board(session, frame, by).figures
    joined = [each.run for each in phases.runs_of(session, operation.id)]
    enrolled = [each for each in phases.enrolled(session, operation.id) if country in (None, each.country)]
    trained = {each.account_id for each in enrolled if each.state == EnrolmentState.PASSED}
    where = phases.account_sites(session, operation.id, trained)
    sites = {site for at in where.values() for site in at}
    kitted = _kitted(session, sites)
    equipped = {each for each, at in where.items() if at & kitted}
    asked = _queries(session, frame, by, sites)
    silent = sum(not any(asked.get(site, 0) for site in where[each] & kitted) for each in equipped)
    practised = [each for each in joined if each.state in (RunState.PRACTISED, RunState.CLOSED)]
    due = [
        run.practised_from
        for run in joined
        if run.state in (RunState.DELIVERED, RunState.EVALUATED) and run.practised_from <= today()
    ]
    broken = _broken(
        [RunState(each.state) for each in joined],
        len(trained),
        len(trained - where.keys()),
        len(where.keys() - equipped),
        silent,
        min(due, default=None),
    )
    return Loop(
        len(joined),
        len({each.account_id for each in enrolled}),
        len(trained),
        len(where),
        len(equipped),
        _whole(shown[Kpi.DATABASE_CHECKS].value),
        sum(asked.values()),
        _whole(shown[Kpi.CONFIRMED_HITS].value),
        len(practised),
        sum(each.state == RunState.CLOSED for each in joined),
        shown[Kpi.CONFIRMED_HITS].gaps,
        tuple(broken),
    )


def _broken(
    runs: list[RunState], trained: int, nowhere: int, bare: int, silent: int, due: date | None
) -> Iterator[Flaw]:
    if not runs:
        yield Flaw("", N_("No course run is linked to this operation, so its training is unknown."))
    elif not any(each in _DELIVERED for each in runs) and not trained:
        yield Flaw("", N_("The training of this operation is not delivered yet."))
    elif not trained:
        yield Flaw("", N_("The training is delivered, and nobody passed it."))
    if nowhere:
        yield Flaw(
            "", N_("Trained officers who are posted to no site of the operation: {people}."), {"people": nowhere}
        )
    if bare:
        yield Flaw("", N_("Trained officers who work where no device is commissioned: {people}."), {"people": bare})
    if silent:
        yield Flaw(
            "", N_("Trained officers who work with a device where no query was counted: {people}."), {"people": silent}
        )
    if due is not None:
        yield Flaw("", N_("The change in practice is not recorded. It can be recorded since {day}."), {"day": due})


def _kitted(session: Session, sites: set[UUID]) -> set[UUID]:
    """The sites whose posts have equipment with which databases are asked, and which works."""
    query = (
        select(PostSite.site_id)
        .join(Equipment, col(Equipment.post_id) == col(PostSite.post_id))
        .where(col(PostSite.site_id).in_(sites), col(Equipment.state).in_([each.value for each in QUERIED_STATES]))
        .where(col(Equipment.kind).not_in(NO_QUERIES))
    )
    return set(session.exec(unscoped(query)))


def _queries(session: Session, frame: BoardFrame, by: Actor, sites: set[UUID]) -> dict[UUID, int]:
    """Return database queries by site, of countries that share their totals with the reader."""
    kept_back = board.reader_of(session, frame, by).kept_back
    found: dict[UUID, int] = {}
    for row in totals.read(session, frame.operation, totals.Grain.SITE, frame.country, (LineKind.CHECK_TALLY,)):
        site = UUID(row.site)
        if site in sites and row.level >= frame.level and row.country not in kept_back:
            amount = kpis.amount(Kpi.DATABASE_CHECKS, row.facet, row.records, row.quantity)
            found[site] = found.get(site, 0) + amount
    return found


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
