"""Reading of the workbook: its rows become drafts of reports, one for a site and a day; flaws are told by cell.

Reports have ids of their own, made of the workbook, the site and the day, so that the same file again is recognised.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session

from dashboard.papers.form_book import Given
from dashboard.parts.book.cells import Flaws, count_of, day_of, moment_of, text_of
from dashboard.parts.book.cells import Place as Place
from dashboard.parts.report.line_form import FieldEntry
from dashboard.screens.workbook.content import DAYS, BookContext, asked
from dashboard.server.upload_queue import tell_part
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
_NO_SITE = N_("This is no open site that you report for. Choose one from the list.")
_TWICE = N_("This site and day stand in another row already. Keep one of them.")
_ELSEWHERE = N_("Somebody corrected this report outside the workbook. Correct it under Reports.")
_REASON = N_("This row was brought in before with other content. Give the reason of the correction.")
_NO_PHASE = N_("No phase of the operation lies on this day.")
FOREIGN = N_("This is not the workbook of this operation and country. Download it from this page.")
_INSTANT = timedelta(microseconds=1)
_ORDER = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING, PhaseKind.CONSOLIDATION)


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


def bring(session: Session, drafts: Sequence[tuple[ReportDraft, SiteDayRows]], by: Actor, flaws: Flaws) -> Brought:
    """Submit what is new, and correct what changed. Whoever finds `flaws` afterwards must not commit."""
    new = corrected = same = 0
    for at, (draft, group) in enumerate(drafts):
        tell_part(at / len(drafts))
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
            day = day_of(cells.get("day"))
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
                said[each.name] = vocabulary.code_for(each.codes, text_of(cell))
            case FieldEntry.COUNT:
                said[each.name] = count_of(cell)
            case FieldEntry.DAY:
                said[each.name] = _or_flaw(day_of(cell), (code, row, each.name), flaws)
            case FieldEntry.MOMENT:
                said[each.name] = _or_flaw(moment_of(cell, day, site.zone), (code, row, each.name), flaws)
            case _:
                said[each.name] = text_of(cell)
    return said


def _or_flaw(value: Any, place: Place, flaws: Flaws) -> Any:
    if isinstance(value, str):
        flaws.add(place, value)
        return None
    return value


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
