"""Every table, for migrations and for `alembic check`: a new table's module is imported here, and with it its life."""

from operations.core import guesses, hearing, invitations, journal, past, people, signin
from operations.costs import rows as cost_rows
from operations.data_protection import rows as data_rows
from operations.evaluation import debrief, evaluations, recommendations
from operations.exchange import calendars, deconfliction_rows, directory, dispatch_rows, partner_rows, product_rows
from operations.incidents import reading
from operations.infrastructure import rows as equipment_rows
from operations.infrastructure import usage
from operations.measures import activity, climbing, released, steps, totals
from operations.modernisation import project_rows, review_rows
from operations.needs import engagement
from operations.needs import rows as assessment_rows
from operations.notices import habits, messages
from operations.policing import analyses, lifecycle
from operations.policing.calendar import dependencies, tasks
from operations.policing.fugitives import appeals, cases, checks, finds, found
from operations.policing.layers import layers
from operations.policing.layers import uploads as layer_uploads
from operations.policing.leads import rows as lead_rows
from operations.policing.map_plan import places, unit_postings
from operations.policing.map_plan import units as coordination_units
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import boards, oplan, plan, targets, withholding
from operations.policing.reports import leaving, left_out, reports
from operations.posts import register
from operations.programme import connection_rows, roles
from operations.results import claim_pointers, claims, snapshots
from operations.support import (
    availability,
    certificates,
    deployments,
    intelligence,
    kit,
    lead_results,
    offers,
    requests,
    teams,
)
from operations.templates import lessons, library
from operations.timetable import effects, lease, rules, signs
from operations.training import curricula, enrolment_rows, trainer_rows
from operations.training import phases as training_phases
from operations.training import rows as training_rows

__all__ = [
    "activity",
    "analyses",
    "appeals",
    "assessment_rows",
    "availability",
    "boards",
    "calendars",
    "cases",
    "certificates",
    "checks",
    "claim_pointers",
    "claims",
    "climbing",
    "connection_rows",
    "coordination_units",
    "cost_rows",
    "curricula",
    "data_rows",
    "debrief",
    "deconfliction_rows",
    "dependencies",
    "deployments",
    "directory",
    "dispatch_rows",
    "effects",
    "engagement",
    "enrolment_rows",
    "equipment_rows",
    "evaluations",
    "finds",
    "found",
    "guesses",
    "habits",
    "hearing",
    "intelligence",
    "invitations",
    "journal",
    "kit",
    "layer_uploads",
    "layers",
    "lead_results",
    "lead_rows",
    "lease",
    "leaving",
    "left_out",
    "lessons",
    "library",
    "lifecycle",
    "messages",
    "offers",
    "oplan",
    "partner_rows",
    "past",
    "people",
    "places",
    "plan",
    "plan_versions",
    "product_rows",
    "project_rows",
    "reading",
    "recommendations",
    "register",
    "released",
    "reports",
    "requests",
    "review_rows",
    "roles",
    "rules",
    "signin",
    "signs",
    "snapshots",
    "steps",
    "targets",
    "tasks",
    "teams",
    "totals",
    "trainer_rows",
    "training_phases",
    "training_rows",
    "unit_postings",
    "usage",
    "withholding",
]
