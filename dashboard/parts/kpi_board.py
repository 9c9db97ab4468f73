"""Data of a situation screen, read in one snapshot: figures, results, silent sites, journal, under one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dashboard.parts.country_status import CountrySilence, silences
from dashboard.parts.figure_text import Tile, tile
from dashboard.parts.journal_list import site_names
from dashboard.wording import language
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi, on_charts
from operations.core.clock import now
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.board import CountryRow, FigureBoard
from operations.figures.release_ages import ReleaseAges, release_ages
from operations.policing.map_plan import places
from operations.policing.map_plan.entry_visibility import entries_for
from operations.policing.operation import boards, plan, targets
from operations.results.restatements import Restated, final_since, restated_since_export
from operations.timetable import heartbeats
from operations.timetable.heartbeats import Health

LEVELS = (Level.V1, Level.V2, Level.V3, Level.V4)
OWN, WHOLE = "own", "whole"
FEED = 60
"""The entries from which the lines of the feed are made."""


def chart_figures(session: Session, operation: plan.Operation) -> tuple[Kpi, ...]:
    """Return the figures for an operation's charts: those of its type first, those it reports, then the others."""
    return on_charts(operation.type, operation.line_kinds, boards.board_of(session, operation))


def default_level(session: Session, operation: plan.Operation, at: str = "") -> str:
    """Return the default level of a board: V4 (final) once the final figures are published, V3 before.

    As of a past moment it is V3: an address without a level must go on showing the same.
    """
    return (Level.V3 if at or not final_since(session, operation.id) else Level.V4).name


@dataclass(frozen=True)
class BoardChoice:
    """The reader's choice: the level, their own country or the whole operation, and the figure of the charts."""

    level: Level
    scope: str
    figure: Kpi

    @classmethod
    def of(
        cls,
        level: str | None,
        scope: str | None,
        figure: str | None,
        by: Actor,
        offered: Sequence[Kpi] = COUNTED,
    ) -> "BoardChoice":
        """Parse a browser's choice; unknown values become defaults. Other countries are visible at V3 or above only."""
        wanted = next((each for each in LEVELS if each.name == level), Level.V3)
        place = WHOLE if not by.national or scope == WHOLE else OWN
        counted = next((kpi for kpi in offered if kpi == figure), offered[0])
        return cls(max(Level.V3, wanted) if by.national and place == WHOLE else wanted, place, counted)

    def level_is_free(self, by: Actor) -> bool:
        """Return whether `by` may choose the level here."""
        return not by.national or self.scope == OWN


@dataclass(frozen=True)
class ScreenFigures:
    """The figures of a screen as of entry `board.seq`."""

    operation: plan.Operation
    choice: BoardChoice
    board: FigureBoard
    tiles: tuple[Tile, ...]
    shown: Mapping[Kpi, bool]
    """The figures of the board; true for those that have a tile even without data."""
    phases: list[plan.Phase]
    at: datetime
    ages: ReleaseAges | None

    @property
    def charted(self) -> tuple[Kpi, ...]:
        """The figures for the charts."""
        return on_charts(self.operation.type, self.operation.line_kinds, self.shown)

    def stands(self, kpi: Kpi) -> bool:
        """Return whether a figure has a tile: one that only some operations report has it once there is data."""
        definition, found = CATALOGUE[kpi], self.board.figures[kpi]
        if kpi not in self.shown or self.shown[kpi]:
            return kpi in self.shown
        leads = self.operation.type in definition.leads
        aimed = any(each.goal for each in self.tiles if each.kpi is kpi)
        return leads or aimed or found.hidden or any((found.value, found.unverified, found.pending))


@dataclass(frozen=True)
class BoardReading(ScreenFigures):
    """All data of a screen, as of entry `board.seq`."""

    countries: list[CountryRow]
    days: list[tuple[str, int | None, int | None]]
    silent: list[CountrySilence]
    sites_known: int
    entries: Sequence[Entry]
    sites: dict[UUID, str]
    signs: list[Health]
    lives: bool
    """Whether the reader may know what waits below the level."""

    @property
    def chosen(self) -> Tile:
        """The tile of the charts' figure."""
        return next(each for each in self.tiles if each.kpi is self.choice.figure)

    @property
    def more_than_shown(self) -> bool:
        """Whether the charts' figure is not zero, or hidden: a chart without bars then does not mean zero."""
        figure = self.board.figures[self.choice.figure]
        waiting = self.lives and figure.unverified != 0
        return figure.hidden or bool(figure.value) or waiting


def frame_of(operation: plan.Operation, choice: BoardChoice, by: Actor) -> BoardFrame:
    """Return the frame of the board for this choice."""
    return BoardFrame(
        operation.id,
        operation.zone,
        Classification(operation.classification),
        operation.day_cut,
        choice.level,
        by.country if choice.scope == OWN and by.national else None,
    )


def tiles_of(
    read: FigureBoard,
    by: Actor,
    phases: Sequence[plan.Phase],
    aims: Mapping[Kpi, int] | None = None,
    *,
    restated: Mapping[Kpi, Restated] | None = None,
) -> tuple[Tile, ...]:
    """Return the tiles, in the catalogue's order. `aims` are the goals of the whole operation by figure.

    `phases` show whether reporting is over. `restated`: figures that differ from those last exported.
    """
    over = board.reports_over(phases, read.as_of)
    live = not by.national or read.frame.country is not None
    of_whole = aims or {} if read.frame.country is None else {}
    changed = restated or {}
    return tuple(
        tile(
            read.figures[kpi], read, language(), live=live, aim=of_whole.get(kpi), over=over, restated=changed.get(kpi)
        )
        for kpi in Kpi
    )


def read_numbers(session: Session, operation: plan.Operation, choice: BoardChoice, by: Actor) -> ScreenFigures:
    """Read the figures in one snapshot of the database."""
    frame, moment = frame_of(operation, choice, by), now()
    read = board.read_board(session, frame, by)
    phases = plan.phases(session, operation.id)
    changed = restated_since_export(session, frame, by)
    aims = {kpi: each.value for kpi, each in targets.targets(session, operation.id).items()}
    tiles = tiles_of(read, by, phases, aims, restated=changed)
    changes = boards.figure_changes(session, operation.id)
    shown = {kpi: kpi in changes or not CATALOGUE[kpi].reported for kpi in boards.board_of(session, operation)}
    ages = release_ages(session, frame, by)
    return ScreenFigures(operation, choice, read, tiles, shown, phases, moment, ages)


def read_situation(
    session: Session, operation: plan.Operation, choice: BoardChoice, by: Actor, numbers: ScreenFigures | None = None
) -> BoardReading:
    """Read the whole screen in one snapshot of the database. `numbers`: its figures, if they were read already."""
    figures = numbers or read_numbers(session, operation, choice, by)
    frame, moment = figures.board.frame, figures.at
    sites = places.sites(session, operation.id)
    heard = board.site_activity(session, frame, by)
    return BoardReading(
        **vars(figures),
        countries=_countries(session, frame, choice, by),
        days=board.by_day(session, frame, choice.figure, by),
        silent=silences(sites, heard, moment, language()),
        sites_known=sum(site.id in heard for site in sites),
        entries=entries_for(session, operation, by, limit=FEED),
        sites=site_names(session, operation.id),
        signs=heartbeats.health(session, moment),
        lives=not by.national or frame.country is not None,
    )


def with_figure(session: Session, read: BoardReading, figure: Kpi, by: Actor) -> BoardReading:
    """Return what was read, with another figure in the charts: nothing else is read again."""
    choice, frame = replace(read.choice, figure=figure), read.board.frame
    countries, days = _countries(session, frame, choice, by), board.by_day(session, frame, figure, by)
    return replace(read, choice=choice, countries=countries, days=days)


def _countries(session: Session, frame: BoardFrame, choice: BoardChoice, by: Actor) -> list[CountryRow]:
    """Return results by country; in a country's own frame only that country's."""
    rows = board.by_country(session, frame, choice.figure, by)
    return [row for row in rows if frame.country in (None, row.country)]
