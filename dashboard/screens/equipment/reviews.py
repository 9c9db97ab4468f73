"""Reviews of bureaus and posts: requested, visited, written, and commented on by the country."""

from collections.abc import Iterable
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_search
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts.choices import post_choice
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.money import cost_words
from dashboard.parts.panel import form_panel, panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import REVIEWS
from dashboard.screens.equipment.project_parts import withdrawn
from dashboard.screens.equipment.projects import PAGE as PROJECT
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, moment, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.modernisation import project_parts
from operations.modernisation import reviews as verbs
from operations.modernisation.review_rows import FINDINGS, REVIEW, Review, ReviewComment, ReviewFinding, ReviewState
from operations.modernisation.withdrawal import Validity
from operations.posts import register

NAV = REVIEWS
PAGE = LifePage(
    "review",
    NAV,
    REVIEW,
    Titles(
        N_("Reviews of bureaus and posts"),
        N_("Review"),
        N_("All reviews"),
        N_("No review is asked for yet."),
        N_("What the infrastructure lacks, as it was found there. A country changes no finding: it comments."),
    ),
    area=True,
    day="planned_for",
)
EACH = StepIds("finding")
FORM = DraftForm("review-ask", verbs.ReviewRequestDraft)
VISIT = DraftForm("review-visit", verbs.VisitDraft)
FINDING = DraftForm("review-finding", verbs.FindingDraft)
COMMENT = DraftForm("review-comment", verbs.FindingCommentDraft)
layout = PAGE.layout


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list; the number of findings is shown only to those who may read them."""
    reviews = verbs.reviews(session)
    names = register.names(session, (each.post_id for each in reviews))
    counts = verbs.finding_counts(session, [each.id for each in reviews])
    made = Listing(reviews, PAGE.href)
    made.text("post", _("Bureau or post"), lambda each: names[each.post_id], flex=2, minWidth=180)
    made.code("country", _("Country"), "CL-COUNTRY", minWidth=120)
    made.text("state", _("State"), PAGE.state, flex=2, minWidth=170)
    made.day("planned", _("Planned until"), "planned_for", width=140)
    made.day("visited", _("Visited until"), "visited_to", width=140)
    made.number("findings", _("Findings"), lambda each: counts[each.id], width=110)
    return made


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one review in full. Raises NotFound."""
    review = rows.one(session, Review, known_id(shown))
    post = register.post(session, review.post_id)
    days = (review.visited_from, review.visited_to)
    visited = _("{first} to {last}", first=date(days[0]), last=date(days[1])) if days[0] and days[1] else ""
    facts = [
        (_("State"), PAGE.state(review)),
        (_("Bureau or post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        *FORM.facts(review, "purpose", "planned_for"),
        (_("Visited"), visited),
        *VISIT.facts(review, "visitors"),
        (_("Agreed by the country"), moment(review.agreed_at, post.zone) if review.agreed_at else ""),
        (_("What follows from it"), review.reason if review.state == ReviewState.CLOSED else ""),
    ]
    found = _findings(session, by, review, post.zone)
    return PAGE.filed(session, by, review, post.name, facts, post.zone, panels=found)


def _findings(session: Session, by: Actor, review: Review, zone: str) -> list[Component]:
    if not verbs.told(review, by):
        hint = _("Your country reads the findings when they are sent to it.")
        return [panel(_("Findings"), html.P(hint, className="m-dim"))]
    findings, said = verbs.findings(session, review.id), verbs.comments(session, review.id)
    if not findings:
        return [panel(_("Findings"), html.P(_("No finding is written down yet."), className="m-dim"))]
    projects = project_parts.projects_of(session, (each.id for each in findings))

    def row(each: ReviewFinding) -> Component:
        project = projects.get(each.id)
        return table_row(
            coded("CL-NEEDAREA", each.area),
            html.Td([html.Bdi(each.finding), *withdrawn(each)]),
            html.Bdi(each.needed),
            coded("CL-URGENCY", each.urgency),
            html.Td(cost_words(each.cost, each.currency), className="m-num"),
            html.Td(_said(said, each.id, zone)),
            dcc.Link(html.Bdi(project.title), href=PROJECT.href(project)) if project else "",
            html.Td(EACH.drawn(each.id, FINDINGS.offers(each, review, by), size="compact-sm")),
        )

    head = [
        _("Area"),
        _("Finding"),
        _("What is needed"),
        _("How urgent"),
        _("Rough cost"),
        _("What the country says"),
        _("Project"),
        "",
    ]
    whole = table_of(head, [row(each) for each in findings], "equipment-table", _("Findings"))
    of_all = _said(said, None, zone)
    return [
        panel(_("Findings"), whole, flush=True, note=number(sum(each.state == Validity.STANDS for each in findings))),
        *([panel(_("What the country says of all of it"), *of_all)] if of_all else []),
    ]


def _said(comments: Iterable[ReviewComment], finding: Any, zone: str) -> list[Component]:
    return [
        html.P([html.Bdi(remark.words), " ", html.Span(moment(remark.made_at, zone), className="m-dim m-small m-num")])
        for remark in comments
        if remark.finding_id == finding
    ]


def asked_now(session: Session, by: Actor, shown: str) -> tuple[bool, bool, list[str]]:
    """Return whether this person records the visit now, whether they write findings, and which they comment on."""
    found = rows.one(session, Review, known_id(shown))
    visits = any(each.step.verb == "review.visit" for each in REVIEW.offers(session, found, by))
    on = [str(each.id) for each in verbs.valid_findings(session, found.id)] if verbs.may_comment(found, by) else []
    return visits, verbs.may_write(found, by), on


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms for the visit, a finding, or a comment of the country."""
    visits, writes, comments = asked_now(session, by, shown)
    if visits:
        fields = whole_form(VISIT, _("It is visited"), "map-pin", ("visited_from", "visited_to"), "visitors")
        return [form_panel(_("The visit"), *fields)]
    if writes:
        lines = ("area", "urgency"), "finding", "needed", ("cost", "currency")
        return [form_panel(_("A finding"), *whole_form(FINDING, _("Write the finding down"), "notebook", *lines))]
    if comments:
        found = verbs.valid_findings(session, known_id(shown))
        chosen = [{"value": str(each.id), "label": _short(each)} for each in found]
        fields = whole_form(COMMENT, _("Send the comment"), "message", choices={"finding_id": chosen})
        return [form_panel(_("Comment"), *fields)]
    return []


def _short(each: ReviewFinding) -> str:
    return f"{coded('CL-NEEDAREA', each.area)} · {each.finding[:80]}"


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.REVIEW_ASK):
        return []
    posts = {"post_id": post_choice(session, FORM)}
    return [new_row_form(_("Ask for a review"), *whole_form(FORM, _("Ask for it"), "send", choices=posts))]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=asked_now, new=_form, wide=True)
take = PAGE.takes(verbs.take)
refresh_posts = follows_search(post_choice, FORM, "post_id", Act.REVIEW_ASK)
ask = calls(
    FORM, verbs.ask, N_("The review is asked for; it waits to be prepared."), act=Act.REVIEW_ASK, clears=("purpose",)
)
visit = calls(
    VISIT, verbs.visit, N_("The visit is written down: the findings come next."), act=Act.REVIEW_RUN, given=PAGE.here
)
write = calls(
    FINDING,
    verbs.write,
    N_("The finding is written down."),
    act=Act.REVIEW_RUN,
    given=PAGE.here,
    clears=("area", "finding", "needed", "urgency", "cost", "currency"),
)
withdraw = takes(EACH, FINDINGS, verbs.withdraw, Act.REVIEW_RUN, N_("The finding is withdrawn."))
comment = calls(
    COMMENT,
    verbs.comment,
    N_("The comment is sent."),
    act=Act.REVIEW_ANSWER,
    given=PAGE.here,
    clears=("finding_id", "words"),
)
