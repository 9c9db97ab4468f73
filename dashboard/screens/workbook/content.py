"""Content of the workbook: a sheet for reports and one for each kind of line, with the fields of their drafts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlmodel import Session

from dashboard.papers.form_book import FormBook, FormColumn, FormSheet, Given
from dashboard.parts.book.marked import with_rows
from dashboard.parts.report.line_form import FIELDS, FieldEntry, LineField, title
from dashboard.wording import _, coded, direction, language
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import ReportKind
from operations.lines.kinds import KINDS
from operations.lines.line import QuantityLine
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase

DAYS = "days"
"""The code of the sheet of reports."""
SITES, YES = "sites", "yes"
_KINDS = (ReportKind.DAILY, ReportKind.NIL, ReportKind.FINAL)
_ENTRIES = {FieldEntry.COUNT: "count", FieldEntry.CODE: "choice", FieldEntry.MOMENT: "moment", FieldEntry.DAY: "day"}


@dataclass(frozen=True)
class BookContext:
    """What a workbook is about: the operation, the country's open sites that its writer reports for, and the phases.

    `source` is "" for Muster's own workbook, else the kind of result of a country's own sheet: its reports are others.
    """

    operation: Operation
    country: str
    sites: Mapping[UUID, Site]
    phases: tuple[Phase, ...]
    source: str = ""

    @property
    def code(self) -> str:
        """The identifier of the workbook: one for an operation and a country, whoever takes it along."""
        return str(uuid5(self.operation.id, self.country))

    @property
    def kinds(self) -> list[str]:
        """The kinds of lines that the operation reports; all, where it names none."""
        return [kind for kind in KINDS if not self.operation.line_kinds or kind in self.operation.line_kinds]


def context(session: Session, operation_id: UUID, by: Actor) -> BookContext:
    """Return what the workbook of `by` is about. Raises NotFound, NotPermitted."""
    operation = plan.operation(session, operation_id, by)
    require(by, Act.REPORT_WRITE)
    own = {
        site.id: site
        for site in places.sites(session, operation.id)
        if may(by, Act.REPORT_WRITE, plan.subject(operation, site.country, site.id))
    }
    return BookContext(operation, by.country or "", own, tuple(plan.phases(session, operation.id)))


def book(about: BookContext) -> FormBook:
    """Return the workbook with nothing filled in, in the language of the request."""
    lists = {
        SITES: [site.name for site in about.sites.values()],
        YES: [_("Yes")],
        "CL-REPORTKIND": [coded("CL-REPORTKIND", kind.value) for kind in _KINDS],
        **{name: _labels(name) for name in sorted(set(_listed(about)))},
    }
    sheets = [FormSheet(DAYS, _("Reports"), _days())]
    sheets += [FormSheet(kind, _sheet_name(kind), columns(kind)) for kind in about.kinds]
    return FormBook(
        about.code,
        _(
            "Reports of {country}: {operation}",
            country=coded("CL-COUNTRY", about.country),
            operation=about.operation.title,
        ),
        _instructions(about),
        lists,
        sheets,
        flaw_head=_("What is wrong"),
        first_sheet=_("How to fill it in"),
        rtl=direction() == "rtl",
    )


def filled(
    about: BookContext,
    rows: Mapping[str, Mapping[int, Mapping[str, Given]]],
    flaws: Mapping[tuple[str, int, str], str],
) -> FormBook:
    """Return the workbook with what was filled in by sheet and row, and the sentences by sheet, row and column."""
    return with_rows(book(about), rows, flaws)


def _instructions(about: BookContext) -> list[str]:
    return [
        _("One row of the sheet of a kind of result is one line: its site, its day, and what happened."),
        _("Lines of one site and one day are one daily report. It needs no row in the sheet Reports."),
        _("The sheet Reports is for remarks, for days on which nothing happened (nil report), and for corrections."),
        _(
            "A day is the official day of the operation. It begins at {time} in {zone}.",
            time=f"{about.operation.day_cut:%H:%M}",
            zone=about.operation.zone,
        ),
        _("Times are local times of the site. Write days and times as dates, never as text, and no formulas."),
        _("A head with * must be filled in. Choose from the lists; no names and no documents of persons."),
        _("Bring the file back under Reports in Muster. Nothing is stored unless all of it is right."),
        _("The same file again changes nothing. A changed row is a correction: give its reason in the sheet Reports."),
        _("Where Muster asks about a figure, check it. If it is right, say so in the sheet Reports."),
        _("Leave rows where they are. Add new rows below. What is wrong comes back marked in the file."),
    ]


def _days() -> list[FormColumn]:
    return [
        *_place(),
        FormColumn("kind", _("Kind of report"), "choice", "CL-REPORTKIND"),
        FormColumn("remarks", _("Remarks"), "text"),
        FormColumn(
            "correction_reason",
            _("Reason of the correction"),
            "choice",
            "CL-CORRECTION",
            _("Only where the report of this day was brought in before."),
        ),
        FormColumn(
            "confirmed", _("Unlikely figures are right"), "choice", YES, _("Only where Muster asked about a figure.")
        ),
    ]


def _place() -> list[FormColumn]:
    return [
        FormColumn("site", _("Site"), "choice", SITES, needed=True),
        FormColumn("day", _("Day"), "day", needed=True),
    ]


def columns(kind: str) -> list[FormColumn]:
    """Return the columns of a kind of line: its site, its day, and its fields."""
    found = _place()
    for field in asked(kind):
        found.append(_column(kind, field))
        if field.counts and issubclass(KINDS[kind], QuantityLine):
            hint = _("Leave it empty where the figure is exact.")
            found.append(FormColumn("qualifier", _("The figure is"), "choice", "CL-QUAL", hint))
    return found


def _column(kind: str, field: LineField) -> FormColumn:
    unit = KINDS[kind].UNIT if field.counts else ""
    head = _(field.label)
    if unit and unit != "count" and unit in vocabulary.code_list("CL-UNIT"):
        head = f"{head} ({coded('CL-UNIT', unit)})"
    hint = _("Only where {field} asks for it.", field=_label(kind, field.only[0])) if field.only else ""
    return FormColumn(
        field.name, head, _ENTRIES.get(field.entry, "text"), field.codes, hint, field.needed and not field.only
    )


def asked(kind: str) -> Iterator[LineField]:
    """Yield the fields of a kind that the workbook asks for: all but the choice of an earlier hit."""
    return (field for field in FIELDS[kind] if field.entry is not FieldEntry.HIT)


def _label(kind: str, name: str) -> str:
    return _(next(field.label for field in FIELDS[kind] if field.name == name))


def _listed(about: BookContext) -> Iterator[str]:
    yield from ("CL-CORRECTION", "CL-QUAL")
    for kind in about.kinds:
        yield from (field.codes for field in asked(kind) if field.codes)


def _labels(name: str) -> list[str]:
    return [each["label"] for each in vocabulary.options(name, language())]


def _sheet_name(kind: str) -> str:
    """Return the name of a sheet: at most 31 characters, and none that a spreadsheet program refuses."""
    return "".join(mark for mark in title(kind) if mark not in "[]:*?/\\'")[:31].strip()
