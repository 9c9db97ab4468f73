"""Reading of the workbook: its rows become drafts of reports, one for a site and a day; flaws are told by cell.

Reports have ids of their own, made of the workbook, the site and the day, so that the same file again is recognised.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel import Session

from dashboard.papers.form_book import FIRST, Given
from dashboard.parts.report.line_form import FieldEntry
from dashboard.screens.workbook.content import DAYS, BookContext, asked
from dashboard.wording import N_
from operations.core import vocabulary
from operations.core.clock import day_bounds, official_day
from operations.core.drafts import NEEDED, parse
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.vocabulary import PhaseKind, ReportKind
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Phase
from operations.policing.reports import reports
from operations.policing.reports.reports import Report, ReportDraft

Cells = Mapping[str, Given]
Place = tuple[str, int, str]
"""The place of a flaw: the code of the sheet, the row counted from 0, and the code of the column."""

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DAY = N_("Write the day as a date, such as 2026-11-30.")
_NO_MOMENT = N_("Write the time as a date and time, such as 2026-11-30 14:00.")
_NO_SITE = N_("This is no open site that you report for. Choose one from the list.")
FORMULA = N_("This cell holds a formula. Write the value itself.")
_TWICE = N_("This site and day stand in another row already. Keep one of them.")
_ELSEWHERE = N_("Somebody corrected this report outside the workbook. Correct it under Reports.")
_REASON = N_("This row was brought in before with other content. Give the reason of the correction.")
_NO_PHASE = N_("No phase of the operation lies on this day.")
FOREIGN = N_("This is not the workbook of this operation and country. Download it from this page.")
_SAME_KIND = N_('The sheets "{first}" and "{second}" hold the same rows. Keep one of them.')
_INSTANT = timedelta(microseconds=1)
_ORDER = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING, PhaseKind.CONSOLIDATION)


@dataclass
class Flaws:
    """The flaws of a workbook by their places, in order."""

    found: dict[Place, Flaw] = field(default_factory=dict)

    def add(self, place: Place, flaw: Flaw | str) -> None:
        """Add a flaw; the first one of a cell stays."""
        self.found.setdefault(place, Flaw("", flaw) if isinstance(flaw, str) else flaw)


@dataclass
class SiteDayRows:
    """The rows of a site and a day: that of the report, if there is one, and those of its lines."""

    head: int | None = None
    said: Cells = field(default_factory=dict)
    lines: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)

    @property
    def first(self) -> tuple[str, int]:
        """Where flaws of the report as a whole are told."""
        return (DAYS, self.head) if self.head is not None else self.lines[0][:2]


@dataclass(frozen=True)
class Brought:
    """What became of a workbook: reports that are new, that were corrected, and that were known."""

    new: int
    corrected: int
    same: int


def rows_of(sheets: Sequence[Any], about: BookContext) -> tuple[dict[str, dict[int, dict[str, Given]]], Flaws]:
    """Return the filled rows of each sheet by code. Raises RuleBroken for another workbook, or one kind in two sheets.

    `sheets` are those of `geodata.intake.sheet.book`.
    """
    found: dict[str, dict[int, dict[str, Given]]] = {}
    names: dict[str, str] = {}
    flaws = Flaws()
    for sheet in sheets:
        head = [cell if isinstance(cell, str) else "" for cell in sheet.rows[0]] if sheet.rows else []
        marks = dict(cell.split(":", 1) for cell in head if cell.startswith(("sheet:", "book:")))
        if "sheet" not in marks:
            continue
        if marks.get("book") != about.code:
            raise RuleBroken("", FOREIGN)
        code = marks["sheet"]
        if code in names:
            raise RuleBroken("", _SAME_KIND, first=names[code], second=sheet.name[:60])
        names[code] = sheet.name[:60]
        found[code] = {
            row: {name: cell for name, cell in zip(head, cells, strict=False) if name and cell is not None}
            for row, cells in enumerate(sheet.rows)
            if row >= FIRST and any(cell is not None for cell in cells[: len(head) - 3])
        }
        for cell in sheet.formulas:
            row, at = cell_place(cell)
            flaws.add((code, row, head[at] if 0 <= at < len(head) else ""), FORMULA)
    if not names:
        raise RuleBroken("", FOREIGN)
    return found, flaws


def cell_place(cell: str) -> tuple[int, int]:
    """Return the row and the column of a cell such as "B7", counted from 0; column -1 where it is not known."""
    letters, digits = re.fullmatch(r"([A-Z]*)(\d*)", cell).groups()  # type: ignore[union-attr]
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return int(digits or FIRST + 1) - 1, at - 1


def drafts_of(
    rows: Mapping[str, Mapping[int, Cells]], about: BookContext, flaws: Flaws
) -> list[tuple[ReportDraft, SiteDayRows]]:
    """Return a draft for each site and day, first versions all of them; flaws are added to `flaws`."""
    drafts = []
    for (site_id, day), group in sorted(
        _grouped(rows, about, flaws).items(), key=lambda each: (each[0][1], str(each[0][0]))
    ):
        site = about.sites[site_id]
        phase = _phase(about, day)
        sheet, row = group.first
        if phase is None:
            flaws.add((sheet, row, "day"), _NO_PHASE)
            continue
        try:
            drafts.append((parse(ReportDraft, _content(about, site, day, phase, group)), group))
        except RuleBroken as refused:
            _tell(flaws, refused.flaws, group)
    return drafts


def bring(session: Session, drafts: Iterable[tuple[ReportDraft, SiteDayRows]], by: Actor, flaws: Flaws) -> Brought:
    """Submit what is new, and correct what changed. Whoever finds `flaws` afterwards must not commit."""
    new = corrected = same = 0
    for draft, group in drafts:
        newest, known = _stored(session, draft)
        if known:
            same += 1
            continue
        try:
            reports.submit(session, _following(draft, newest), by)
        except RuleBroken as refused:
            _tell(flaws, refused.flaws, group)
        except (Conflict, NotFound) as refused:
            _tell(flaws, [Flaw("", refused.template, refused.params)], group)
        new, corrected = (new, corrected + 1) if newest else (new + 1, corrected)
    return Brought(new, corrected, same)


def expected(session: Session, drafts: Iterable[tuple[ReportDraft, SiteDayRows]]) -> Brought:
    """Return what would become of a workbook as far as its reports are stored: nothing is submitted."""
    found = [_stored(session, draft) for draft, _group in drafts]
    same = sum(known for _newest, known in found)
    corrected = sum(newest is not None and not known for newest, known in found)
    return Brought(len(found) - corrected - same, corrected, same)


def _stored(session: Session, draft: ReportDraft) -> tuple[Report | None, bool]:
    """Return the newest version of a report, and whether one of its versions says the same."""
    said, chain = _fingerprint(draft), reports.versions(session, draft.report_id)
    known = any(each.id == _version_id(draft, said, each.supersedes_id) for each in chain)
    return (chain[0] if chain else None), known


def _following(draft: ReportDraft, newest: Report | None) -> ReportDraft:
    """Return the draft as the version after the newest. Raises RuleBroken without a reason, or after another door."""
    before = newest.id if newest else None
    if newest is not None:
        if newest.id.version != 5:  # of no workbook
            raise RuleBroken("", _ELSEWHERE)
        if draft.correction_reason is None:
            raise RuleBroken("correction_reason", _REASON)
    reason = draft.correction_reason if newest else None
    said = _fingerprint(draft)
    ids = {"id": _version_id(draft, said, before), "supersedes_id": before, "correction_reason": reason}
    return draft.model_copy(update=ids)


def _version_id(draft: ReportDraft, said: str, before: UUID | None) -> UUID:
    return uuid5(draft.report_id, f"{said} {before}")


def _fingerprint(draft: ReportDraft) -> str:
    content = draft.model_dump(mode="json", exclude={"id", "lines", "correction_reason", "confirmed"})
    lines = [fingerprint(line.model_dump(mode="json", exclude={"id"})) for line in draft.lines]
    return fingerprint([content, sorted(lines)])


# ----------------------------------------------------------------------------------------------------- rows into drafts


def _grouped(
    rows: Mapping[str, Mapping[int, Cells]], about: BookContext, flaws: Flaws
) -> dict[tuple[UUID, date], SiteDayRows]:
    sites = {" ".join(site.name.casefold().split()): site for site in about.sites.values()}
    found: defaultdict[tuple[UUID, date], SiteDayRows] = defaultdict(SiteDayRows)
    for code in (DAYS, *about.kinds):
        for row, cells in rows.get(code, {}).items():
            site = sites.get(" ".join(str(cells.get("site", "")).casefold().split()))
            day = _day(cells.get("day"))
            if site is None:
                flaws.add((code, row, "site"), _NO_SITE if "site" in cells else NEEDED)
            if not isinstance(day, date):
                flaws.add((code, row, "day"), day)
            if site is None or not isinstance(day, date):
                continue
            group = found[site.id, day]
            if code != DAYS:
                group.lines.append((code, row, _line(code, row, cells, site, day, flaws)))
            elif group.head is not None:
                flaws.add((code, row, "day"), _TWICE)
            else:
                group.head, group.said = row, cells
    return dict(found)


def _content(about: BookContext, site: Site, day: date, phase: Phase, group: SiteDayRows) -> dict[str, Any]:
    report_id = uuid5(UUID(about.code), f"{about.source} {site.id} {day}".strip())
    starts, ends = day_bounds(day, about.operation.zone, about.operation.day_cut)
    said = group.said
    kind = vocabulary.code_for("CL-REPORTKIND", str(said.get("kind", ReportKind.DAILY.value)))
    reason = said.get("correction_reason")
    return {
        "id": report_id,
        "report_id": report_id,
        "operation_id": about.operation.id,
        "site_id": site.id,
        "phase_id": phase.id,
        "kind": kind,
        "period_from": starts,
        "period_to": ends,
        "zone": site.zone,
        "lines": [{**line, "id": uuid5(report_id, f"{code} {row}")} for code, row, line in group.lines],
        "remarks": str(said.get("remarks", "")),
        "correction_reason": vocabulary.code_for("CL-CORRECTION", str(reason)) if reason is not None else None,
        "confirmed": "confirmed" in said,
    }


def _line(code: str, row: int, cells: Cells, site: Site, day: date, flaws: Flaws) -> dict[str, Any]:
    """Return the content of a line; what cannot be read of it is left as it is, for the draft to refuse."""
    said: dict[str, Any] = {"kind": code}
    if "qualifier" in cells:
        said["qualifier"] = vocabulary.code_for("CL-QUAL", str(cells["qualifier"]))
    for each in asked(code):
        if (cell := cells.get(each.name)) is None:
            continue
        match each.entry:
            case FieldEntry.CODE:
                said[each.name] = vocabulary.code_for(each.codes, _text(cell))
            case FieldEntry.COUNT:
                said[each.name] = _count(cell)
            case FieldEntry.DAY:
                said[each.name] = _or_flaw(_day(cell), (code, row, each.name), flaws)
            case FieldEntry.MOMENT:
                said[each.name] = _or_flaw(_moment(cell, day, site.zone), (code, row, each.name), flaws)
            case _:
                said[each.name] = _text(cell)
    return said


def _or_flaw(value: Any, place: Place, flaws: Flaws) -> Any:
    if isinstance(value, str):
        flaws.add(place, value)
        return None
    return value


def _day(cell: Given) -> date | str:
    """Return the day of a cell, or the sentence that refuses it: a text in another order is never guessed."""
    if cell is None:
        return NEEDED
    if not isinstance(cell, str | float) and cell[0] in ("day", "moment"):
        return datetime.fromisoformat(cell[1]).date()
    if isinstance(cell, str) and _ISO_DAY.fullmatch(cell):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return _NO_DAY
    return _NO_DAY


def _moment(cell: Given, day: date, zone: str) -> datetime | str:
    """Return the moment of a cell in the zone of the site; a time alone is one of the day of its row."""
    try:
        if isinstance(cell, str):
            at = (
                datetime.fromisoformat(cell)
                if _ISO_DAY.match(cell)
                else datetime.combine(day, time.fromisoformat(cell))
            )
        elif cell is None or isinstance(cell, float):
            return _NO_MOMENT
        else:
            kind, text = cell
            at = datetime.combine(day, time.fromisoformat(text)) if kind == "time" else datetime.fromisoformat(text)
    except ValueError:
        return _NO_MOMENT
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _count(cell: Given) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    plain = re.sub("[ \u00a0\u202f']", "", cell) if isinstance(cell, str) else cell
    return int(plain) if isinstance(plain, str) and plain.isdecimal() else plain


def _text(cell: Given) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell if isinstance(cell, str) or cell is None else cell[1]  # type: ignore[return-value]


def _phase(about: BookContext, day: date) -> Phase | None:
    zone, cut = about.operation.zone, about.operation.day_cut
    on_day = [
        phase
        for phase in about.phases
        if official_day(phase.starts, zone, cut) <= day <= official_day(phase.ends - _INSTANT, zone, cut)
    ]
    return min(
        on_day, key=lambda phase: _ORDER.index(phase.kind) if phase.kind in _ORDER else len(_ORDER), default=None
    )


def _tell(flaws: Flaws, found: Iterable[Flaw], group: SiteDayRows) -> None:
    """Add the flaws of a draft at the cells that they are about."""
    for flaw in found:
        match flaw.field.split("."):
            case ["lines", at, *name] if at.isdecimal():
                code, row, _line = group.lines[int(at)]
                flaws.add((code, row, name[0] if name else ""), flaw)
            case [name, *_rest]:
                sheet, row = group.first
                flaws.add((sheet, row, "day" if name.startswith("period") else name), flaw)
