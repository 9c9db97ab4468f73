"""What happened to the operational plan, units, targets, templates and intelligence, in sentences."""

from datetime import datetime
from typing import Any

from dashboard.wording import _, date, number
from operations.core.journal import Entry
from operations.measures.kpis import CATALOGUE, Kpi


def _plan_written(entry: Entry, names: Any) -> str:
    sections = ", ".join(names.code("CL-OPLAN", code) for code in entry.detail.get("sections", ()))
    return _("The operational plan was written: {sections}.", sections=sections)


def _plan_approved(entry: Entry, names: Any) -> str:
    return _("Version {number} of the operational plan came into force.", number=number(entry.detail.get("number", 0)))


def _commented(entry: Entry, names: Any) -> str:
    return _(
        "{country} commented on the operational plan: {section}.",
        country=names.country(entry.country),
        section=names.code("CL-OPLAN", entry.detail.get("section")),
    )


def _answered(entry: Entry, names: Any) -> str:
    return _("A comment of {country} on the operational plan was answered.", country=names.country(entry.country))


def _unit(entry: Entry, names: Any) -> str:
    return _(
        "A coordination unit was described: {kind}. Persons: {persons}.",
        kind=names.code("CL-OCUKIND", entry.detail.get("unit")),
        persons=number(entry.detail.get("persons", 0)),
    )


def _target(entry: Entry, names: Any) -> str:
    code = entry.detail.get("kpi")
    figure = _(CATALOGUE[Kpi(code)].name) if code in set(Kpi) else str(code)
    if entry.detail.get("value") is None:
        return _("The target of {figure} was dropped.", figure=figure)
    return _("The target of {figure} is now {value}.", figure=figure, value=number(entry.detail["value"]))


def _template_saved(entry: Entry, names: Any) -> str:
    return _(
        "A template was saved as version {number}: {kind}.",
        number=number(entry.detail.get("version", 0)),
        kind=names.code("CL-OPTYPE", entry.detail.get("type")),
    )


def _started(entry: Entry, names: Any) -> str:
    return _(
        "The operation was laid out from version {number} of a template: {kind}.",
        number=number(entry.detail.get("version", 0)),
        kind=names.code("CL-OPTYPE", entry.detail.get("type")),
    )


def _hypothesis(entry: Entry, names: Any) -> str:
    return _(
        "The hypothesis was stated, version {number}: {state}.",
        number=number(entry.detail.get("version", 0)),
        state=names.code("CL-HYPSTATE", entry.detail.get("state")),
    )


def _network(entry: Entry, names: Any) -> str:
    if "link" in entry.detail:
        return _("The target network was changed: a link.")
    return _("The target network was changed: {kind}.", kind=names.code("CL-NETWORK", entry.detail.get("part")))


def _intelligence_erased(entry: Entry, names: Any) -> str:
    return _(
        "Hypothesis and target network are erased: they were kept until {day}.",
        day=date(datetime.fromisoformat(entry.detail["until"]).date()),
    )


def _linked(entry: Entry, names: Any) -> str:
    return _(
        "{country}: a result came from a lead ({kind}).",
        country=names.country(entry.country),
        kind=names.code("CL-LINE", entry.detail.get("kind")),
    )


def _unlinked(entry: Entry, names: Any) -> str:
    return _("{country}: a result is not linked to a lead any more.", country=names.country(entry.country))


TELLERS = {
    "oplan.write": _plan_written,
    "oplan.approve": _plan_approved,
    "oplan.comment": _commented,
    "oplan.answer": _answered,
    "unit.man": _unit,
    "target.set": _target,
    "template.edit": _template_saved,
    "template.start": _started,
    "intelligence.hypothesis": _hypothesis,
    "intelligence.network": _network,
    "intelligence.erase": _intelligence_erased,
    "result.link": _linked,
    "result.unlink": _unlinked,
}
ICONS = {
    "oplan": "clipboard-check",
    "oplan.approve": "rubber-stamp",
    "oplan.comment": "message",
    "oplan.answer": "messages",
    "unit": "building-community",
    "target": "target",
    "template": "layout-list",
    "intelligence": "affiliate",
    "intelligence.erase": "trash",
    "result": "git-merge",
}
