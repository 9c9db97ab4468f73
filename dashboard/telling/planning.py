"""Sentences for the operational plan, units, targets, templates, intelligence and costs."""

from typing import Any

from dashboard.telling.names import Names, coded, day_of, number_of, raw_value
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_, _, joined
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.journal import Entry
from operations.costs.rows import STAGES


def _sections(entry: Entry, names: Names) -> str:
    return joined(names.code("CL-OPLAN", code) for code in entry.detail.get("sections", ()))


def _figure(entry: Entry, _names: Names) -> str:
    code = entry.detail.get("kpi")
    return _(CATALOGUE[Kpi(code)].name) if code in set(Kpi) else str(code)


def _target(entry: Entry) -> str:
    if entry.detail.get("value") is None:
        return N_("The target of {figure} was dropped.")
    return N_("The target of {figure} is now {value}.")


def _board(entry: Entry) -> str:
    return (
        N_("{figure} was put on the board.") if entry.detail.get("shown") else N_("{figure} was taken off the board.")
    )


def _network(entry: Entry) -> str:
    if "link" in entry.detail:
        return N_("The target network was changed: a link.")
    return N_("The target network was changed: {kind}.")


OPLAN = {
    "oplan.write": row("clipboard-check", N_("The operational plan was written: {sections}."), sections=_sections),
    "oplan.approve": row("rubber-stamp", N_("Version {number} of the operational plan came into force.")),
    "oplan.comment": row(
        "message", N_("{country} commented on the operational plan: {section}."), section=coded("CL-OPLAN", "section")
    ),
    "oplan.answer": row("messages", N_("A comment of {country} on the operational plan was answered.")),
}
UNITS = {
    "unit.man": row(
        "building-community",
        N_("A coordination unit was described: {kind}. Persons: {persons}."),
        kind=coded("CL-OCUKIND", "unit"),
    ),
}
TARGETS = {
    "target.set": row("target", _target, figure=_figure),
    "board.edit": row("report-analytics", _board, figure=_figure),
}
TEMPLATES = {
    "template.edit": row(
        "layout-list",
        N_("A template was saved as version {number}: {kind}."),
        number=number_of("version"),
        kind=coded("CL-OPTYPE", "type"),
    ),
    "template.take": row(
        "bulb",
        N_("A lesson was taken into a template as version {number}: {kind}."),
        number=number_of("version"),
        kind=coded("CL-OPTYPE", "type"),
    ),
    "template.decline": row("ban", N_("A lesson was left out of a template.")),
    "template.start": row(
        "layout-list",
        N_("The operation was laid out from version {number} of a template: {kind}."),
        number=number_of("version"),
        kind=coded("CL-OPTYPE", "type"),
    ),
}
INTELLIGENCE = {
    "intelligence.hypothesis": row(
        "affiliate",
        N_("The hypothesis was stated, version {number}: {state}."),
        number=number_of("version"),
        state=coded("CL-HYPSTATE", "state"),
    ),
    "intelligence.network": row("affiliate", _network, kind=coded("CL-NETWORK", "part")),
    "intelligence.erase": row(
        "trash", N_("Hypothesis and target network are erased: they were kept until {day}."), day=day_of("until")
    ),
    "intelligence.forget": row(
        "eraser", N_("What a version of the hypothesis or the network said is erased, as a person asked for it.")
    ),
}
RESULTS = {
    "result.link": row(
        "git-merge", N_("{country}: a result came from a lead ({kind})."), kind=coded("CL-LINE", "kind")
    ),
    "result.unlink": row("git-merge", N_("{country}: a result is not linked to a lead any more.")),
}


def _stage(entry: Entry, _names: Names) -> str:
    return _(STAGES.get(str(entry.detail.get("stage")), ""))


def _corrected(entry: Entry) -> str:
    if entry.detail.get("elsewhere"):
        return N_("{country}: a cost of {amount} {currency} ({kind}, {stage}) was corrected: somebody else paid it.")
    return N_("{country}: a cost was corrected ({kind}, {stage}): {amount} {currency}, before {before} {of_before}.")


def _book(entry: Entry) -> str:
    if entry.detail.get("after") == "complete":
        return N_("It was said that all costs of the operation are in.")
    if entry.detail.get("after") == "unknown":
        return N_("It was said that no costs of the operation will be known.")
    return N_("Some costs of the operation were said to be missing.")


_COST: dict[str, Any] = {
    "kind": coded("CL-COSTKIND", "kind"),
    "amount": number_of("amount"),
    "currency": raw_value("currency"),
    "before": number_of("amount_before"),
    "of_before": raw_value("currency_before"),
    "stage": _stage,
}
COSTS = {
    "cost.write": row(
        "coins", N_("{country}: a cost was written down ({kind}, {stage}): {amount} {currency}."), **_COST
    ),
    "cost.correct": row("pencil", _corrected, **_COST),
    "cost.take_back": row(
        "arrow-back-up", N_("{country}: a cost was taken back ({kind}, {stage}): {amount} {currency}."), **_COST
    ),
    "cost.complete": row("checks", _book),
    "cost.unknown": row("ban", _book),
    "cost.reopen": row("arrow-back-up", _book),
}
