"""Form of a template, and the parser from typed values to the content of a draft.

Lines of phases have an order number, so that one can be inserted between others; tasks and teams refer to it.
"""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import drawing, fieldset
from dashboard.wording import N_, _, coded, language
from operations.catalogue.kpis import CATALOGUE
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import Label
from operations.core.vocabulary import OperationType
from operations.policing.operation.oplan import SECTIONS
from operations.policing.operation.targets import AIMED_AT, TargetDraft
from operations.templates.content import Content, localised, plan_texts
from operations.templates.outlines import outline

_AIMS = {f"target_{kpi.value}": kpi for kpi in AIMED_AT}
_PLAN = {f"oplan_{code}": code for code in SECTIONS}
FORM = DraftForm(
    "template",
    Content,
    beside={
        **{name: Label(CATALOGUE[kpi].name) for name, kpi in _AIMS.items()},
        **{name: Label(N_("Text"), draws="words") for name in _PLAN},
    },
    stands={f"oplan.{code}": name for name, code in _PLAN.items()},
)


def template_form(content: Content) -> Component:
    """Return the fields, filled from the template."""
    draw = drawing(FORM, shown(content))
    return tags.Div(
        fieldset(_("What it is"), *draw("name", "aim", "crime_scope")),
        fieldset(
            _("Phases"),
            *draw("phases"),
            note=_("In the order of their numbers. A line without a kind is left out."),
        ),
        fieldset(
            _("Tasks"),
            *draw("tasks"),
            note=_("Due so many days after the phase begins. A line without a title is left out."),
        ),
        fieldset(
            _("Teams needed"),
            *draw("needs"),
            note=_(
                "From so many days after the phase begins; without a phase, after the first day of "
                "action. A line without a specialism is left out."
            ),
        ),
        fieldset(_("Reporting"), *draw("line_kinds", "daily_due")),
        fieldset(_("Goals"), *draw(*_AIMS), note=_("At least so much; empty: no target. Shares in per cent.")),
        tags.Details(
            html.Summary(_("What the operational plan begins with")),
            html.P(
                _("What has to be filled in stands in [brackets]: a section is not complete before."),
                className="m-dim m-small",
            ),
            *(draw(name, label=coded("CL-OPLAN", code))[0] for name, code in _PLAN.items()),
            className="overview-editor m-stack",
        ),
        className="operation-form template-form",
    )


def blank(kind: OperationType) -> Content:
    """Return the initial content of a new template of a kind: only the OPLAN outline that comes with Muster."""
    return Content.model_construct(kind=kind, name="", crime_scope=(), phases=())


def shown(content: Content) -> dict[str, Any]:
    """Return the field values: texts in the reader's language, and numbered lines."""

    def line(phase: int | None) -> int | None:
        return None if phase is None else phase + 1

    return {
        **dict(content),
        "name": localised(content.name, language()),
        "aim": localised(content.aim, language()),
        "tasks": [
            {**dict(each), "title": localised(each.title, language()), "phase": line(each.phase)}
            for each in content.tasks
        ],
        "needs": [{**dict(each), "phase": line(each.phase)} for each in content.needs],
        **{f"target_{each.kpi.value}": each.value for each in content.targets},
        **{name: plan_texts(content, language()).get(code, "") for name, code in _PLAN.items()},
    }


def content_of(typed: Mapping[str, Any], before: Content) -> Content:
    """Return the content of a template from the typed values. Unchanged texts keep all languages.

    Raises RuleBroken with every flaw in its place.
    """
    phase_rows, task_rows = FORM.rows_typed("phases", typed), FORM.rows_typed("tasks", typed)
    places = {row + 1: index for index, row in enumerate(phase_rows)}

    def turn(content: dict[str, Any]) -> dict[str, Any]:
        for row, phase in zip(phase_rows, content["phases"], strict=True):
            kept = before.phases[row] if row < len(before.phases) else None
            phase["name"] = kept.name if kept is not None and kept.kind == phase["kind"] else None
        for row, task in zip(task_rows, content["tasks"], strict=True):
            stood = before.tasks[row] if row < len(before.tasks) else None
            task["title"] = _kept(task["title"], stood.title if stood else "")
            if stood and task["title"] is stood.title:
                task["until_state"] = stood.until_state
        for each in (*content["tasks"], *content["needs"]):
            if each.get("phase") is not None:
                each["phase"] = places.get(each["phase"], len(places))
        name, aim = (_kept(content.get(each, ""), getattr(before, each)) for each in ("name", "aim"))
        texts = {code: content[field] or "" for field, code in _PLAN.items()}
        begun = {code: text.strip() for code, text in texts.items()}
        told = None if before.oplan is None and begun == outline(before.kind, language()) else begun
        return content | {"name": name, "aim": aim, "targets": _targets(content), "oplan": told}

    return FORM.draft(Content, typed, turn=turn, kind=before.kind)


def _targets(content: Mapping[str, Any]) -> list[TargetDraft]:
    found, flaws = [], list[Flaw]()
    for name, kpi in _AIMS.items():
        try:
            found += [parse(TargetDraft, {"kpi": kpi, "value": content[name]})] if content[name] is not None else []
        except RuleBroken as broken:
            flaws += [Flaw(name, each.template, each.params) for each in broken.flaws]
    if flaws:
        raise RuleBroken.all(flaws)
    return found


def _kept(typed: str, before: str | dict[str, str]) -> str | dict[str, str]:
    return before if before and typed.strip() == localised(before, language()) else typed
