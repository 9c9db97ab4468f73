"""View of an assignment proposal beside the plan in force: its figures, and each need with its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.answer import stored_sentence
from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import stat
from dashboard.parts.table import table_row
from dashboard.wording import UNDEFINED, _, coded, day_span, number, percent
from operations.analyses.questions import AssignmentQuestion, TeamNeedPair

if TYPE_CHECKING:
    from operations.analyses.assignment_input import AssignmentInput, Slot


@dataclass(frozen=True)
class NeedRow:
    """A need with the team in force and the team proposed (ids, "" for none), and the remarks about it."""

    slot: "Slot"
    in_force: str
    proposed: str
    planned: Mapping[str, Any] | None
    changes: Sequence[Mapping[str, Any]]
    late: bool


def days(slot: "Slot", zone: str) -> str:
    """Return the days of a need in a zone."""
    frame = ZoneInfo(zone)
    return day_span(
        slot.starts.astimezone(frame).date(), (slot.ends - timedelta(microseconds=1)).astimezone(frame).date()
    )


def rows_of(ground: "AssignmentInput", figures: Mapping[str, Any]) -> list[NeedRow]:
    """Return the needs, unmet ones first, then by time."""
    planned = {each["need"]: each for each in figures["plan"]}
    unmet = {each["need"]: each["changes"] for each in figures["unmet"]}
    in_force = {each.slot: each for each in ground.accepted}
    need_rows = []
    for key, slot in ground.slots.items():
        held = in_force.get(key)
        stays = held is not None and not held.free
        proposed = held.team if held is not None and stays else planned.get(key, {}).get("team", "")
        need_rows.append(
            NeedRow(
                slot,
                "" if held is None else held.team,
                proposed,
                planned.get(key),
                unmet.get(key, ()),
                late=not proposed and key not in unmet,
            )
        )
    return sorted(need_rows, key=lambda row: (bool(row.proposed), row.slot.starts, row.slot.title, row.slot.key))


# ---------------------------------------------------------------------------------------------------- in figures


def tiles(figures: Mapping[str, Any], question: AssignmentQuestion) -> Component:
    """Return the proposal's value, its upper bound, and the value of first come, first served."""
    other = figures["first_come"]
    told = [
        stat(
            _("Open needs met"),
            _("{met} of {wanted}", met=number(figures["met"]), wanted=number(figures["wanted"])),
            _("first come: {met}", met=number(other["met"])),
        ),
        stat(
            _("Travel, person-hours"),
            number(figures["person_hours"]),
            _("first come: {hours}", hours=number(other["person_hours"])),
        ),
        stat(
            _("Points"),
            number(figures["value"]),
            " · ".join(
                [
                    _("at most {bound}", bound=number(figures["bound"])),
                    _("first come: {met}", met=number(other["value"])),
                ]
            ),
        ),
        stat(
            _("Gap"),
            percent(figures["gap"]),
            _("proven best") if figures["proven"] or figures["gap"] <= 1e-9 else _("0 is proven"),
        ),
    ]
    if question.budget is not None:
        told.append(stat(_("Cost"), number(figures["cost"]), _("of {budget}", budget=number(question.budget))))
    return html.Div(told, className="assign-tiles")


def shares(table: Mapping[str, Any]) -> Component:
    """Return each country's contribution beside its fair share."""
    rows = [
        table_row(
            coded("CL-COUNTRY", country),
            html.Td(number(teams), className="m-num"),
            html.Td(number(hours), className="m-num"),
            html.Td(number(fair), className="m-num"),
        )
        for country, teams, hours, fair in table["rows"]
    ]
    head = html.Tr(
        [html.Th(each, scope="col") for each in (_("Country"), _("Teams"), _("Hours of work"), _("Fair share"))]
    )
    return tags.Details(
        html.Summary([icon("users-group", 16), html.Span(_("What each country gives"))]),
        html.Table([html.Thead(head), html.Tbody(rows)], className="assign-shares"),
        className="analysis-details",
    )


# --------------------------------------------------------------------------------------------------- need by need


def needs(
    rows: Sequence[NeedRow],
    ground: "AssignmentInput",
    figures: Mapping[str, Any],
    question: AssignmentQuestion,
    zone: str,
    *,
    may_decide: bool,
) -> Component:
    """Return every need: its team, the reason, what would have to change, and the decisions that are possible."""
    return html.Ol(
        [_need(row, ground, figures, question, zone, may_decide=may_decide) for row in rows], className="assign-needs"
    )


def _need(
    row: NeedRow,
    ground: "AssignmentInput",
    figures: Mapping[str, Any],
    question: AssignmentQuestion,
    zone: str,
    *,
    may_decide: bool,
) -> Component:
    labels = ground.labels
    slot = row.slot
    decided = TeamNeedPair(need=slot.key, team=row.proposed) in question.locked if row.proposed else False
    team = labels.get(row.proposed, UNDEFINED) if row.proposed else _("Nobody")
    change = (
        html.Span([html.Span(labels.get(row.in_force, ""), className="assign-was"), icon("arrow-right", 14), team])
        if row.in_force and row.in_force != row.proposed
        else html.Span(team)
    )
    summary = tags.Summary(
        tags.Span(
            html.Strong(labels[slot.key]),
            html.Small(
                " · ".join([slot.place, coded("CL-SPEC", slot.specialism), days(slot, zone)]),
                className="m-dim",
            ),
            className="assign-what",
        ),
        state_badge(
            coded("CL-PRIORITY", slot.priority),
            {"immediate": "bad", "urgent": "warn"}.get(slot.priority, "neutral"),
        ),
        html.Span([change, _state(row, ground, decided)], className="assign-who"),
    )
    return html.Li(
        html.Details(
            [summary, html.Div(_reasons(row, ground, figures, question, decided, may_decide), className="assign-why")],
            open=bool(not row.proposed and row.changes),
        ),
        className="assign-need" + ("" if row.proposed else " assign-need--unmet"),
    )


def _state(row: NeedRow, ground: "AssignmentInput", decided: bool) -> Component:
    """Return the obstacle between the proposed team and its deployment."""
    if not row.proposed:
        return state_badge(_("Too late") if row.late else _("Not met"), "bad")
    if row.proposed == row.in_force:
        return state_badge(_("In force"), "good")
    if decided:
        return state_badge(_("Locked"), "accent")
    if (row.proposed, row.slot.need_id) in ground.offered:
        return state_badge(_("Offered"), "accent")
    return state_badge(_("Not offered yet"), "warn")


def _reasons(
    row: NeedRow,
    ground: "AssignmentInput",
    figures: Mapping[str, Any],
    question: AssignmentQuestion,
    decided: bool,
    may_decide: bool,
) -> list[Component]:
    if row.late:
        return [html.P(_("Its time is over before a team can be there: ask for a longer time, or close the request."))]
    if not row.proposed:
        told = [html.Li(stored_sentence(each)) for each in row.changes]
        return [
            html.P(_("What would have to change:"), className="assign-lead"),
            html.Ul(told, className="assign-list"),
            *_ruled_out(row, ground, question, may_decide),
        ]
    if row.planned is None:
        return [html.P(_("This team was accepted. Teams shows how its deployment goes."))]
    parts: list[Component] = [html.P(stored_sentence(row.planned["why"]))]
    if row.proposed != row.in_force and (row.proposed, row.slot.need_id) not in ground.offered:
        country = coded("CL-COUNTRY", ground.problem.team[row.proposed].country)
        parts.append(html.P(_("{country} has not offered this team for this need: ask for it.", country=country)))
    if row.in_force and row.in_force != row.proposed:
        parts.append(html.P(_("Stand the deployment of the team in force down first: Teams has the button.")))
    others = figures["against"].get(row.slot.key, {})
    if others:
        parts.append(_others(others, ground, row, may_decide))
    if may_decide:
        parts.append(_buttons(row, decided))
    return [*parts, *_ruled_out(row, ground, question, may_decide)]


def _buttons(row: NeedRow, decided: bool) -> Component:
    about = {"need": row.slot.key, "team": row.proposed}
    return tags.Div(
        button(
            _("Release") if decided else _("Lock"),
            {"type": "assignment-lock", **about},
            "plain",
            "lock-open" if decided else "lock",
            n_clicks=0,
            size="compact-sm",
        ),
        button(
            _("Not this team"),
            {"type": "assignment-out", **about},
            "quiet",
            "ban",
            n_clicks=0,
            size="compact-sm",
        ),
        className="assign-acts",
    )


def _others(
    others: Mapping[str, Sequence[Mapping[str, Any]]], ground: "AssignmentInput", row: NeedRow, may_decide: bool
) -> Component:
    """Return every other team with all its conflicts for this need; teams without one can be locked instead."""
    listed = []
    for team, against in sorted(others.items(), key=lambda each: (len(each[1]), ground.labels.get(each[0], ""))):
        name = ground.labels.get(team, team)
        if against:
            listed.append(
                html.Li([html.Strong(name), " ", html.Span(" ".join(map(stored_sentence, against)), className="m-dim")])
            )
            continue
        told: list[Any] = [html.Strong(name), " ", html.Span(_("could come as well."), className="m-dim")]
        if may_decide:
            about = {"need": row.slot.key, "team": team}
            told.append(
                button(
                    _("Send this team instead"),
                    {"type": "assignment-lock", **about},
                    "quiet",
                    "switch-horizontal",
                    n_clicks=0,
                    size="compact-sm",
                )
            )
        listed.append(html.Li(told))
    return html.Details(
        [html.Summary(_("The other teams")), html.Ul(listed, className="assign-list")], className="assign-others"
    )


def _ruled_out(
    row: NeedRow, ground: "AssignmentInput", question: AssignmentQuestion, may_decide: bool
) -> list[Component]:
    """Return the teams that were ruled out for this need, each with a button that allows it again."""
    teams = [each.team for each in question.ruled_out if each.need == row.slot.key]
    if not teams:
        return []
    listed = [
        tags.Li(
            html.Strong(ground.labels.get(team, UNDEFINED)),
            " ",
            html.Span(_("was ruled out."), className="m-dim"),
            *(
                [
                    button(
                        _("Allow again"),
                        {"type": "assignment-out", "need": row.slot.key, "team": team},
                        "quiet",
                        "arrow-back-up",
                        n_clicks=0,
                        size="compact-sm",
                    )
                ]
                if may_decide
                else []
            ),
        )
        for team in teams
    ]
    return [html.Ul(listed, className="assign-list")]
