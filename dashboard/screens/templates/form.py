"""The form of a template: rows of phases, tasks, teams and targets, and the content of a draft from what was typed.

Every row has an order number, so that a row can be put between others; a row without a kind or a title is left out.
"""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import Form, multi_select_field, number_field, select_field, text_area, text_field, time_field
from dashboard.telling.names import field_label
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.measures.kpis import CATALOGUE
from operations.policing.operation.targets import AIMED_AT
from operations.templates.content import Content, said

PHASE_ROWS, TASK_ROWS, NEED_ROWS = 10, 16, 6
_NEED = ("specialism", "team_kind", "teams", "languages", "certificates", "phase", "day", "days")
FIELDS = ("name", "aim", "crime_scope", "line_kinds", "daily_due")


def row_fields() -> tuple[str, ...]:
    """The fields of all rows."""
    return (
        *(f"phase_{name}_{row}" for row in range(PHASE_ROWS) for name in ("order", "kind", "days", "gap")),
        *(f"task_{name}_{row}" for row in range(TASK_ROWS) for name in ("title", "phase", "due")),
        *(f"need_{name}_{row}" for row in range(NEED_ROWS) for name in _NEED),
        *(f"target_{kpi.value}" for kpi in AIMED_AT),
    )


def template_form(form: Form, content: Content) -> Component:
    """The fields, with what the template says."""

    def choices(name: str) -> list[dict[str, str]]:
        return vocabulary.options(name, language())

    due = f"{content.daily_due:%H:%M}" if content.daily_due else ""
    return html.Div(
        [
            html.Fieldset(
                [
                    html.Legend(_("What it is")),
                    text_field(form, "name", _("Name"), value=said(content.name, language()), maxLength=120),
                    text_area(form, "aim", field_label("aim"), value=said(content.aim, language())),
                    multi_select_field(
                        form,
                        "crime_scope",
                        field_label("crime_scope"),
                        choices("CL-CRIMESCOPE"),
                        value=list(content.crime_scope),
                    ),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Phases")),
                    html.P(
                        _("In the order of their numbers. A line without a kind is left out."),
                        className="m-dim m-small",
                    ),
                    *(_phase(form, content, row, choices("CL-PHASE")) for row in range(PHASE_ROWS)),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Tasks")),
                    html.P(
                        _("Due so many days after the phase begins. A line without a title is left out."),
                        className="m-dim m-small",
                    ),
                    *(_task(form, content, row) for row in range(TASK_ROWS)),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Teams needed")),
                    html.P(
                        _(
                            "From so many days after the phase begins; without a phase, after the first day of "
                            "action. A line without a specialism is left out."
                        ),
                        className="m-dim m-small",
                    ),
                    *(_need(form, content, row) for row in range(NEED_ROWS)),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Reporting")),
                    multi_select_field(
                        form,
                        "line_kinds",
                        field_label("line_kinds"),
                        choices("CL-LINE"),
                        value=[kind.value for kind in content.line_kinds],
                    ),
                    time_field(form, "daily_due", field_label("daily_due"), value=due),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Goals")),
                    html.P(_("At least so much; empty: no target. Shares in per cent."), className="m-dim m-small"),
                    *_targets(form, content),
                ],
                className="operation-fields",
            ),
        ],
        className="operation-form template-form",
    )


def _phase(form: Form, content: Content, row: int, kinds: list[dict[str, str]]) -> Component:
    phase = content.phases[row] if row < len(content.phases) else None
    line = row + 1
    return html.Div(
        [
            number_field(form, f"phase_order_{row}", _("No., line {line}", line=line), value=line * 10, min=1, max=999),
            select_field(
                form,
                f"phase_kind_{row}",
                _("Phase, line {line}", line=line),
                kinds,
                value=phase.kind.value if phase else None,
            ),
            number_field(
                form, f"phase_days_{row}", _("Days, line {line}", line=line), value=phase.days if phase else "", max=730
            ),
            number_field(
                form,
                f"phase_gap_{row}",
                _("Days before it, line {line}", line=line),
                value=phase.gap if phase else 0,
                max=365,
            ),
        ],
        className="template-row template-row--phase",
    )


def _task(form: Form, content: Content, row: int) -> Component:
    task = content.tasks[row] if row < len(content.tasks) else None
    line = row + 1
    return html.Div(
        [
            text_field(
                form,
                f"task_title_{row}",
                _("Task, line {line}", line=line),
                value=said(task.title, language()) if task else "",
                maxLength=120,
            ),
            number_field(
                form,
                f"task_phase_{row}",
                _("Line of its phase, line {line}", line=line),
                value=task.phase + 1 if task else "",
                min=1,
                max=PHASE_ROWS,
            ),
            number_field(
                form,
                f"task_due_{row}",
                _("Due on day, line {line}", line=line),
                value=task.due_day if task else "",
                allowNegative=True,
                min=-365,
                max=730,
            ),
        ],
        className="template-row template-row--task",
    )


def _need(form: Form, content: Content, row: int) -> Component:
    need = content.needs[row] if row < len(content.needs) else None
    line, here = row + 1, language()
    return html.Div(
        [
            select_field(
                form,
                f"need_specialism_{row}",
                _("Specialism, line {line}", line=line),
                vocabulary.options("CL-SPEC", here),
                value=need.specialism if need else None,
            ),
            select_field(
                form,
                f"need_team_kind_{row}",
                _("Kind of team, line {line}", line=line),
                vocabulary.options("CL-TEAM", here),
                value=need.team_kind if need else None,
            ),
            multi_select_field(
                form,
                f"need_languages_{row}",
                _("Languages, line {line}", line=line),
                vocabulary.options("CL-LANGUAGE", here),
                value=list(need.languages) if need else [],
            ),
            multi_select_field(
                form,
                f"need_certificates_{row}",
                _("Certificates, line {line}", line=line),
                vocabulary.options("CL-CERT", here),
                value=list(need.certificates) if need else [],
            ),
            number_field(
                form, f"need_teams_{row}", _("Teams, line {line}", line=line), value=need.teams if need else "", max=50
            ),
            number_field(
                form,
                f"need_phase_{row}",
                _("Line of its phase, line {line}", line=line),
                value=need.phase + 1 if need and need.phase is not None else "",
                min=1,
                max=PHASE_ROWS,
            ),
            number_field(
                form,
                f"need_day_{row}",
                _("From day, line {line}", line=line),
                value=need.day if need else "",
                allowNegative=True,
                min=-365,
                max=730,
            ),
            number_field(
                form, f"need_days_{row}", _("Days, line {line}", line=line), value=need.days if need else "", max=730
            ),
        ],
        className="template-row template-row--need",
    )


def _targets(form: Form, content: Content) -> list[Component]:
    known = {target.kpi: target.value for target in content.targets}
    return [
        number_field(
            form, f"target_{kpi.value}", _(CATALOGUE[kpi].name), value=known.get(kpi, ""), min=1, max=100_000_000
        )
        for kpi in AIMED_AT
    ]


def content_of(typed: Mapping[str, Any], before: Content) -> dict[str, Any]:
    """The content of a template from what was typed. Words that were left as shown stay told in four languages."""
    lines = [row for row in range(PHASE_ROWS) if typed.get(f"phase_kind_{row}")]
    lines.sort(key=lambda row: (typed.get(f"phase_order_{row}") or 0, row))
    place = {row: index for index, row in enumerate(lines)}
    phases = []
    for row in lines:
        kept = before.phases[row] if row < len(before.phases) else None
        kind = typed[f"phase_kind_{row}"]
        name = kept.name if kept is not None and kept.kind == kind else None
        days, gap = typed.get(f"phase_days_{row}"), typed.get(f"phase_gap_{row}")
        phases.append({"kind": kind, "name": name, "days": days if days != "" else None, "gap": gap or 0})
    tasks = [
        {
            "title": _kept(typed[f"task_title_{row}"], before.tasks[row].title if row < len(before.tasks) else ""),
            "phase": place.get(int(typed.get(f"task_phase_{row}") or 0) - 1, len(lines)),
            "due_day": typed.get(f"task_due_{row}") or 0,
        }
        for row in range(TASK_ROWS)
        if typed.get(f"task_title_{row}")
    ]
    needs = [
        {
            "specialism": typed[f"need_specialism_{row}"],
            "team_kind": typed.get(f"need_team_kind_{row}") or None,
            "languages": typed.get(f"need_languages_{row}") or [],
            "certificates": typed.get(f"need_certificates_{row}") or [],
            "teams": typed.get(f"need_teams_{row}") or 1,
            "phase": place.get(int(line) - 1, len(lines)) if (line := typed.get(f"need_phase_{row}")) else None,
            "day": typed.get(f"need_day_{row}") or 0,
            "days": days if (days := typed.get(f"need_days_{row}")) != "" else None,
        }
        for row in range(NEED_ROWS)
        if typed.get(f"need_specialism_{row}")
    ]
    targets = [
        {"kpi": kpi.value, "value": typed[f"target_{kpi.value}"]}
        for kpi in AIMED_AT
        if typed.get(f"target_{kpi.value}") not in (None, "")
    ]
    return {
        "kind": before.kind.value,
        "name": _kept(typed.get("name") or "", before.name),
        "aim": _kept(typed.get("aim") or "", before.aim),
        "crime_scope": typed.get("crime_scope") or [],
        "line_kinds": typed.get("line_kinds") or [],
        "daily_due": typed.get("daily_due") or None,
        "phases": phases,
        "tasks": tasks,
        "targets": targets,
        "needs": needs,
    }


def _kept(typed: str, before: str | dict[str, str]) -> str | dict[str, str]:
    return before if before and typed.strip() == said(before, language()) else typed


def place_of(field: str, typed: Mapping[str, Any]) -> str:
    """Where on the form a flaw of the content is said: "content.phases.1.days" is the days of the second phase."""
    parts = field.removeprefix("content.").split(".")
    if parts[0] == "phases" and len(parts) >= 3:
        lines = [row for row in range(PHASE_ROWS) if typed.get(f"phase_kind_{row}")]
        lines.sort(key=lambda row: (typed.get(f"phase_order_{row}") or 0, row))
        return f"phase_{parts[2]}_{lines[int(parts[1])]}"
    if parts[0] == "tasks" and len(parts) >= 3:
        lines = [row for row in range(TASK_ROWS) if typed.get(f"task_title_{row}")]
        name = {"due_day": "due"}.get(parts[2], parts[2])
        return f"task_{name}_{lines[int(parts[1])]}"
    if parts[0] == "needs" and len(parts) >= 3:
        lines = [row for row in range(NEED_ROWS) if typed.get(f"need_specialism_{row}")]
        return f"need_{parts[2]}_{lines[int(parts[1])]}"
    if parts[0] == "targets" and len(parts) >= 2:
        set_ = [kpi for kpi in AIMED_AT if typed.get(f"target_{kpi.value}") not in (None, "")]
        return f"target_{set_[int(parts[1])].value}"
    return parts[0] or "phase_kind_0"
