"""Tabs of the programme: the strategy's activities besides operations."""

from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.navigation import Nav
from dashboard.parts.icon import icon
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register


@dataclass(frozen=True)
class ProgrammePage:
    """A page: its name (a message id), its address, its icon, and the permission it needs."""

    name: str
    href: str
    icon: str
    act: Act

    def nav(self, order: int) -> Nav:
        """Return the declaration of the page, which its tab alone leads to."""
        return Nav(name=self.name, path=self.href, icon=self.icon, order=order, act=self.act, place=False)


FIVE_YEARS = ProgrammePage(N_("Five years"), "/programme", "chart-bar", Act.POST_READ)
POSTS = ProgrammePage(N_("Border posts"), "/posts", "building", Act.POST_READ)
NEEDS = ProgrammePage(N_("Needs"), "/needs", "clipboard-check", Act.NEEDS_READ)
INVEST = ProgrammePage(N_("Where to invest next"), "/needs/where-next", "bulb", Act.NEEDS_READ)
CONNECT = ProgrammePage(N_("Connect under a budget"), "/needs/connect", "plug-connected", Act.CONNECT_READ)
STAKEHOLDERS = ProgrammePage(N_("Stakeholders"), "/needs/stakeholders", "users", Act.NEEDS_READ)
EQUIPMENT = ProgrammePage(N_("Equipment"), "/equipment", "device-desktop", Act.EQUIPMENT_READ)
LINKS = ProgrammePage(N_("Links"), "/equipment/links", "link", Act.EQUIPMENT_READ)
REVIEWS = ProgrammePage(N_("Reviews"), "/equipment/reviews", "report-search", Act.REVIEW_READ)
PROJECTS = ProgrammePage(N_("Projects"), "/equipment/projects", "tool", Act.PROJECT_READ)
COURSES = ProgrammePage(N_("Courses"), "/courses", "school", Act.COURSE_READ)
RUNS = ProgrammePage(N_("Runs"), "/courses/runs", "calendar", Act.COURSE_READ)
CERTIFICATES = ProgrammePage(N_("Certificates"), "/courses/certificates", "certificate", Act.ENROLMENT_READ)
TRAINERS = ProgrammePage(N_("Trainers"), "/courses/trainers", "user-check", Act.ENROLMENT_READ)
CASCADES = ProgrammePage(N_("Cascade runs"), "/courses/cascades", "git-merge", Act.ENROLMENT_READ)
TRAINED = ProgrammePage(N_("Who is trained where"), "/courses/trained", "users", Act.COURSE_READ)
DIRECTORY = ProgrammePage(N_("Network"), "/directory", "users", Act.DIRECTORY_READ)
MESSAGES = ProgrammePage(N_("Messages"), "/messages", "mail", Act.DISPATCH)
PRODUCTS = ProgrammePage(N_("Intelligence products"), "/products", "file-text", Act.PRODUCT_READ)
PARTNERS = ProgrammePage(N_("Partner organisations"), "/partners", "building-community", Act.PARTNER_READ)
DECONFLICTION = ProgrammePage(N_("Deconfliction"), "/deconfliction", "affiliate", Act.DECONFLICT)
EVALUATIONS = ProgrammePage(N_("Evaluations"), "/evaluations", "report-analytics", Act.EVALUATION_READ)
RECOMMENDATIONS = ProgrammePage(N_("Recommendations"), "/recommendations", "bulb", Act.RECOMMENDATION_READ)
TIMELINE = ProgrammePage(N_("Timeline"), "/timeline", "timeline", Act.OPERATION_READ)
HISTORY = ProgrammePage(N_("Past operations"), "/history", "history", Act.OPERATION_READ)
_TRAINING = (COURSES, RUNS, CERTIFICATES, TRAINERS, CASCADES, TRAINED)
_EXCHANGE = (DIRECTORY, MESSAGES, PRODUCTS, PARTNERS, DECONFLICTION)
PAGES = (
    *(FIVE_YEARS, POSTS, NEEDS, INVEST, CONNECT, STAKEHOLDERS, EQUIPMENT, LINKS, REVIEWS, PROJECTS),
    *(*_TRAINING, *_EXCHANGE, EVALUATIONS, RECOMMENDATIONS, TIMELINE, HISTORY),
)


def programme_tabs(by: Actor, here: ProgrammePage) -> Component:
    """Return the tabs that this person may see, with the current one marked."""
    items = [
        html.Li(
            dcc.Link(
                [icon(tab.icon, 16), html.Span(_(tab.name))],
                href=tab.href,
                className="parts-tab parts-tab--here" if tab is here else "parts-tab",
            ),
            **({"aria-current": "page"} if tab is here else {}),
        )
        for tab in PAGES
        if may(by, tab.act)
    ]
    return html.Nav(html.Ul(items), className="parts parts--many", **{"aria-label": _("Pages of the programme")})


def post_choices(session: Session, _by: Actor) -> list[dict[str, str]]:
    """Return the posts that this person may see, as options."""
    return [{"value": str(each.id), "label": each.name} for each in register.posts(session)]


def country_choices(by: Actor) -> list[dict[str, str]]:
    """Return the countries that this person may write for, as options: their own, or all."""
    own = by.country if by.national else None
    return [each for each in vocabulary.options("CL-COUNTRY", language()) if own in (None, each["value"])]
