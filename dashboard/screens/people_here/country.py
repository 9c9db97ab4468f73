"""Staff of the countries at their sites: the own country's people and gaps by name, other countries in numbers."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the function that says one

from dash import Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import OF_PROGRAMME, Done, Press, does, followed, follows, pulse_of
from dashboard.frame.operation_page import OPERATION
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.choices import people_options
from dashboard.parts.file_button import file_button
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table, table_row
from dashboard.parts.working_days import working_days
from dashboard.screens.people_here import voice_card
from dashboard.screens.people_here.centre import way
from dashboard.screens.people_here.ids import POST, Ids
from dashboard.wording import UNDEFINED, _, coded, date, joined, ngettext, number
from operations.core.clock import now, official_day
from operations.core.people import Actor, Posting
from operations.core.permissions import Act
from operations.policing.map_plan import places, postings
from operations.policing.map_plan.places import Site
from operations.policing.map_plan.postings import SiteStaffing, Worker
from operations.policing.operation import plan
from operations.training import phases


def countries(session: Session, operation: plan.Operation, by: Actor, named: str = "") -> list[Component]:
    """Return the own people and sites for a country; for the centre each country's headcount and unstaffed sites."""
    taking = plan.countries(session, operation.id)
    found = postings.staffing(session, operation, taking, by, named)
    if by.national:
        workers = postings.workers(session, operation, by)
        return [part for each in found for part in (*_own_sites(each, operation), *_own_people(workers, operation))]
    if not found:
        return [
            empty_state(_("No country is invited yet"), _("Invite countries on the page of countries."), "users-group")
        ]
    return [_in_numbers(found, operation)]


# ------------------------------------------------------------------------------------------------- all countries


def _in_numbers(found: Sequence[SiteStaffing], operation: plan.Operation) -> Component:
    head = [
        _("Country"),
        _("National coordinators"),
        _("Officers and team leaders"),
        _("Of them for all sites"),
        _("Sites"),
        _("Sites without an officer in the coming days"),
    ]
    by_name = sorted(found, key=lambda each: coded("CL-COUNTRY", each.country))
    return listed(_("Countries"), head, [_country(each, operation) for each in by_name])


def _country(each: SiteStaffing, operation: plan.Operation) -> Component:
    names = [html.Div(html.Bdi(name)) for name in each.coordinators]
    if each.unnamed:
        more = {"n": number(each.unnamed), "country": coded("CL-COUNTRY", each.country)}
        whole, href = _("and {n} more: all national coordinators of {country}", **more), f"?country={each.country}"
        names.append(way("users-group", _("and {n} more", **more), whole, f"/operations/{operation.id}/people{href}"))
    nobody = state_badge(_("nobody"), "warn")
    gaps = joined(site.name for site in each.left_alone)
    return table_row(
        coded("CL-COUNTRY", each.country),
        names or nobody,
        html.Td(number(each.people) if each.people else nobody, className="m-num"),
        html.Td(number(each.everywhere), className="m-num"),
        html.Td(number(len(each.sites)), className="m-num"),
        gaps or UNDEFINED,
    )


# --------------------------------------------------------------------------------------------------- the own one


def _own_sites(found: SiteStaffing, operation: plan.Operation) -> list[Component]:
    """Return the own sites with the number of people posted on each coming day, below what is missing."""
    if not found.sites:
        return [empty_state(_("No sites yet"), _("Sites are placed on the plan."), "map-pin-off")]
    if not found.days:
        return [html.P(_("The days of this operation are over."), className="m-dim")]
    head = [_("Site"), *(date(day) for day in found.days), _("Actions")]
    rows = [_site(site, found, operation) for site in found.sites]
    return [*_missing(found), listed(_("Who is posted in the coming days"), head, rows)]


def _missing(found: SiteStaffing) -> list[Component]:
    said = [_gap(site, found.gaps(site.id), len(found.days)) for site in found.left_alone]
    everywhere = [
        html.P(
            ngettext(
                "{n} person was never posted and works for all sites of the country.",
                "{n} people were never posted and work for all sites of the country.",
                found.everywhere,
            ),
            className="m-dim",
        )
    ]
    gaps = [html.Ul(said, className="people-gaps")] if said else []
    return [*gaps, *(everywhere if found.everywhere else [])]


def _gap(site: Site, days: Sequence[Date], of: int) -> Component:
    when = _("on all coming days") if len(days) == of else joined(date(day) for day in days)
    words = [html.Strong(_("No officer at {site}", site=site.name)), html.Span(when, className="m-dim m-num")]
    return html.Li([icon("alert-triangle", 18), html.Span(words, className="people-gap")])


def _site(site: Site, found: SiteStaffing, operation: plan.Operation) -> Component:
    counts = [
        html.Td(
            number(count) if count else [icon("user-off", 16), html.Span(_("nobody"), className="m-visually-hidden")],
            className="people-day m-num" if count else "people-day people-nobody",
        )
        for count in found.at[site.id]
    ]
    href = f"/operations/{operation.id}/people?site={site.id}"
    posts = way("user-plus", _("Post people"), _("Post people to {site}", site=site.name), href)
    return table_row(html.Bdi(site.name), *counts, posts)


def _own_people(workers: Sequence[Worker], operation: plan.Operation) -> list[Component]:
    head = [_("Name"), _("Role"), _("Posted to")]
    return [listed(_("People of the country"), head, [_worker(each, operation) for each in workers])]


def _worker(each: Worker, operation: plan.Operation) -> Component:
    where: list[Component] = [_posting(posting, site, each, operation) for posting, site in each.postings]
    if not each.works_at_sites:
        where = [html.Span(_("works for the whole country"), className="m-dim")]
    elif not each.bound:
        where.append(html.Span(_("all sites, never posted so far"), className="m-dim"))
    elif not where:
        where.append(state_badge(_("posted nowhere now"), "warn"))
    return table_row(
        html.Bdi(each.account.name),
        coded("CL-ROLE", each.account.role),
        html.Div(where, className="m-stack people-places"),
    )


def _posting(posting: Posting, site: Site, each: Worker, operation: plan.Operation) -> Component:
    about = {"name": each.account.name, "site": site.name}
    return tags.Div(
        html.Span([html.Strong(html.Bdi(site.name)), " ", working_days(operation, posting)]),
        way(
            "edit",
            _("Change"),
            _("Change the days of {name} at {site}", **about),
            f"/operations/{operation.id}/people?posting={posting.id}",
        ),
        file_button(
            _("Card"), voice_card.paper.address(posting.id), **{"aria-label": _("Card of {name} at {site}", **about)}
        ),
        button(
            _("End"),
            {"type": Ids.END_POSTING, "of": str(posting.id), "version": posting.version},
            "plain",
            size="compact-sm",
            **{"aria-label": _("End the posting of {name} to {site}", **about)},
        ),
        className="people-place",
    )


def listed(name: str, head: Sequence[str], rows: Sequence[Component]) -> Component:
    """Return a captioned table in the style of this page."""
    return table(head, rows, "people-table", name, cards=True)


# ----------------------------------------------------------------------------------------------------- the form


def post_choices(session: Session, operation: plan.Operation, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the people of the own country and its sites, as options."""
    workers = [each.account for each in postings.workers(session, operation, by) if each.works_at_sites]
    own = [each for each in places.sites(session, operation.id) if each.country == by.country]
    return {
        "people": people_options(workers),
        "sites": [{"value": str(each.id), "label": each.name} for each in own],
    }


def trained(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the people who passed this operation's training and have no posting in it, with a button to select all."""
    found = phases.unposted(session, operation, by)
    if not found:
        return []
    names = [html.Bdi(joined(each.name for each in found))]
    choose = button(_("Choose them"), Ids.CHOOSE, "plain", "user-check", size="compact-sm")
    return [html.P([_("Trained for this operation, posted to nothing yet:"), " ", *names]), html.Div(choose)]


def post_form(session: Session, operation: plan.Operation, by: Actor, site: str) -> Component:
    """Return the form that posts people of the own country to its sites; `site` is preselected."""
    choices, coming = post_choices(session, operation, by), postings.coming_days(session, operation)
    later = coming and coming[0] > official_day(now(), operation.zone, operation.day_cut)
    start = {
        "sites": [site] if site in {each["value"] for each in choices["sites"]} else [],
        "first_day": coming[0] if later else None,
        "last_day": postings.last_day(session, operation) if coming else None,
    }
    return tags.Div(
        client_id(POST),
        pulse_of(Ids.POST),
        followed(Ids.TRAINED, trained(session, operation, by), className="m-stack", **OF_PROGRAMME),
        html.Div(drawing(POST, start, choices=choices)(), className="people-form"),
        button(_("Post to the sites"), id=Ids.POST, kind="primary", icon_name="map-pin"),
    )


refresh_trained = follows(trained, Ids.TRAINED, act=Act.SITE_POST, operation=OPERATION, of=Ids.POST)


@does(Ids.CHOOSE, act=Act.SITE_POST, operation=OPERATION, shows=(Output(POST.id("people"), "value"),))
def choose(press: Press) -> Done:
    """Select the trained people who have no posting yet."""
    found = phases.unposted(press.session, press.operation, press.by)
    return Done(shown=([str(each.id) for each in found],))
