"""Tables of an operation for programs, as their reader sees them: key figures, countries, days, parts and reports."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from dashboard.api.data_package import FLAGS, DataCell, DataField, DataPackage, DataTable, flags
from dashboard.parts.kpi_board import chart_figures
from dashboard.parts.report.line_form import FIELDS, FieldEntry
from dashboard.wording import N_, _
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.rows import by_id
from operations.core.vocabulary import Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.board import FigureBoard
from operations.figures.values import Figure
from operations.lines.line import EXACT
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import desk_queries
from operations.policing.reports.reports import Line, Report
from operations.results.restatements import Restated, restated_since_export

Row = list[DataCell]
_LEVELS = tuple(each.name for each in Level)
_ABOUT = "~"


@dataclass(frozen=True)
class TableRequest:
    """What is asked for: an operation in a frame, as `by` sees it in this session."""

    session: Session
    operation: plan.Operation
    frame: BoardFrame
    by: Actor


@dataclass(frozen=True)
class _Figures:
    """The board of a request, and the figures that were restated since the reader could last take them along."""

    of: TableRequest
    board: FigureBoard
    restated: Mapping[Kpi, Restated]

    def level(self, kpi: Kpi) -> str:
        return (CATALOGUE[kpi].level or self.of.frame.level).name

    def as_of(self, kpi: Kpi) -> datetime:
        released = self.board.figures[kpi].released
        return (released.sums if released else None) or self.board.moved or self.board.as_of

    def of_part(self, kpi: Kpi, value: int | None, *, restated: bool) -> str:
        """Return the flags of a country or a day."""
        return flags(hidden=value is None, restated=restated, unreliable=bool(self.board.figures[kpi].gaps))

    def of_whole(self, kpi: Kpi) -> str:
        """Return the flags of a figure."""
        figure = self.board.figures[kpi]
        return flags(
            hidden=figure.hidden,
            about=figure.qualifier == _ABOUT,
            restated=kpi in self.restated,
            unreliable=bool(figure.gaps),
            undefined=figure.value is None and not figure.hidden,
        )


# ---------------------------------------------------------------------------------------------------- figures


def _figure_fields(*more: DataField, number: str = "integer") -> tuple[DataField, ...]:
    return (
        DataField("figure", _("Key figure"), values=tuple(each.value for each in Kpi), needed=True),
        *more,
        DataField("level", _("Level"), values=_LEVELS, needed=True),
        DataField("value", _("Value"), number),
        DataField("unverified", _("Not yet verified"), number),
        DataField("obs_flag", _("Status"), pattern=FLAGS, needed=True),
        DataField("as_of", _("As of"), "datetime", needed=True),
    )


def _figures(read: _Figures) -> DataTable:
    fields = (
        *_figure_fields(number="number"),
        DataField("unit", _("Unit"), values=tuple(sorted({CATALOGUE[kpi].unit for kpi in Kpi}))),
        DataField("qualifier", _("Qualifier"), codes="CL-QUAL"),
        DataField("part", _("Part of a share"), "integer"),
        DataField("whole", _("Whole of a share"), "integer"),
        DataField("low", _("Interval from"), "number"),
        DataField("high", _("Interval to"), "number"),
    )
    rows: list[Row] = []
    for kpi in Kpi:
        found: Figure = read.board.figures[kpi]
        value = None if found.hidden or found.value is None else round(found.value, 6)
        waits = None if found.unverified is None else round(found.unverified, 6)
        head: Row = [kpi.value, read.level(kpi), value, waits, read.of_whole(kpi), read.as_of(kpi)]
        share: Row = [found.part, found.of, *(found.interval or (None, None))]
        rows.append([*head, CATALOGUE[kpi].unit or None, found.qualifier or None, *share])
    return DataTable("figures", _("Key figures"), fields, rows, ("figure",))


def _parts(read: _Figures) -> DataTable:
    fields = (
        DataField("figure", _("Key figure"), values=tuple(each.value for each in Kpi), needed=True),
        DataField("code", _("Code"), needed=True),
        DataField("unit", _("Unit")),
        DataField("level", _("Level"), values=_LEVELS, needed=True),
        DataField("value", _("Value"), "number", needed=True),
        DataField("low", _("Interval from"), "number"),
        DataField("high", _("Interval to"), "number"),
        DataField("obs_flag", _("Status"), pattern=FLAGS, needed=True),
        DataField("as_of", _("As of"), "datetime", needed=True),
    )
    rows: list[Row] = []
    for kpi in Kpi:
        figure = read.board.figures[kpi]
        tail: Row = [flags(restated=kpi in read.restated, unreliable=bool(figure.gaps)), read.as_of(kpi)]
        parts: list[Row] = [[code, None, read.level(kpi), amount, None, None] for code, amount in figure.parts.items()]
        parts += [[each.code, each.unit, read.level(kpi), each.quantity, None, None] for each in figure.apart]
        parts += [
            [database, CATALOGUE[kpi].unit, read.level(kpi), round(rate.per_million, 6), *rate.interval]
            for database, rate in figure.rates.items()
        ]
        rows += [[kpi.value, *part, *tail] for part in parts]
    return DataTable("parts", _("Breakdowns"), fields, rows)


def _by_country(read: _Figures) -> DataTable:
    fields = _figure_fields(DataField("country", _("Country"), codes="CL-COUNTRY", needed=True))
    rows: list[Row] = [
        [
            kpi.value,
            row.country,
            read.level(kpi),
            row.verified,
            row.unverified,
            read.of_part(kpi, row.verified, restated=kpi in read.restated),
            read.as_of(kpi),
        ]
        for kpi in chart_figures(read.of.session, read.of.operation)
        for row in board.by_country(read.of.session, read.of.frame, kpi, read.of.by)
    ]
    return DataTable("by_country", _("By country"), fields, rows, ("figure", "country"))


def _by_day(read: _Figures) -> DataTable:
    fields = _figure_fields(DataField("official_day", _("Official day"), "date", needed=True))
    rows: list[Row] = [
        [
            kpi.value,
            day,
            read.level(kpi),
            value,
            waits,
            read.of_part(kpi, value, restated=kpi in read.restated and day in read.restated[kpi].days),
            read.as_of(kpi),
        ]
        for kpi in chart_figures(read.of.session, read.of.operation)
        for day, value, waits in board.by_day(read.of.session, read.of.frame, kpi, read.of.by)
    ]
    return DataTable("by_day", _("By day"), fields, rows, ("figure", "official_day"))


FIGURES: Mapping[str, Callable[[_Figures], DataTable]] = {
    "figures": _figures,
    "parts": _parts,
    "by_country": _by_country,
    "by_day": _by_day,
}
"""The tables of figures by their names."""


def figures(of: TableRequest) -> list[DataTable]:
    """Return the tables of figures. Raises NotFound, NotPermitted."""
    changed = restated_since_export(of.session, of.frame, of.by)
    read = _Figures(of, board.read_board(of.session, of.frame, of.by), changed)
    return [make(read) for make in FIGURES.values()]


# ---------------------------------------------------------------------------------------------------- reports

_TYPES = {
    FieldEntry.COUNT: ("integer", ""),
    FieldEntry.MOMENT: ("datetime", ""),
    FieldEntry.DAY: ("date", ""),
    FieldEntry.HIT: ("string", "uuid"),
}


def _attribute_fields() -> Iterator[DataField]:
    """Yield the columns of what only some kinds of lines have; a name that means two things is a text."""
    found: dict[str, list[Any]] = {}
    for fields in FIELDS.values():
        for each in fields:
            found.setdefault(each.name, []).append(each)
    for name, same in found.items():
        first = same[0]
        if any((each.entry, each.codes) != (first.entry, first.codes) for each in same):
            yield DataField(name, _(first.label), free=True)
        elif first.entry is FieldEntry.CODE:
            yield DataField(name, _(first.label), codes=first.codes)
        else:
            kind, form = _TYPES.get(first.entry, ("string", ""))
            yield DataField(name, _(first.label), kind, form, free=(kind, form) == ("string", ""))


def reports(of: TableRequest) -> DataTable:
    """Return the asker's country's current reports at the level of the frame: a row a line, one for a nil report."""
    versions, lines = desk_queries.standing(of.session, of.operation.id, of.by.country, of.frame.level)
    names = {
        ident: site.name for ident, site in by_id(of.session, places.Site, (each.site_id for each in versions)).items()
    }
    phases = {phase.id: phase.name for phase in plan.phases(of.session, of.operation.id)}
    attributes = tuple(_attribute_fields())
    fields = (
        DataField("official_day", _("Official day"), "date", needed=True),
        DataField("country", _("Country"), codes="CL-COUNTRY", needed=True),
        DataField("site_id", _("Site"), format="uuid", needed=True),
        DataField("site", _("Site"), free=True),
        DataField("phase_id", _("Phase"), format="uuid", needed=True),
        DataField("phase", _("Phase"), free=True),
        DataField("report_kind", _("Kind of report"), codes="CL-REPORTKIND", needed=True),
        DataField("level", _("Level"), values=_LEVELS, needed=True),
        DataField("state", _("State"), codes="CL-REPORTSTATE", needed=True),
        DataField("version", _("Version"), "integer", needed=True),
        DataField("period_from", _("From"), "datetime", needed=True),
        DataField("period_to", _("To"), "datetime", needed=True),
        DataField("impact", _("Impact"), codes="CL-IMPACT-EVENT"),
        DataField("line_kind", _("Kind of result"), codes="CL-LINE"),
        DataField("quantity", _("Quantity"), "integer", needed=True),
        DataField("unit", _("Unit")),
        DataField("qualifier", _("Qualifier"), codes="CL-QUAL"),
        DataField("obs_flag", _("Status"), pattern=FLAGS, needed=True),
        *attributes,
        DataField("remarks", _("Remarks"), free=True),
        DataField("report_id", _("Report"), format="uuid", needed=True),
        DataField("version_id", _("Version"), format="uuid", needed=True),
        DataField("line_id", _("Kind of result"), format="uuid"),
    )
    rows = [
        row
        for report in versions
        for row in _report_rows(
            report, lines[report.id], names.get(report.site_id, ""), phases.get(report.phase_id, ""), attributes
        )
    ]
    return DataTable("reports", _("Reports"), fields, rows)


def _report_rows(
    report: Report, lines: Sequence[Line], site: str, phase: str, attributes: Sequence[DataField]
) -> Iterator[Row]:
    head: Row = [
        report.official_day.isoformat(),
        report.country,
        str(report.site_id),
        site,
        str(report.phase_id),
        phase,
        report.kind,
        Level(report.level).name,
        report.state,
        report.version,
        report.period_from,
        report.period_to,
        report.impact,
    ]
    tail: Row = [report.remarks or None, str(report.report_id), str(report.id)]
    corrected = report.version > 1
    if not lines:
        blank: Row = [None] * len(attributes)
        yield [*head, None, 0, None, None, flags(restated=corrected), *blank, *tail, None]
    for line in lines:
        own = {field.name for field in FIELDS[line.kind]}
        sign = line.attributes.get("qualifier", EXACT)
        yield [
            *head,
            line.kind,
            line.quantity,
            line.unit or None,
            None if sign == EXACT else sign,
            flags(about=sign == _ABOUT, restated=corrected),
            *(_value(field, line.attributes.get(field.name)) if field.name in own else None for field in attributes),
            *tail,
            str(line.id),
        ]


def _value(field: DataField, value: Any) -> DataCell:
    if value in (None, ""):
        return None
    if field.type == "datetime":
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    return value if field.type == "integer" else str(value)


# ---------------------------------------------------------------------------------------------------- package


def package(of: TableRequest, tables: Sequence[DataTable]) -> DataPackage:
    """Return tables of an operation as a package that says of what they are; each row repeats operation and marking."""
    fixed: tuple[DataField, ...] = (
        DataField("operation_id", _("Operation"), format="uuid", needed=True),
        DataField("classification", _("Marking"), codes="CL-CLASS", needed=True),
    )
    values: Row = [str(of.operation.id), of.operation.classification]
    whole = [
        DataTable(each.name, each.title, (*each.fields, *fixed), [[*row, *values] for row in each.rows], each.key)
        for each in tables
    ]
    about: dict[str, Any] = {
        "operation": str(of.operation.id),
        "classification": of.operation.classification,
        "country": of.frame.country,
        "level": of.frame.level.name,
        "entry": board.number_of(of.session, of.frame, of.by)[0],
        "zone": of.operation.zone,
        "flags": _(FLAG_WORDS),
    }
    return DataPackage(f"muster-{of.operation.id}", of.operation.title, now(), about, whole)


FLAG_WORDS = N_(
    "Flags after Eurostat: c hidden since small numbers of persons are confidential, e estimated, p provisional, "
    "r revised since it was last exported or sent, u of low reliability, z not applicable."
)
