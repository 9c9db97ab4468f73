"""The journal in sentences: what happened, told with the labels of codes and in the reader's language.

An entry holds codes and counts. A sentence names countries, sites and kinds; never a person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dashboard.telling import cases as journal_told_cases
from dashboard.telling import planning as journal_told_planning
from dashboard.telling import support as journal_told_support
from dashboard.telling import timeline as journal_told_timeline
from dashboard.telling import timetable as journal_told_timetable
from dashboard.wording import _, direction, moment, ngettext, number
from operations.core import vocabulary
from operations.core.journal import Entry
from operations.core.vocabulary import JobState, OperationState, ParticipationState, ReportKind


def isolated(name: str) -> str:
    """A name that may be written the other way: in Arabic it keeps its own direction inside a sentence."""
    return f"\u2068{name}\u2069" if direction() == "rtl" else name


@dataclass(frozen=True)
class Names:
    """What entries refer to by id: names of sites, and of which site a report is, as far as the reader knows them."""

    language: str
    zone: str
    sites: Mapping[UUID, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str:
        """A country by name."""
        return vocabulary.label("CL-COUNTRY", code, self.language) if code else _("The coordination")

    def code(self, list_name: str, code: object) -> str:
        """A code by its label; a code that the list does not hold stays as it is."""
        known = isinstance(code, str) and code in vocabulary.code_list(list_name)
        return vocabulary.label(list_name, str(code), self.language) if known else str(code)

    def site_of(self, entry: Entry) -> str:
        """The site that a report's entry is about, or words for one whose name is not at hand."""
        site = entry.detail.get("site") or self.reports.get(str(entry.detail.get("report")))
        name = self.sites.get(UUID(site)) if site else None
        return isolated(name) if name else _("a site")


def names_for(
    entries: Iterable[Entry],
    language: str,
    zone: str,
    sites: Mapping[UUID, str],
    earlier: Mapping[str, str] | None = None,
) -> Names:
    """The names for telling `entries`: a submission says of which site a report is, and later entries lean on it."""
    reports = {
        entry.detail["report"]: entry.detail["site"] for entry in entries if {"report", "site"} <= entry.detail.keys()
    }
    return Names(language, zone, sites, {**(earlier or {}), **reports})


def told(entry: Entry, names: Names) -> str:
    """One entry as a sentence."""
    teller = _TELLERS.get(entry.act)
    if teller is None:
        return _("Something was recorded: {act}.", act=entry.act)
    words = teller(entry, names)
    return _("{told} This is a change after the debriefing.", told=words) if entry.detail.get("late") else words


def icon_of(entry: Entry) -> str:
    """The icon of an entry's kind."""
    return _ICONS.get(entry.act, _ICONS.get(entry.act.split(".")[0], "point"))


# ----------------------------------------------------------------------------------------------- the sentences


def _created(entry: Entry, names: Names) -> str:
    return _("The operation was created: {type}.", type=names.code("CL-OPTYPE", entry.detail.get("type")))


def field_label(name: str) -> str:
    """What a field of an operation is called on its form."""
    return {
        "code_name": _("Code name"),
        "edition": _("Edition"),
        "type": _("Type"),
        "crime_scope": _("Crime scope"),
        "aim": _("Operational aim"),
        "legal_basis": _("Legal basis"),
        "zone": _("Time zone"),
        "day_cut": _("The official day begins at"),
        "classification": _("Classification"),
        "art3_screen": _("Article 3 screen"),
        "line_kinds": _("Results reported"),
        "daily_due": _("Daily report due at"),
        "invented": _("What is invented"),
    }.get(name, name)


def _edited(entry: Entry, names: Names) -> str:
    fields = ", ".join(field_label(name) for name in entry.detail.get("changed", ()))
    return _("The description was changed: {fields}.", fields=fields)


def _moved(entry: Entry, names: Names) -> str:
    state, reason = entry.detail.get("after"), entry.detail.get("reason", "")
    if state == OperationState.SUSPENDED:
        return _("The operation was suspended. Reason: {reason}", reason=reason)
    if state == OperationState.CANCELLED:
        return _("The operation was cancelled. Reason: {reason}", reason=reason)
    return _(
        "The operation went from {before} to {after}.",
        before=names.code("CL-OPSTATE", entry.detail.get("before")),
        after=names.code("CL-OPSTATE", state),
    )


def _left_out(entry: Entry, names: Names) -> str:
    return _(
        "{country}: reports left out of the figures: {count}. Reason: {reason}",
        country=names.country(entry.country),
        count=number(entry.detail.get("reports", 0)),
        reason=entry.detail.get("reason", ""),
    )


def _scheduled(entry: Entry, names: Names) -> str:
    phase = names.code("CL-PHASE", entry.detail.get("phase"))
    begins, ends = (moment(datetime.fromisoformat(entry.detail[end]), names.zone) for end in ("starts", "ends"))
    if entry.detail.get("before") is None:
        return _("A phase was scheduled: {phase}, {begins} to {ends}.", phase=phase, begins=begins, ends=ends)
    return _("A phase was moved: {phase}, now {begins} to {ends}.", phase=phase, begins=begins, ends=ends)


def _invited(entry: Entry, names: Names) -> str:
    return _("{country} was invited.", country=names.country(entry.country))


def _answered(entry: Entry, names: Names) -> str:
    country, state = names.country(entry.country), entry.detail.get("state")
    if state == ParticipationState.CONFIRMED:
        return _("{country} confirmed that it takes part.", country=country)
    if state == ParticipationState.DECLINED:
        return _("{country} declined to take part.", country=country)
    return _("{country} left the operation.", country=country)


def _assigned(entry: Entry, names: Names) -> str:
    return _("A person was assigned to the operation.")


def _site_placed(entry: Entry, names: Names) -> str:
    return _(
        "{country}: {site} was added as a site ({type}).",
        country=names.country(entry.country),
        site=_site_named(entry, names),
        type=names.code("CL-SITETYPE", entry.detail.get("site_type")),
    )


def _site_closed(entry: Entry, names: Names) -> str:
    return _(
        "{country}: {site} was taken out of the plan.",
        country=names.country(entry.country),
        site=_site_named(entry, names),
    )


def _site_named(entry: Entry, names: Names) -> str:
    name = names.sites.get(entry.object_id) if entry.object_id else None
    return isolated(name) if name else _("a site")


def _posted(entry: Entry, names: Names) -> str:
    return _("{country}: an officer was posted to a site.", country=names.country(entry.country))


def _drawn(entry: Entry, names: Names) -> str:
    kind = names.code("CL-MAPOBJECT", entry.detail.get("kind"))
    if entry.detail.get("version") == 1:
        return _("On the plan: {kind} was drawn.", kind=kind)
    return _("On the plan: {kind} was changed.", kind=kind)


def _erased(entry: Entry, names: Names) -> str:
    return _("On the plan: {kind} was removed.", kind=names.code("CL-MAPOBJECT", entry.detail.get("kind")))


def _undone(entry: Entry, names: Names) -> str:
    return _(
        "On the plan: a change was taken back ({kind}).", kind=names.code("CL-MAPOBJECT", entry.detail.get("kind"))
    )


def _submitted(entry: Entry, names: Names) -> str:
    country, site = names.country(entry.country), names.site_of(entry)
    if entry.detail.get("report_kind") == ReportKind.NIL:
        return _("{country}: {site} sent a nil report.", country=country, site=site)
    lines = int(entry.detail.get("lines", 0))
    return ngettext(
        "{country}: {site} sent a report with {lines} line.",
        "{country}: {site} sent a report with {lines} lines.",
        lines,
        country=country,
        site=site,
        lines=number(lines),
    )


def _corrected(entry: Entry, names: Names) -> str:
    return _(
        "{country}: {site} corrected a report ({reason}).",
        country=names.country(entry.country),
        site=names.site_of(entry),
        reason=names.code("CL-CORRECTION", entry.detail.get("reason")),
    )


def _climbed(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a report of {site} is now at {level}, {state}.",
        country=names.country(entry.country),
        site=names.site_of(entry),
        level=entry.detail.get("level"),
        state=names.code("CL-REPORTSTATE", entry.detail.get("after")),
    )


def _given_back(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a report of {site} went back to its author ({reason}).",
        country=names.country(entry.country),
        site=names.site_of(entry),
        reason=names.code("CL-RETURN", entry.detail.get("reason")),
    )


def _rejected(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a report of {site} was rejected ({reason}).",
        country=names.country(entry.country),
        site=names.site_of(entry),
        reason=names.code("CL-RETURN", entry.detail.get("reason")),
    )


def _withdrawn(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a report of {site} was withdrawn. Reason: {reason}",
        country=names.country(entry.country),
        site=names.site_of(entry),
        reason=entry.detail.get("reason", ""),
    )


def _hit_answered(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a hit of {site} is now {answer}.",
        country=names.country(entry.country),
        site=names.site_of(entry),
        answer=names.code("CL-CONFIRM", entry.detail.get("after")),
    )


def _frozen(entry: Entry, names: Names) -> str:
    return _(
        "Version {number} of the plan was frozen. Objects: {objects}, sites: {sites}.",
        number=number(entry.detail.get("number", 0)),
        objects=number(entry.detail.get("objects", 0)),
        sites=number(entry.detail.get("sites", 0)),
    )


def _plan_approved(entry: Entry, names: Names) -> str:
    return _("Version {number} of the plan was approved.", number=number(entry.detail.get("number", 0)))


def _imported(entry: Entry, names: Names) -> str:
    sentence = (
        _("{country}: a layer was imported ({kind}). Rows kept: {accepted}, left out: {refused}.")
        if entry.detail.get("version") == 1
        else _("{country}: a layer was imported anew ({kind}). Rows kept: {accepted}, left out: {refused}.")
    )
    return sentence.format(
        country=names.country(entry.country),
        kind=names.code("CL-LAYERKIND", entry.detail.get("kind")),
        accepted=number(entry.detail.get("accepted", 0)),
        refused=number(entry.detail.get("refused", 0)),
    )


def _layer_removed(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a layer was removed ({kind}).",
        country=names.country(entry.country),
        kind=names.code("CL-LAYERKIND", entry.detail.get("kind")),
    )


def _layer_restored(entry: Entry, names: Names) -> str:
    return _(
        "{country}: a removed layer was brought back ({kind}).",
        country=names.country(entry.country),
        kind=names.code("CL-LAYERKIND", entry.detail.get("kind")),
    )


def _asked(entry: Entry, names: Names) -> str:
    kind = names.code("CL-ANALYSIS", entry.detail.get("kind"))
    if "resumed_from" in entry.detail:
        return _("An analysis is continued: {kind}.", kind=kind)
    if "rerun_of" in entry.detail:
        return _("An analysis was asked for again: {kind}.", kind=kind)
    return _("An analysis was asked for: {kind}.", kind=kind)


def _analysis_cancelled(entry: Entry, names: Names) -> str:
    kind = names.code("CL-ANALYSIS", entry.detail.get("kind"))
    if entry.detail.get("state") == JobState.CANCELLED:
        return _("An analysis was cancelled before it began: {kind}.", kind=kind)
    return _("An analysis was told to stop: {kind}.", kind=kind)


def _analysis_done(entry: Entry, names: Names) -> str:
    return _("An analysis came to its end: {kind}.", kind=names.code("CL-ANALYSIS", entry.detail.get("kind")))


def _analysis_failed(entry: Entry, names: Names) -> str:
    return _("An analysis failed: {kind}.", kind=names.code("CL-ANALYSIS", entry.detail.get("kind")))


def _analysis_stopped(entry: Entry, names: Names) -> str:
    return _("An analysis has stopped: {kind}.", kind=names.code("CL-ANALYSIS", entry.detail.get("kind")))


def _adopted(entry: Entry, names: Names) -> str:
    return _(
        "On the plan: objects adopted from an analysis ({kind}): {count}.",
        kind=names.code("CL-ANALYSIS", entry.detail.get("kind")),
        count=number(entry.detail.get("count", 0)),
    )


_TELLERS: dict[str, Callable[[Entry, Names], str]] = {
    "operation.create": _created,
    "operation.edit": _edited,
    "operation.run": _moved,
    "operation.approve": _moved,
    "operation.suspend": _moved,
    "operation.cancel": _moved,
    "operation.leave_out": _left_out,
    "phase.schedule": _scheduled,
    "participation.invite": _invited,
    "participation.answer": _answered,
    "operation.assign": _assigned,
    "site.place": _site_placed,
    "site.close": _site_closed,
    "site.post": _posted,
    "plan.draw": _drawn,
    "plan.delete": _erased,
    "plan.undo": _undone,
    "plan.freeze": _frozen,
    "plan.approve": _plan_approved,
    "layer.add": _imported,
    "layer.remove": _layer_removed,
    "layer.restore": _layer_restored,
    "analysis.ask": _asked,
    "analysis.cancel": _analysis_cancelled,
    "analysis.finish": _analysis_done,
    "analysis.fail": _analysis_failed,
    "analysis.stop": _analysis_stopped,
    "analysis.adopt": _adopted,
    "report.submit": _submitted,
    "report.correct": _corrected,
    "report.verify": _climbed,
    "report.validate": _climbed,
    "report.return": _given_back,
    "report.reject": _rejected,
    "report.withdraw": _withdrawn,
    "hit.confirm": _hit_answered,
    **journal_told_timeline.TELLERS,
    **journal_told_timetable.TELLERS,
    **journal_told_cases.TELLERS,
    **journal_told_support.TELLERS,
    **journal_told_planning.TELLERS,
}
_ICONS = {
    "operation": "flag",
    "phase": "calendar-event",
    "participation": "users-group",
    "site": "map-pin",
    "plan": "polygon",
    "plan.freeze": "lock",
    "plan.approve": "rubber-stamp",
    "layer": "stack-2",
    "analysis": "chart-dots",
    "analysis.adopt": "polygon",
    "report": "file-text",
    "report.verify": "check",
    "report.validate": "checks",
    "report.return": "arrow-back-up",
    "report.reject": "ban",
    "report.withdraw": "file-alert",
    "hit": "target",
    **journal_told_timeline.ICONS,
    **journal_told_timetable.ICONS,
    **journal_told_cases.ICONS,
    **journal_told_support.ICONS,
    **journal_told_planning.ICONS,
}
