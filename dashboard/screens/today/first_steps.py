"""First steps: for each role three things to try first, each with the way there."""

from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import places
from dashboard.navigation import Nav
from dashboard.parts.panel import panel
from dashboard.wording import N_, _
from operations.core.people import Actor
from operations.core.vocabulary import Role

Steps = tuple[tuple[str, Nav], ...]
STEPS: dict[Role, Steps] = {
    Role.NATIONAL_OFFICER: (
        (N_("Write today's report of your site: what you counted."), places.REPORTS),
        (N_("See where your report went, and what your country reports."), places.SITUATION),
        (N_("Look at your site on the plan."), places.PLAN),
    ),
    Role.TEAM_LEADER: (
        (N_("Verify the reports of your sites."), places.VERIFY),
        (N_("Say where your team is, and check in."), places.MY_TEAM),
        (N_("See what is counted and who is silent."), places.SITUATION),
    ),
    Role.NATIONAL_COORDINATOR: (
        (N_("Validate the reports of your country."), places.VERIFY),
        (N_("Post people to your sites."), places.STAFF),
        (N_("Answer the leads of other countries."), places.LEADS),
    ),
    Role.OCU_ANALYST: (
        (N_("Consolidate what countries validated."), places.VERIFY),
        (N_("Ask where teams should stand."), places.ANALYSIS),
        (N_("Prepare a snapshot of the figures."), places.SNAPSHOTS),
    ),
    Role.OPERATION_COORDINATOR: (
        (N_("Put a checkpoint on the plan."), places.PLAN),
        (N_("Move a task on the timeline."), places.TIMELINE),
        (N_("See what is counted and who is silent."), places.SITUATION),
    ),
    Role.LEADERSHIP: (
        (N_("See what is counted and who is silent."), places.SITUATION),
        (N_("Read the goals of the operation, and what comes next."), places.OVERVIEW),
        (N_("Read five years of the strategy on one page."), places.FIVE_YEARS),
    ),
    Role.AUDITOR: (
        (N_("Read who changed what, and check the chain."), places.JOURNAL),
        (N_("Read who looked at what."), places.TRAIL),
        (N_("Read what is kept, and why."), places.PURPOSES),
    ),
    Role.RIGHTS_OFFICER: (
        (N_("Read the incidents that were reported to you."), places.INCIDENTS),
        (N_("Answer what people ask about their data."), places.DATA_PROTECTION),
        (N_("Read what is kept, and why."), places.PURPOSES),
    ),
    Role.ADMINISTRATOR: (
        (N_("Invite people, one by one or from a workbook."), places.PEOPLE),
        (N_("Confirm the accounts that others proposed."), places.PEOPLE),
        (N_("Choose your language, and how you are told."), places.ACCOUNT),
    ),
}


def first_steps(by: Actor, operation: UUID | None, *said: Component) -> Component:
    """Return the three steps of a role under what is `said`, with links into the operation where there is one."""
    items = [
        html.Li(
            dcc.Link(_(words), href=page.href(operation), className="m-link")
            if operation or not page.of_operation
            else _(words)
        )
        for words, page in STEPS[by.role]
    ]
    return panel(_("Three things to do first"), *said, html.Ol(items, className="today-first"))
