"""Own figures: the reports of a country in an operation that it has left, read-only."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.shell import page
from dashboard.parts.badges import classification_badge
from dashboard.parts.figure_text import Tile, tile
from dashboard.parts.kpi_tile import stated_tile
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.report import view
from dashboard.parts.report.article import consult
from dashboard.parts.report.changes import difference
from dashboard.parts.table import table
from dashboard.places import OWN_FIGURES
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, coded, date, language, moment_utc, number
from operations.catalogue.kpis import COUNTED
from operations.core.errors import existing
from operations.core.field_labels import labels_of
from operations.core.people import Actor
from operations.core.vocabulary import Classification
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.policing.operation import plan
from operations.policing.operation.boards import board_of
from operations.policing.reports import departure
from operations.policing.reports.reports import Report, lines_of

PATH = departure.PLACE
NAV = OWN_FIGURES


def layout(operation: str = "", report: str = "", **_query: str) -> Component:
    """Return the figures of an operation that was left, its reports and an opened one; else the list of operations."""
    by = actor()
    if not operation:
        return _every(by)
    with reading() as session:
        departed = departure.left_operation(session, known_id(operation), by)
        own = departure.own_reports(session, departed)
        figures = _figures(session, departed, by)
        opened = [_opened(session, departed, own, report)] if report else []
    became = _(labels_of(plan.Leaving)["figures"].choices[departed.kept.value])
    return page(
        departed.operation.title,
        html.Div(
            [
                panel(_("Figures"), figures, note=became),
                panel(_("Reports"), _reports(departed, own), flush=bool(own)),
                *opened,
            ],
            className="m-stack",
        ),
        actions=[classification_badge(Classification(departed.operation.classification))],
        lead=_(
            "Your country left this operation. You read here what it reported there, and nobody changes it any more."
        ),
    )


def _every(by: Actor) -> Component:
    with reading() as session:
        found = departure.left_operations(session, by)
    hint = _("Operations that your country leaves stand here, with what it reported in them.")
    ways = [html.Li(dcc.Link(each.title, href=f"{PATH}?operation={each.id}", className="m-link")) for each in found]
    return page(
        _("Own figures"),
        panel(_("Left by your country: read what it reported"), html.Ul(ways, className="home-ends"))
        if ways
        else empty_state(_("Your country left no operation"), hint, "report-analytics"),
    )


def _figures(session: Session, found: departure.LeftOperation, by: Actor) -> Component:
    """Return the country's part in each figure, at V3 and below."""
    owner = found.operation
    frame = BoardFrame(
        owner.id, owner.zone, Classification(owner.classification), day_cut=owner.day_cut, country=by.country
    )
    read = read_board(session, frame, by)
    counted = [kpi for kpi in board_of(session, owner) if kpi in COUNTED]
    tiles = [tile(read.figures[kpi], read, language(), over=True) for kpi in counted]
    head = [_("Key figure"), _("Value"), _("Unit"), _("Not yet verified")]
    return table(head, [_figure(each) for each in tiles], label=_("Figures"))


def _figure(each: Tile) -> Component:
    waits = " · ".join(filter(None, (each.unverified, *each.caveats)))
    cells = [html.Td(stated_tile(each, "m-num")), html.Td(each.unit), html.Td(waits)]
    return html.Tr([html.Th(each.name, scope="row"), *cells])


def _reports(found: departure.LeftOperation, own: list[Report]) -> Component:
    if not own:
        return empty_state(_("Nothing reported"), _("Your country sent no report in this operation."), "mood-empty")
    head = [_("Official day"), _("Site"), _("Kind of report"), _("State"), _("Received"), ""]
    return table(head, [_row(found, each) for each in own], label=_("Reports"))


def _row(found: departure.LeftOperation, each: Report) -> Component:
    cells = [
        date(each.official_day),
        found.sites.get(each.site_id, ""),
        coded("CL-REPORTKIND", each.kind),
        view.state(each),
        moment_utc(each.received_at),
        dcc.Link(_("Read"), href=f"{PATH}?operation={found.operation.id}&report={each.id}", className="m-link"),
    ]
    return html.Tr([html.Td(cell) for cell in cells])


def _opened(session: Session, found: departure.LeftOperation, own: list[Report], wanted: str) -> Component:
    """Return one report as it stands. Raises NotFound where it is not among them."""
    chosen = existing(next((each for each in own if each.id == known_id(wanted)), None))
    consult(chosen)
    compared = difference(None, [], chosen, lines_of(session, chosen.id))
    site = found.sites.get(chosen.site_id, "")
    title = f"{coded('CL-REPORTKIND', chosen.kind)} · {site}"
    shown = [
        view.envelope(chosen, site, found.phases, compared),
        view.lines(compared, chosen.zone, chosen.kind),
    ]
    return panel(
        title, html.Article(shown, className="reports-view"), note=_("Version {number}", number=number(chosen.version))
    )
