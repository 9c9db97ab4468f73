"""Tabs of an operation: the pages of its overview, each with an address of its own."""

from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.navigation import Nav
from dashboard.parts.icon import icon
from dashboard.wording import N_, _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan


@dataclass(frozen=True)
class Tab:
    """A tab: its name (a message id), the last part of its address, its icon, and the permission it needs."""

    name: str
    place: str
    icon: str
    act: Act

    def href(self, operation: plan.Operation) -> str:
        """Return the address of the page for an operation."""
        return f"/operations/{operation.id}/{self.place}"

    def nav(self, order: int) -> Nav:
        """Return the declaration of its page, which the tab alone leads to."""
        path = f"/operations/<operation_id>/{self.place}"
        return Nav(name=self.name, path_template=path, icon=self.icon, order=order, act=self.act, place=False)


OVERVIEW = Tab(N_("Overview"), "overview", "flag", Act.OPERATION_READ)
OPLAN = Tab(N_("Operational plan"), "oplan", "clipboard-check", Act.OPLAN_READ)
PHASES = Tab(N_("Phases"), "phases", "calendar-event", Act.OPERATION_READ)
COUNTRIES = Tab(N_("Countries"), "countries", "users-group", Act.OPERATION_READ)
PEOPLE = Tab(N_("Who works here"), "people", "users", Act.MEMBERSHIP_READ)
TRAINING = Tab(N_("Training"), "training", "school", Act.COURSE_READ)
UNITS = Tab(N_("Coordination units"), "units", "building-community", Act.UNIT_READ)
INTELLIGENCE = Tab(N_("Intelligence"), "intelligence", "affiliate", Act.INTELLIGENCE_READ)
LEADS = Tab(N_("Leads"), "leads", "send", Act.LEAD_READ)
RESULTS = Tab(N_("Results of leads"), "lead-results", "git-merge", Act.RESULT_READ)
CLAIMS = Tab(N_("Claims"), "claims", "copy", Act.CLAIM_READ)
COSTS = Tab(N_("Costs"), "costs", "coins", Act.COST_READ)
SNAPSHOTS = Tab(N_("Snapshots"), "snapshots", "camera", Act.SNAPSHOT_READ)
DEBRIEF = Tab(N_("Debrief"), "debrief", "clipboard-check", Act.RECOMMENDATION_READ)
RECOMMENDATIONS = Tab(N_("Recommendations"), "recommendations", "bulb", Act.RECOMMENDATION_READ)
HISTORY = Tab(N_("Earlier operations"), "history", "history", Act.TOTALS_READ)
HAND_OVER = Tab(N_("Hand over"), "hand-over", "file-export", Act.OPERATION_EXPORT)
TABS = (
    *(OVERVIEW, OPLAN, PHASES, COUNTRIES, PEOPLE, TRAINING, UNITS, INTELLIGENCE, LEADS, RESULTS, CLAIMS, SNAPSHOTS),
    *(COSTS, DEBRIEF, RECOMMENDATIONS, HISTORY, HAND_OVER),
)


def operation_tabs(operation: plan.Operation, by: Actor, here: Tab) -> Component:
    """Return the tabs that this person may see, with the current one marked."""
    seen = plan.subject(operation, by.country if by.national else None)
    items = [_item(tab, operation, tab is here) for tab in TABS if may(by, tab.act, seen)]
    return html.Nav(html.Ul(items), className="parts", **{"aria-label": _("Parts of the operation")})


def _item(tab: Tab, operation: plan.Operation, here: bool) -> Component:
    link = dcc.Link(
        [icon(tab.icon, 16), html.Span(_(tab.name))],
        href=tab.href(operation),
        className="parts-tab parts-tab--here" if here else "parts-tab",
    )
    return html.Li(link, **({"aria-current": "page"} if here else {}))
