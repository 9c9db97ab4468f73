"""Routes of key figures: the catalogue, and the values of a board as its reader may see them, now or as of an entry."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from dashboard.api.access import FigureReader, Program
from dashboard.parts.figure_text import status_of
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, frame_of
from dashboard.wording import N_, _
from operations.catalogue.definition import SitesHeard
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import journal
from operations.core.store import Store
from operations.figures import figure_history
from operations.figures.board import FigureBoard, read_board, reports_over
from operations.figures.values import Figure
from operations.policing.operation import plan

_CATALOGUE = N_("What each figure counts, in the language of `Accept-Language`.")
_VALUES = N_(
    "The figures as you may see them, now or as of an `entry` that an earlier answer told. The whole operation is told "
    "from V3 up, and small numbers of persons are hidden, as on the screens. This is written into the access trail."
)
Reach = Literal["country", "operation"]
LevelName = Literal["V1", "V2", "V3", "V4"]


class FigureDefinition(BaseModel):
    """A key figure of the catalogue: what it counts, and what to beware of before it is quoted."""

    figure: str
    name: str
    unit: str
    formula: str
    caution: str
    quote: str = Field(description=N_("What one may say with it."))
    misquote: str = Field(description=N_("What one may not say with it."))
    counting: str
    line_kinds: list[str]
    guarded_from: list[str] = Field(description=N_("The audiences from whom small numbers are hidden."))


class PartAnswer(BaseModel):
    """A part of a figure: a code with its amount, in a unit where amounts of several units are never added."""

    code: str
    unit: str = ""
    amount: int


class RateAnswer(BaseModel):
    """The hits of one database per million queries, with the interval (95 %)."""

    database: str
    value: float
    low: float
    high: float


class FigureAnswer(BaseModel):
    """A key figure at the level of the board. `value` is null where it is undefined, or `hidden` from this reader."""

    figure: str
    unit: str
    value: float | None
    hidden: bool
    qualifier: str = Field(description=N_('A code of CL-QUAL: the real number is more or less; "" is exact.'))
    unverified: float | None = Field(description=N_("What is below the level, where this reader may know it."))
    part: int | None = Field(description=N_("Of a share: so many ..."))
    of: int | None = Field(description=N_("... of so many."))
    low: float | None = Field(description=N_("Of a share of fewer than 50: its 95 % interval (Wilson) from ..."))
    high: float | None = Field(description=N_("... to, in per cent."))
    parts: list[PartAnswer]
    rates: list[RateAnswer]
    released_at: datetime | None = Field(description=N_("When it was last released to this reader, if it moves so."))
    reliable: bool = Field(description=N_("False where so much is missing that it should not be quoted."))


class BoardAnswer(BaseModel):
    """The key figures of an operation for this reader, whose own number `entry` is.

    `status` is a code of CL-STATUS.
    """

    operation_id: UUID
    reach: Reach
    country: str | None
    level: str
    status: str
    entry: int
    as_of: datetime
    zone: str
    figures: list[FigureAnswer]


def router(store: Store) -> APIRouter:
    """Return the routes of key figures."""
    routes = APIRouter(tags=["key figures"])

    @routes.get("/key-figures", summary=N_("Read the catalogue of key figures"), description=_CATALOGUE)
    def list_key_figures(_by: Program) -> list[FigureDefinition]:
        """Read the catalogue."""
        return [_defined(kpi) for kpi in CATALOGUE]

    @routes.get(
        "/operations/{operation_id}/key-figures",
        summary=N_("Read the key figures of an operation"),
        description=_VALUES,
    )
    def read_key_figures(
        operation_id: UUID,
        by: FigureReader,
        reach: Annotated[Reach, Query(description=N_("Your country, or the whole operation."))] = "country",
        level: LevelName = "V3",
        entry: Annotated[
            int | None, Query(ge=1, le=2**31, description=N_("As of this entry of yours, instead of now."))
        ] = None,
    ) -> BoardAnswer:
        """Read the key figures of an operation."""
        with journal.disclosing(store, by) as session:
            operation = plan.operation(session, operation_id, by)
            choice = BoardChoice.of(level, OWN if reach == "country" else WHOLE, None, by)
            seen = figure_history.numbered(session, operation, by, entry) if entry is not None else None
            frame = replace(frame_of(operation, choice, by), at=seen.seq if seen else None)
            read = read_board(session, frame, by)
            over = reports_over(plan.phases(session, operation.id), read.as_of)
            of = {"operation": operation.id, "country": by.country}
            journal.record_download(session, by, "api.read", None, "json", **of, what="figures", level=frame.level.name)
        return BoardAnswer(
            operation_id=operation.id,
            reach=reach,
            country=frame.country,
            level=frame.level.name,
            status=status_of(frame.level),
            entry=read.seq,
            as_of=read.moved or read.as_of,
            zone=operation.zone,
            figures=[_figure(kpi, read, over=over) for kpi in CATALOGUE],
        )

    return routes


def _defined(kpi: Kpi) -> FigureDefinition:
    found = CATALOGUE[kpi]
    return FigureDefinition(
        figure=kpi.value,
        name=_(found.name),
        unit=_(found.unit),
        formula=_(found.formula),
        caution=_(found.caution),
        quote=_(found.quote),
        misquote=_(found.misquote),
        counting=found.counting.value,
        line_kinds=sorted(found.kinds),
        guarded_from=sorted(found.guarded),
    )


def _figure(kpi: Kpi, board: FigureBoard, *, over: bool) -> FigureAnswer:
    found: Figure = board.figures[kpi]
    if over and isinstance(CATALOGUE[kpi].measure, SitesHeard):
        found = replace(found, value=None, part=None, of=None)  # nobody is expected to report any more
    parts = [PartAnswer(code=code, amount=amount) for code, amount in found.parts.items()]
    parts += [PartAnswer(code=each.code, unit=each.unit, amount=each.quantity) for each in found.apart]
    return FigureAnswer(
        figure=kpi.value,
        unit=_(CATALOGUE[kpi].unit),
        value=found.value,
        hidden=found.hidden,
        qualifier=found.qualifier,
        unverified=found.unverified,
        part=found.part,
        of=found.of,
        low=found.interval[0] if found.interval else None,
        high=found.interval[1] if found.interval else None,
        parts=parts,
        rates=[
            RateAnswer(database=database, value=rate.per_million, low=rate.interval[0], high=rate.interval[1])
            for database, rate in found.rates.items()
        ],
        released_at=found.released.sums if found.released else None,
        reliable=not found.gaps,
    )
