"""Card of an operation template: kind and name, phases as a strip, and content."""

from collections.abc import Sequence
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.wording import _, coded, day_span, language, ngettext, number
from operations.catalogue.kpis import CATALOGUE
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation.targets import SHARES
from operations.templates import library
from operations.templates.content import Content, PhaseDays, PhasePlan, localised


def template_card(found: library.Template, by: Actor) -> Component:
    """Return one template with links that instantiate and edit it."""
    content = library.content_of(found)
    ways = []
    if may(by, Act.OPERATION_CREATE):
        ways.append(
            dcc.Link(
                [icon("player-play", 16), html.Span(_("Start an operation"))],
                href=f"/start?template={found.id}",
                className="home-new-link",
            )
        )
    if may(by, Act.TEMPLATE_EDIT):
        ways.append(
            dcc.Link(
                [icon("edit", 16), html.Span(_("Change the template"))],
                href=f"/templates?edit={found.id}",
                className="overview-link",
            )
        )
    kind = coded("CL-OPTYPE", found.kind)
    name = localised(content.name, language())
    return tags.Article(
        tags.Header(
            html.H2(html.Bdi(name)),
            tags.Span(
                *([kind, " · "] if kind != name else []),
                _("version {number}", number=number(found.version)),
                className="m-dim m-small",
            ),
        ),
        html.P(html.Bdi(localised(content.aim, language())), className="template-aim"),
        phase_strip(content),
        html.P(_brings(content), className="m-dim m-small"),
        html.Div(ways, className="template-ways"),
        className="template-card",
    )


def phase_name(phase: PhasePlan) -> str:
    """Return the name of a template's phase."""
    return localised(phase.name, language()) if phase.name else coded("CL-PHASE", phase.kind.value)


def phase_strip(content: Content) -> Component:
    """Return the phases in order, each with its days."""
    items = [
        tags.Li(
            html.Span(phase_name(phase), className="template-phase-name"),
            html.Span(ngettext("{n} day", "{n} days", phase.days), className="m-num m-small"),
            className=f"template-phase template-phase--{phase.kind.value}",
        )
        for phase in content.phases
    ]
    return html.Ol(items, className="template-phases")


def phase_days(content: Content, days: Sequence[PhaseDays]) -> Component:
    """Return the phases on the calendar, before the operation exists."""
    rows = [
        tags.Li(
            html.Strong(phase_name(phase)),
            html.Span(day_span(period.first, _last(period)), className="m-num"),
            className=f"template-phase template-phase--{phase.kind.value}",
        )
        for phase, period in zip(content.phases, days, strict=True)
    ]
    return html.Ol(rows, className="template-calendar")


def _last(days: PhaseDays) -> date:
    return date.fromordinal(days.after.toordinal() - 1)


def _brings(content: Content) -> str:
    wanted = sum(need.teams for need in content.needs)
    teams = [ngettext("{n} team needed", "{n} teams needed", wanted)] if wanted else []
    return " · ".join([ngettext("{n} task", "{n} tasks", len(content.tasks)), *teams, *targets_brought(content)])


def teams_needed(content: Content) -> Component:
    """Return the teams that a template asks for, one line each."""
    rows = [
        html.Li(
            " · ".join(
                [
                    coded("CL-SPEC", need.specialism),
                    ngettext("{n} team", "{n} teams", need.teams),
                    ngettext("{n} day", "{n} days", need.days),
                ]
            )
        )
        for need in content.needs
    ]
    return html.Ul(rows, className="m-small")


def targets_brought(content: Content) -> list[str]:
    """Return the targets that a template sets, in words."""
    return [
        f"{_(CATALOGUE[target.kpi].name)} ≥ {number(target.value)}" + ("\u202f%" if target.kpi in SHARES else "")
        for target in content.targets
    ]
