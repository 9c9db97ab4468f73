"""Where you work: the operations and sites of the reader, with role and end date."""

from typing import Any
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.working_days import working_days
from dashboard.places import OWN_SITES
from dashboard.server.access import actor, reading
from dashboard.wording import _, coded, date, joined, ngettext
from operations.core import rows
from operations.core.people import Account, Actor, Assignment, Posting
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.policing.map_plan import postings, unit_postings
from operations.policing.map_plan.places import Site
from operations.policing.map_plan.unit_postings import UnitPosting
from operations.policing.operation import plan, staff

NAV = OWN_SITES
LIST = "where-you-work-list"


def layout(**_query: str) -> Component:
    """Return the page."""
    by = actor()
    with reading() as session:
        shown = contents(session, by)
    return page(_("Where you work"), followed(LIST, shown, className="m-stack"), lead=_lead(by))


def _lead(by: Actor) -> str:
    role = coded("CL-ROLE", by.role.value)
    if by.country is None:
        return role
    return f"{role} · {coded('CL-COUNTRY', by.country)}"


def contents(session: Session, by: Actor) -> list[Component]:
    """Return what follows the pulse: where the reader works, and when the mandate ends."""
    mandate = rows.one(session, Account, by.account_id).expires_at
    ends = [html.P(_("Your mandate ends on {day}.", day=date(mandate.date())))] if mandate else []
    return [*_places(session, by), *ends]


refresh = follows(contents, LIST, act=Act.OWN_ACCOUNT)


def _places(session: Session, by: Actor) -> list[Component]:
    if by.role is Role.ADMINISTRATOR:
        return _all_operations(session, by)
    if by.national:
        return _of_the_country(session, by)
    if by.role in staff.CENTRAL:
        found = staff.own(session, by)
        return [_assigned(*each, by) for each in found] or [_nowhere(_("A coordinator puts you on an operation."))]
    return [html.P(_("You work for all operations."))]


def _nowhere(what: str) -> Component:
    return empty_state(_("You work nowhere just now"), what, "map-pin-off")


def _assigned(operation: plan.Operation, assignment: Assignment, by: Actor) -> Component:
    deputy: list[Any] = [" ", state_badge(_("stands in"), "warn")] if assignment.deputy else []
    names = joined(coded("CL-COUNTRY", code) for code in assignment.countries)
    serves = [html.P(_("for {countries}", countries=names), className="m-dim")] if names else []
    said = html.P([working_days(operation, assignment), *deputy])
    return panel(operation.title, said, *serves, *_way(operation, by, "overview", _("Open the operation")))


def _of_the_country(session: Session, by: Actor) -> list[Component]:
    """Return each operation of the country, with the sites to which the reader is posted there."""
    posted, seated = postings.own(session, by), unit_postings.own(session, by)
    later = {operation.id: operation for operation, *_more in [*posted, *seated]}
    known = sorted(rows.by_id(session, plan.Operation, by.operations).values(), key=lambda each: each.code_name)
    going = {each.id: each for each in known if each.state not in plan.ENDED}
    parts = []
    for operation in (going | {each: later[each] for each in later if each in by.operations}).values():
        here = [(site, posting) for owner, site, posting in posted if owner.id == operation.id]
        units = [(name, posting) for owner, name, posting in seated if owner.id == operation.id]
        if by.bound and not here and not units:
            continue
        lines = [html.Li(_site(operation, site, posting, by)) for site, posting in here]
        lines += [html.Li(_unit(operation, name, posting)) for name, posting in units]
        whole = [] if by.bound else [html.P(_("All sites of your country."), className="m-dim")]
        sites = [html.Ul(lines, className="where-sites")] if lines else []
        parts.append(panel(operation.title, *sites, *whole, *_way(operation, by, "overview", _("Open the operation"))))
    return parts or [_nowhere(_("Your national coordinator posts you to a site."))]


def _site(operation: plan.Operation, site: Site, posting: Posting, by: Actor) -> list[Component]:
    return [html.Strong(html.Bdi(site.name)), working_days(operation, posting), *_report(operation, site.id, by)]


def _unit(operation: plan.Operation, name: str, posting: UnitPosting) -> list[Component]:
    function = coded("CL-OCUROLE", posting.function)
    return [html.Strong(html.Bdi(name)), html.Span(function), working_days(operation, posting)]


def _report(operation: plan.Operation, site: UUID, by: Actor) -> list[Component]:
    """Return the link to the reports of a site that the reader can access now."""
    if site not in by.sites or not may(by, Act.REPORT_WRITE):
        return []
    link = dcc.Link(
        [icon("clipboard-list", 16), html.Span(_("Reports"))],
        href=f"/operations/{operation.id}/reports?site={site}",
        className="overview-link",
    )
    return [link]


def _way(operation: plan.Operation, by: Actor, place: str, words: str) -> list[Component]:
    """Return the link to an operation that the reader can access now."""
    if operation.id not in by.operations:
        return []
    href = f"/operations/{operation.id}/{place}"
    return [dcc.Link([icon("flag", 16), html.Span(words)], href=href, className="overview-link")]


def _all_operations(session: Session, by: Actor) -> list[Component]:
    """Return, for administrators, the operations with and without a coordinator, and a link to assign one."""
    staffed = staff.staffed(session, by)
    if not staffed:
        return [empty_state(_("There is no operation yet"), _("Coordinators create operations."), "flag")]
    items = [
        tags.Li(
            html.Strong(html.Bdi(operation.title)),
            html.Span(ngettext("{n} coordinator", "{n} coordinators", count), className="m-num")
            if count
            else state_badge(_("Nobody coordinates it"), "warn"),
            dcc.Link(
                [icon("users", 16), html.Span(_("Who works here"))],
                href=f"/operations/{operation.id}/people",
                className="overview-link",
            ),
        )
        for operation, count in staffed
    ]
    return [panel(_("Who coordinates the operations"), html.Ul(items, className="where-sites"))]
