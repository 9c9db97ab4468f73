"""Selection on the situation: the country or the site that is chosen everywhere on the page, and its figures in a line.

situation.js marks it on the map, in the charts and in the lists; the address holds it.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.live_parts import followed, follows, same_for_role
from dashboard.map.component import selected_id
from dashboard.parts.country_status import silences
from dashboard.parts.icon import icon
from dashboard.parts.kpi_board import BoardChoice, chart_figures, frame_of
from dashboard.screens.situation import past
from dashboard.screens.situation.headlines import leading
from dashboard.screens.situation.ids import MAP, Ids
from dashboard.screens.situation.results import shown_of
from dashboard.wording import _, ago, coded, language, number
from operations.catalogue.kpis import CATALOGUE, COUNTED
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.history import as_of
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan


def contents(
    session: Session,
    operation: plan.Operation,
    by: Actor,
    level: str,
    scope: str,
    figure: str,
    at: str | None = None,
    chosen: str | None = None,
) -> list[Component]:
    """Return what is chosen with the figures of its country, now or as of an earlier moment; [] if nothing is."""
    if not chosen:
        return []
    choice = BoardChoice.of(level, scope, figure, by, chart_figures(session, operation))
    moment = past.look(session, operation, choice, by, at)
    frame = replace(frame_of(operation, choice, by), at=moment.told.seq if moment else None)
    with as_of(session, frame.at):
        sites = places.sites(session, operation.id)
        site = next((each for each in sites if str(each.id) == chosen), None)
        country = site.country if site else chosen
        if country not in vocabulary.codes("CL-COUNTRY"):
            return []
        heard = board.site_activity(session, frame, by)
        said = _results(session, operation, frame, choice, by, country)
        said += _silence([each for each in sites if each.country == country], heard)
        if site and site.id in heard:
            said.append((_("Last report"), _("never") if heard[site.id] is None else ago(heard[site.id])))
    name = coded("CL-COUNTRY", country)
    head = [html.Strong(html.Bdi(site.name)), html.Span(name)] if site else [html.Strong(name)]
    facts = [html.Span([label, " ", html.Strong(value, className="m-num")]) for label, value in said]
    close = html.Button(icon("x", 16, _("Close")), className="situation-close", type="button", **{"data-pick": ""})
    return [html.Div([icon("map-pin", 16), *head, *facts, close], className="situation-chosen")]


def _results(
    session: Session, operation: plan.Operation, frame: BoardFrame, choice: BoardChoice, by: Actor, country: str
) -> list[tuple[str, str]]:
    """Return the results of a country at the chosen level: of the figures that lead, and that of the charts."""
    wanted = dict.fromkeys((*(kpi for kpi in leading(operation.type) if kpi in COUNTED), choice.figure))
    found = []
    for kpi in wanted:
        row = next((each for each in board.by_country(session, frame, kpi, by) if each.country == country), None)
        if row:
            found.append((_(CATALOGUE[kpi].name), shown_of(row, operation.zone)))
    return found


def _silence(sites: list[Site], heard: dict[UUID, Any]) -> list[tuple[str, str]]:
    """Return how many of these sites are silent; [] if the reader may know of none."""
    known = sum(site.id in heard for site in sites)
    silent = sum(len(each.sites) for each in silences(sites, heard, now(), language()))
    whole = {"part": number(silent), "whole": number(known)}
    return [(_("Silent for 24 hours"), _("{part} of {whole}", **whole))] if known else []


def drawn(session: Session, operation: plan.Operation, by: Actor, chosen: str, **how: Any) -> list[Component]:
    """Return the store of the choice, and its line over the map."""
    said = contents(session, operation, by, **how, chosen=chosen)
    return [
        dcc.Store(id=Ids.CHOSEN, data=chosen if said else ""),
        followed(Ids.CHOSEN_FIGURES, said, role="status"),
    ]


refresh = follows(
    contents,
    Ids.CHOSEN_FIGURES,
    act=Act.TOTALS_READ,
    operation=Ids.OPERATION,
    audience=same_for_role,
    wall=True,
    level=Input(Ids.LEVEL, "value"),
    scope=Input(Ids.SCOPE, "value"),
    figure=Input(Ids.FIGURE, "value"),
    at=Input(Ids.AT, "data"),
    chosen=Input(Ids.CHOSEN, "data"),
)
in_address(Ids.CHOSEN, "chosen")
clientside_callback(ClientsideFunction("muster_situation", "chosen"), Input(Ids.CHOSEN, "data"))
for _sign in (Input(selected_id(MAP), "data"), Input(Ids.COUNTRIES, "clickData")):
    clientside_callback(ClientsideFunction("muster_situation", "picked"), _sign, prevent_initial_call=True)
