"""Imports every module with tables, for the schema that is made of them; new modules with tables are added here."""

from operations.claims import claim_pointers, claims
from operations.core import (
    federated_identities,
    history,
    invitations,
    journal,
    passkeys,
    people,
    pulse,
    second_factor,
    sign_in,
    sign_in_throttle,
)
from operations.costs import rows as cost_rows
from operations.data_protection import rows as data_rows
from operations.disclosure import releases
from operations.evaluation import debrief, evaluations, recommendations, unanswered_hits
from operations.exchange import (
    api_tokens,
    calendars,
    centre_rows,
    deconfliction_rows,
    directory,
    dispatch_rows,
    partner_rows,
    product_rows,
    sheet_mappings,
    webhooks,
)
from operations.incidents import consultations
from operations.infrastructure import rows as equipment_rows
from operations.infrastructure import usage
from operations.modernisation import project_rows, review_rows
from operations.needs import rows as assessment_rows
from operations.needs import stakeholders
from operations.notices import messages, preferences
from operations.policing import analyses, lifecycle
from operations.policing.calendar import dependencies, tasks
from operations.policing.fugitives import appeals, cases, lead_hits, notice_checks, sightings
from operations.policing.layers import layers
from operations.policing.layers import uploads as layer_uploads
from operations.policing.leads import rows as lead_rows
from operations.policing.map_plan import coordination_units, places, unit_postings
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import boards, legal_holds, oplan, plan, targets, withholding
from operations.policing.reports import departure, exclusions, reports
from operations.posts import register
from operations.programme import connection_rows, roles
from operations.results import snapshots
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
from operations.timetable import effects, heartbeats, lease, rules
from operations.totals import activity, pending_corrections, total_steps, totals
from operations.training import curricula, enrolment_rows, trainer_rows
from operations.training import phases as training_phases
from operations.training import rows as training_rows

__all__ = [
    "activity",
    "analyses",
    "api_tokens",
    "appeals",
    "assessment_rows",
    "availability",
    "boards",
    "calendars",
    "cases",
    "centre_rows",
    "certificates",
    "claim_pointers",
    "claims",
    "connection_rows",
    "consultations",
    "coordination_units",
    "cost_rows",
    "curricula",
    "data_rows",
    "debrief",
    "deconfliction_rows",
    "departure",
    "dependencies",
    "deployments",
    "directory",
    "dispatch_rows",
    "effects",
    "enrolment_rows",
    "equipment_rows",
    "evaluations",
    "exclusions",
    "federated_identities",
    "heartbeats",
    "history",
    "intelligence",
    "invitations",
    "journal",
    "kit",
    "layer_uploads",
    "layers",
    "lead_hits",
    "lead_results",
    "lead_rows",
    "lease",
    "legal_holds",
    "lessons",
    "library",
    "lifecycle",
    "messages",
    "notice_checks",
    "offers",
    "oplan",
    "partner_rows",
    "passkeys",
    "pending_corrections",
    "people",
    "places",
    "plan",
    "plan_versions",
    "preferences",
    "product_rows",
    "project_rows",
    "pulse",
    "recommendations",
    "register",
    "releases",
    "reports",
    "requests",
    "review_rows",
    "roles",
    "rules",
    "second_factor",
    "sheet_mappings",
    "sightings",
    "sign_in",
    "sign_in_throttle",
    "snapshots",
    "stakeholders",
    "targets",
    "tasks",
    "teams",
    "total_steps",
    "totals",
    "trainer_rows",
    "training_phases",
    "training_rows",
    "unanswered_hits",
    "unit_postings",
    "usage",
    "webhooks",
    "withholding",
]
