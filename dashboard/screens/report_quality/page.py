"""Report quality: timeliness, completeness, corrections, silence, confidence and impact, beside the past."""

from typing import Any

from dash import ALL, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts.form import button
from dashboard.parts.panel import empty_state, panel
from dashboard.places import REPORT_QUALITY
from dashboard.screens.report_quality.measures import measures_table, sites_table
from dashboard.wording import N_, _, coded, ngettext
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.figures.board import countries_known
from operations.figures.report_quality import report_quality
from operations.policing.operation import plan
from operations.timetable import reminders

NAV = REPORT_QUALITY
AUDIENCE = same_for_role
DRAWN_EVERY = 2.0
"""Seconds between two redraws: all reports are read, and nobody needs the answer at once."""
CHOSEN, CONTENT, REMIND = "report-quality-country", "report-quality", "report-quality-remind"


@operation_page(
    NAV, lead=N_("How soon, how complete and how sure the reports of a country are, beside its own last month.")
)
def layout(session: Session, operation: plan.Operation, by: Actor, country: str = "") -> Parts:
    """Return the page of the country in the address; of the reader's own, or the first, without one."""
    return [
        dcc.Store(id=CHOSEN, data=country),
        followed(CONTENT, contents(session, operation, by, country), className="m-stack"),
    ]


def _countries(session: Session, operation: plan.Operation, by: Actor) -> list[str]:
    if by.national:
        return [by.country or ""]
    known = (each.country for each in countries_known(session, operation.id) if not each.kept)
    return sorted(known, key=lambda code: coded("CL-COUNTRY", code))


def _links(operation: plan.Operation, known: list[str], chosen: str) -> Component:
    links = []
    for code in known:
        current: dict[str, Any] = {"aria-current": "true"} if code == chosen else {}
        href = f"{NAV.href(operation.id)}?country={code}"
        links.append(html.Span(dcc.Link(coded("CL-COUNTRY", code), href=href), **current))
    return html.Nav(links, className="report-quality-countries", **{"aria-label": _("Country")})


def contents(session: Session, operation: plan.Operation, by: Actor, country: str) -> list[Component]:
    """Return the links to the countries, the measures of the one in the address or the first, and its sites."""
    known = _countries(session, operation, by)
    chosen = country if country in known else next(iter(known), "")
    links = [_links(operation, known, chosen)] if len(known) > 1 else []
    found = report_quality(session, operation, chosen, by) if chosen else None
    if found is None:
        why = _("No country takes part, or it would give away the figures of one that does not share them.")
        return [*links, empty_state(_("Nothing can be shown"), why, "report-analytics")]
    now_, before = found
    basis = _(
        "After Articles 9, 16, 17, 22 and 23 of Regulation (EU) 2021/581. A country rates the impact of its own "
        "single events. It changes a level by a correction, which needs a reason."
    )
    shown = [
        *links,
        panel(coded("CL-COUNTRY", chosen), measures_table(now_, before), note=basis, flush=True),
    ]
    if now_.sites:
        listed, note = sites_table(now_, before), _("Below each number: that of the 30 days before.")
        shown.append(panel(_("Sites"), listed, note=note, flush=True, actions=_remind(session, operation, by, chosen)))
    return shown


def _remind(session: Session, operation: plan.Operation, by: Actor, country: str) -> list[Component]:
    """Return the button that reminds the country, for who runs the operation, while a report of the day is overdue."""
    runs = may(by, Act.OPERATION_RUN, plan.subject(operation))
    if not runs or country not in {silence.country for silence in reminders.silences(session, operation)}:
        return []
    return [button(_("Remind"), {"type": REMIND, "of": country}, "plain", "bell")]


_WHOSE = State(CHOSEN, "data")
show: Any = follows(
    contents, CONTENT, act=Act.TOTALS_UNSUPPRESSED, operation=OPERATION, every=DRAWN_EVERY, country=_WHOSE
)


@does({"type": REMIND, "of": ALL}, act=Act.OPERATION_RUN, operation=OPERATION)
def remind(press: Press) -> Done:
    """Remind the country of its overdue reports."""
    reminders.remind(press.session, press.operation_id, press.subject["of"], press.by)
    return Done(ngettext("{n} country is reminded.", "{n} countries are reminded.", 1))
