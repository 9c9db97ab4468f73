"""Modernisation projects: items, money and milestones of each, and the signature of the country."""

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts.action_buttons import obstacle_list
from dashboard.parts.board_page import Card, board
from dashboard.parts.choices import country_choices
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing, whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.money import sum_words
from dashboard.parts.panel import form_panel
from dashboard.places import PROJECTS
from dashboard.screens.equipment.project_parts import MARK, PART, SUM, inside, spent, thing_words
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, joined, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.modernisation import project_parts
from operations.modernisation import projects as verbs
from operations.modernisation.project_rows import (
    GATHERED,
    LIFE,
    MILESTONES,
    MONEY,
    PAID,
    PARTS,
    PROJECT,
    ZONE,
    Project,
    ProjectState,
)
from operations.posts import register
from operations.programme.area import EVERYWHERE, Area

NAV = PROJECTS
PAGE = LifePage(
    "project",
    NAV,
    PROJECT,
    Titles(
        N_("Modernisation projects"),
        N_("Project"),
        N_("All projects"),
        N_("No project is proposed yet."),
        N_("What was assessed and found becomes a project with money and days; its country signs when it has all."),
    ),
    area=True,
    day="planned_for",
)
FORM = DraftForm("project", verbs.ProjectDraft)
GATHER = DraftForm("project-gather", project_parts.PartsDraft)
PAY = DraftForm("project-pay", verbs.MoneyDraft)
DUE = DraftForm("project-due", verbs.MilestoneDraft)
SIGN = DraftForm("project-sign", verbs.SignDraft)
layout = PAGE.layout


# ------------------------------------------------------------------------------------------------ list and board


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    sums = verbs.sums_by_project(session)

    def summed(kind: str) -> Callable[[Project], str]:
        return lambda each: sum_words(sums[each.id][kind])

    made = Listing(verbs.projects(session), PAGE.href)
    made.field(FORM, "title", flex=3, minWidth=190)
    made.field(FORM, "country", minWidth=120)
    made.field(FORM, "donor", minWidth=130)
    made.text("state", _("State"), PAGE.state, minWidth=120)
    made.day("until", _("Handed over until"), "planned_for", width=165)
    made.mark("late", _("Overdue"), verbs.overdue)
    for kind, words in MONEY.items():
        made.text(kind, _(words), summed(kind), minWidth=130, cellClass="m-num")
    return made


def contents(session: Session, by: Actor, area: Area = EVERYWHERE) -> Component:
    """Return the board."""

    def card(each: Project) -> Card:
        facts = [coded("CL-COUNTRY", each.country), each.donor, _("Until {day}", day=date(each.planned_for))]
        late = _("Overdue") if verbs.overdue(each) else ""
        acts = PAGE.steps.drawn(each.id, PROJECT.offers(session, each, by), size="compact-sm")
        return Card(each.title, PAGE.href(each), facts, late, acts)

    return board(LIFE, area.of(verbs.projects(session)), card, _("Board of projects"))


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one project in full. Raises NotFound."""
    project = rows.one(session, Project, known_id(shown))
    ended = project.ended_on and date(project.ended_on)
    facts = [
        (_("State"), PAGE.state(project)),
        *FORM.facts(project, "country", "purpose", "donor", "planned_for"),
        (_("Overdue"), _("Yes") if verbs.overdue(project) else ""),
        (_("Begun on"), date(project.begun_on) if project.begun_on else ""),
        *SIGN.facts(project, "handed_on", "condition"),
        (_("Ended on"), ended),
        (_("What came of it"), project.reason if project.state == ProjectState.FINISHED else ""),
        (_("Why it is stopped"), project.reason if project.state == ProjectState.STOPPED else ""),
    ]
    return PAGE.filed(session, by, project, project.title, facts, ZONE, panels=inside(session, by, project))


def asked_now(session: Session, by: Actor, shown: str) -> tuple[list[str], bool, bool, list[str] | None]:
    """Return what this person can add, whether they set milestones and record money, and obstacles to a signature."""
    found = rows.one(session, Project, known_id(shown))
    plans = verbs.may_plan(found, by)
    free = [each.key for each in project_parts.unassigned_items(session, found)] if plans else []
    hinders = verbs.to_sign(session, found, by)
    return free, plans, verbs.may_pay(found, by), None if hinders is None else [str(each) for each in hinders]


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms for the signature, an item, a sum, and a milestone."""
    project = rows.one(session, Project, known_id(shown))
    free, plans, pays, _hinders = asked_now(session, by, shown)
    parts: list[Component] = []
    if (flaws := verbs.to_sign(session, project, by)) is not None:
        more = confirmation_attributes("project.hand_over")
        send = button(_("Sign for the country"), SIGN.send, "primary", "clipboard-check", disabled=bool(flaws), **more)
        parts.append(form_panel(_("The handover"), *drawing(SIGN)(), html.Div(send), *obstacle_list(flaws)))
    if free:
        posts = {each.id: each.name for each in register.posts(session)}
        chosen = [
            {"value": item.key, "label": f"{_(PARTS[item.kind])} · {thing_words(item)[:80]} · {posts[item.post_id]}"}
            for item in project_parts.unassigned_items(session, project)
            if item.post_id in posts
        ]
        fields = whole_form(GATHER, _("Add it"), "link", kind="plain", choices={"parts": chosen})
        parts.append(form_panel(_("Add to it"), *fields))
    if pays:
        lines = "kind", ("amount", "currency"), "day", "words"
        fields = whole_form(PAY, _("Write the sum down"), "building-bank", *lines, kind="plain")
        parts.append(form_panel(_("A sum"), *fields))
    if plans:
        parts.append(form_panel(_("A milestone"), *whole_form(DUE, _("Set it"), "flag", kind="plain")))
    return parts


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.PROJECT_PROPOSE):
        return []
    own = {"country": by.country} if by.national else None
    fields = whole_form(FORM, _("Propose it"), "bulb", thing=own, choices={"country": country_choices(by)})
    return [new_row_form(_("Propose a project"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

VIEW, MONEY_SPENT = (N_("Board"), contents), {"spent": spent}
PAGE.draws(table, file, forms=forms, seen=asked_now, new=_form, board=VIEW, above=MONEY_SPENT, wide=True)
take = PAGE.takes(verbs.take)


def _proposed(made: Project) -> Done:
    said = _("The project is proposed. Add what belongs to it and what it is to cost: then leadership is asked.")
    return Done(said, to=PAGE.href(made))


propose = calls(FORM, verbs.propose, _proposed, act=Act.PROJECT_PROPOSE, clears=("title", "purpose"))
gather = calls(
    GATHER,
    project_parts.add_parts,
    lambda made: _("Added: {count}.", count=number(len(made))),
    act=Act.PROJECT_PROPOSE,
    given=PAGE.here,
    clears=("parts",),
)
part = takes(PART, GATHERED, project_parts.remove_part, Act.PROJECT_PROPOSE, N_("It is taken out."))


@does(PAY, act=Act.PROJECT_RUN, given=PAGE.here, clears=("amount", "words"))
def pay(press: Press, shown: str) -> Done:
    """Record a sum, and warn where more is spent than committed."""
    ident = known_id(shown)
    verbs.pay(press.session, ident, press.draft(verbs.MoneyDraft), press.by)
    over = verbs.overspent(verbs.sums(verbs.money(press.session, ident)))
    warned = _("More is spent than committed in {currency}.", currency=joined(over)) if over else ""
    return Done(_("The sum is written down."), note=warned)


unpay = takes(SUM, PAID, verbs.withdraw, Act.PROJECT_RUN, N_("The sum is withdrawn."))
due = calls(
    DUE,
    verbs.set_milestone,
    N_("The milestone is set; whose it is is told when the project is under way."),
    act=Act.PROJECT_PROPOSE,
    given=PAGE.here,
    clears=("title",),
)
reach = takes(MARK, MILESTONES, verbs.step_milestone, Act.PROJECT_WORK)
"""Record that a milestone is reached, or drop it."""
sign = calls(SIGN, verbs.sign, N_("Your country has it."), act=Act.PROJECT_TAKE, given=PAGE.here)
