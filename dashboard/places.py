"""Places: the one table of what Muster shows where, from which rail, tabs, menu and titles are drawn.

Two sets of places: those of one operation, and those outside operations, which bear the names of the strategy's
pillars. Today stands above both. To a page in neither only links lead.
"""

from dashboard.navigation import EVERYBODY, Nav, Place, Shortcut
from dashboard.wording import N_
from operations import worklist_entries
from operations.core.people import NATIONAL_ROLES
from operations.core.permissions import Act
from operations.core.vocabulary import OperationType, Role
from operations.policing.fugitives import cases
from operations.policing.operation import staff
from operations.policing.reports import departure

_FIELD = frozenset({Role.NATIONAL_OFFICER, Role.TEAM_LEADER})
_DESK = EVERYBODY - _FIELD
_COMMAND = EVERYBODY - {Role.NATIONAL_OFFICER}
_STRATEGY = EVERYBODY - {Role.ADMINISTRATOR, Role.RIGHTS_OFFICER}
_COORDINATION = frozenset({Role.NATIONAL_COORDINATOR, Role.OPERATION_COORDINATOR, Role.LEADERSHIP})


def _operation_page(name: str, part: str, icon: str, act: Act, types: tuple[str, ...] = ()) -> Nav:
    """Return a page of an operation; `part` is the last part of its address."""
    return Nav(name, icon, act, path_template=f"/operations/<operation_id>/{part}", types=types)


def _page(name: str, path: str, icon: str, act: Act, roles: frozenset[Role] = EVERYBODY) -> Nav:
    """Return a page outside operations."""
    return Nav(name, icon, act, path=path, roles=roles)


# ------------------------------------------------------------------------------------------ pages of an operation

SITUATION = _operation_page(N_("Situation"), "situation", "activity", Act.TOTALS_READ)
OVERVIEW = _operation_page(N_("Overview"), "overview", "flag", Act.OPERATION_READ)
FIGURES = _operation_page(N_("Key figures"), "figures", "report-analytics", Act.TOTALS_READ)
OFFICIAL = _operation_page(N_("Official figures"), "official", "rubber-stamp", Act.SNAPSHOT_READ)
EARLIER = _operation_page(N_("Earlier operations"), "history", "history", Act.TOTALS_READ)
PLAN = _operation_page(N_("Plan"), "plan", "map-2", Act.PLAN_READ)
MAP_FILES = _operation_page(N_("Map files"), "map-files", "file-import", Act.PLAN_DRAW)
LAYERS = _operation_page(N_("Layers"), "layers", "stack-2", Act.LAYER_READ)
ANALYSIS = _operation_page(N_("Analysis"), "analysis", "radar", Act.ANALYSIS_READ)
OPLAN = _operation_page(N_("Operational plan"), "oplan", "clipboard-check", Act.OPLAN_READ)
APPROVAL = _operation_page(N_("Approval"), "approval", "rubber-stamp", Act.OPERATION_APPROVE)
COUNTRIES = _operation_page(N_("Countries"), "countries", "users-group", Act.OPERATION_READ)
STAFF = _operation_page(N_("Who works here"), "people", "users", Act.MEMBERSHIP_READ)
UNITS = _operation_page(N_("Coordination units"), "units", "building-community", Act.UNIT_READ)
REPORT_QUALITY = _operation_page(N_("Report quality"), "report-quality", "report-analytics", Act.TOTALS_UNSUPPRESSED)
TRAINING = _operation_page(
    N_("Training"), "training", "school", Act.COURSE_READ, (OperationType.BORDER_STOP, OperationType.REGIONAL)
)
TIMELINE = _operation_page(N_("Timeline"), "timeline", "timeline", Act.OPERATION_READ)
PHASES = _operation_page(N_("Phases"), "phases", "calendar-event", Act.OPERATION_READ)
SHIFTS = _operation_page(N_("Shifts"), "shifts", "calendar-time", Act.ANALYSIS_ASK)
JOURNAL = _operation_page(N_("Journal"), "journal", "history", Act.JOURNAL_READ)
TEAMS = _operation_page(N_("Teams"), "teams", "users-group", Act.SUPPORT_TOTALS)
ASSIGNMENT = _operation_page(N_("Assign"), "assignment", "switch-horizontal", Act.ANALYSIS_ASK)
MY_TEAM = _operation_page(N_("My team"), "my-team", "steering-wheel", Act.DEPLOYMENT_REPORT)
REPORTS = _operation_page(N_("Reports"), "reports", "clipboard-list", Act.REPORT_READ)
WORKBOOK = _operation_page(N_("Workbook"), "workbook", "file-spreadsheet", Act.REPORT_WRITE)
VOICE = _operation_page(N_("Reports by voice"), "voice", "phone", Act.REPORT_KEY)
VERIFY = _operation_page(N_("Verify"), "verify", "checks", Act.REPORT_RETURN)
CLAIMS = _operation_page(N_("Claims"), "claims", "copy", Act.CLAIM_READ)
INTELLIGENCE = _operation_page(N_("Intelligence"), "intelligence", "affiliate", Act.INTELLIGENCE_READ)
LEADS = _operation_page(N_("Leads"), "leads", "send", Act.LEAD_READ)
RESULTS = _operation_page(N_("Results of leads"), "lead-results", "git-merge", Act.RESULT_READ)
FUGITIVES = _operation_page(N_("Fugitives"), "fugitives", "user-search", Act.FUGITIVE_SUMS, cases.SWEEPING)
DEBRIEF = _operation_page(N_("Debrief"), "debrief", "clipboard-check", Act.RECOMMENDATION_READ)
RECOMMENDATIONS = _operation_page(N_("Recommendations"), "recommendations", "bulb", Act.RECOMMENDATION_READ)
SNAPSHOTS = _operation_page(N_("Snapshots"), "snapshots", "camera", Act.SNAPSHOT_READ)
COSTS = _operation_page(N_("Costs"), "costs", "coins", Act.COST_READ)
HAND_OVER = _operation_page(N_("Hand over"), "hand-over", "file-export", Act.OPERATION_EXPORT)

# ------------------------------------------------------------------------------------------ pages outside operations

TODAY_PAGE = _page(N_("Today"), worklist_entries.ADDRESS, "checkbox", Act.OWN_ACCOUNT)
HOME = _page(N_("Operations"), "/", "home", Act.OWN_ACCOUNT)
ALL_TIMELINES = _page(N_("Timeline of all operations"), "/timeline", "timeline", Act.OPERATION_READ)
PAST_OPERATIONS = _page(N_("Past operations"), "/history", "history", Act.OPERATION_READ)
TEMPLATES = _page(N_("Templates"), "/templates", "layout-list", Act.TEMPLATE_READ)
START = _page(N_("Start from a template"), "/start", "player-play", Act.OPERATION_CREATE)
FIVE_YEARS = _page(N_("Five years"), "/programme", "chart-bar", Act.POST_READ)
DIRECTORY = _page(N_("Network"), "/directory", "users", Act.DIRECTORY_READ)
MESSAGES = _page(N_("Messages"), "/messages", "mail", Act.DISPATCH)
PRODUCTS = _page(N_("Intelligence products"), "/products", "file-text", Act.PRODUCT_READ)
PARTNERS = _page(N_("Partner organisations"), "/partners", "building-community", Act.PARTNER_READ)
DECONFLICTION = _page(N_("Deconfliction"), "/deconfliction", "affiliate", Act.DECONFLICT)
POSTS = _page(N_("Border posts"), "/posts", "building", Act.POST_READ)
NEEDS = _page(N_("Needs assessment"), "/needs", "clipboard-check", Act.NEEDS_READ)
INVEST = _page(N_("Where to invest next"), "/needs/where-next", "bulb", Act.NEEDS_READ, _COMMAND)
STAKEHOLDERS = _page(N_("Stakeholders"), "/needs/stakeholders", "users", Act.NEEDS_READ, _COMMAND)
EQUIPMENT = _page(N_("Equipment"), "/equipment", "device-desktop", Act.EQUIPMENT_READ)
LINKS = _page(N_("Links"), "/equipment/links", "link", Act.EQUIPMENT_READ)
CONNECT = _page(N_("Connect under a budget"), "/needs/connect", "plug-connected", Act.CONNECT_READ)
REVIEWS = _page(N_("Reviews"), "/equipment/reviews", "report-search", Act.REVIEW_READ)
PROJECTS = _page(N_("Projects"), "/equipment/projects", "tool", Act.PROJECT_READ)
COURSES = _page(N_("Courses"), "/courses", "school", Act.COURSE_READ)
RUNS = _page(N_("Runs"), "/courses/runs", "calendar", Act.COURSE_READ)
TRAINERS = _page(N_("Trainers"), "/courses/trainers", "user-check", Act.ENROLMENT_READ)
CASCADES = _page(N_("Cascade runs"), "/courses/cascades", "git-merge", Act.ENROLMENT_READ)
CERTIFICATES = _page(N_("Certificates"), "/courses/certificates", "certificate", Act.ENROLMENT_READ)
TRAINED = _page(N_("Who is trained where"), "/courses/trained", "users", Act.COURSE_READ)
EVALUATIONS = _page(N_("Evaluations"), "/evaluations", "report-analytics", Act.EVALUATION_READ)
ALL_RECOMMENDATIONS = _page(N_("Recommendations"), "/recommendations", "bulb", Act.RECOMMENDATION_READ)
USAGE = _page(N_("Use of databases"), "/posts/usage", "search", Act.USAGE_READ)
INCIDENTS = _page(N_("Serious incidents"), "/incidents", "urgent", Act.INCIDENT_FOLLOW)
DATA_PROTECTION = _page(N_("Data protection"), "/data-protection", "shield", Act.DATA_READ)
HOLDS = _page(N_("Legal holds"), "/data-protection/holds", "lock", Act.DATA_READ)
PURPOSES = _page(N_("What is kept, and why"), "/data-protection/kept", "shield", Act.OWN_ACCOUNT)
TRAIL = _page(
    N_("Access trail"),
    "/access",
    "eye-check",
    Act.OWN_ACCOUNT,
    frozenset({Role.NATIONAL_COORDINATOR, Role.AUDITOR}),
)
PEOPLE = _page(N_("People"), "/people", "users", Act.ACCOUNT_MANAGE)
INSTALLATION = _page(N_("Installation"), "/installation", "heartbeat", Act.INSTALLATION_READ)
SYSTEMS = _page(N_("Connected systems"), "/interface", "plug-connected", Act.OWN_ACCOUNT)
CENTRE = _page(N_("Figures for a centre"), "/centre", "send", Act.CENTRE)
REFERENCE = _page(N_("What the interface takes"), "/interface/reference", "book", Act.OWN_ACCOUNT)
ACCOUNT = _page(N_("My account"), "/account", "user", Act.OWN_ACCOUNT)
HELP = _page(N_("Help"), "/help", "help-circle", Act.OWN_ACCOUNT)
GLOSSARY = _page(N_("Glossary"), "/glossary", "book", Act.OWN_ACCOUNT)
OWN_SITES = _page(N_("Where you work"), staff.OWN_PLACE, "map-pin", Act.OWN_ACCOUNT)
OWN_FIGURES = _page(N_("Own figures"), departure.PLACE, "report-analytics", Act.REPORT_READ, NATIONAL_ROLES)

# ------------------------------------------------------------------------------------------------------ the places

TODAY = Place(N_("Today"), "checkbox", (TODAY_PAGE,))
OPERATION = (
    TODAY,
    Place(N_("Situation"), "activity", (SITUATION, OVERVIEW, FIGURES, OFFICIAL, EARLIER)),
    Place(N_("Plan"), "map-2", (PLAN, LAYERS, ANALYSIS, OPLAN, APPROVAL), subpages=(MAP_FILES,)),
    Place(N_("People and countries"), "users", (COUNTRIES, REPORT_QUALITY, STAFF, UNITS, TRAINING), roles=_DESK),
    Place(N_("Timeline"), "timeline", (TIMELINE, PHASES, SHIFTS, JOURNAL), roles=_COMMAND),
    Place(N_("Teams"), "users-group", (TEAMS, ASSIGNMENT, MY_TEAM), roles=_COMMAND),
    Place(N_("Reports"), "clipboard-list", (REPORTS, VERIFY, CLAIMS), subpages=(WORKBOOK, VOICE)),
    Place(N_("Intelligence"), "affiliate", (INTELLIGENCE, LEADS, RESULTS, FUGITIVES)),
    Place(
        N_("Closure"),
        "file-export",
        (DEBRIEF, RECOMMENDATIONS, SNAPSHOTS, COSTS, HAND_OVER),
        roles=_DESK,
        near_end=True,
    ),
)
"""The places of an operation."""
OUTSIDE = (
    TODAY,
    Place(
        N_("Operations"), "home", (HOME, ALL_TIMELINES, PAST_OPERATIONS, TEMPLATES), subpages=(START,), roles=_STRATEGY
    ),
    Place(N_("Strategy"), "chart-bar", (FIVE_YEARS,), roles=_DESK),
    Place(
        N_("Support"),
        "affiliate",
        (DIRECTORY, MESSAGES, PRODUCTS, PARTNERS, DECONFLICTION),
        roles=_COMMAND - {Role.AUDITOR},
    ),
    Place(N_("Needs"), "clipboard-check", (POSTS, NEEDS, INVEST, STAKEHOLDERS)),
    Place(
        N_("Infrastructure"),
        "device-desktop",
        (EQUIPMENT, LINKS, REVIEWS, PROJECTS),
        subpages=(CONNECT,),
        roles=_COMMAND,
    ),
    Place(N_("Training"), "school", (COURSES, RUNS, TRAINERS, TRAINED), subpages=(CASCADES, CERTIFICATES)),
    Place(N_("Evaluation"), "report-analytics", (EVALUATIONS, ALL_RECOMMENDATIONS, USAGE), roles=_DESK),
    Place(
        N_("Protection"),
        "shield",
        (INCIDENTS, DATA_PROTECTION, TRAIL),
        subpages=(HOLDS, PURPOSES),
        menu=_FIELD | _COORDINATION | {Role.OCU_ANALYST},
    ),
    Place(N_("People"), "users", (PEOPLE, INSTALLATION), menu=_COORDINATION),
    Place(
        N_("My account"),
        "user",
        (ACCOUNT, OWN_SITES, OWN_FIGURES),
        subpages=(SYSTEMS, CENTRE, REFERENCE, HELP, GLOSSARY),
        menu=EVERYBODY,
    ),
)
"""The places outside operations: the pillars of the strategy, and what belongs to Muster itself."""
PLACES = (*OUTSIDE, *OPERATION[1:])

SHORTCUTS = (
    Shortcut(N_("Write a report"), REPORTS, Act.REPORT_WRITE),
    Shortcut(N_("Verify reports"), VERIFY, Act.REPORT_VERIFY),
    Shortcut(N_("Validate reports"), VERIFY, Act.REPORT_VALIDATE),
    Shortcut(N_("Consolidate reports"), VERIFY, Act.REPORT_CONSOLIDATE),
    Shortcut(N_("Answer a claim"), CLAIMS, Act.CLAIM_ANSWER),
    Shortcut(N_("Edit the operation"), OVERVIEW, Act.OPERATION_EDIT, "edit=1"),
    Shortcut(N_("Draw on the plan"), PLAN, Act.PLAN_DRAW),
    Shortcut(N_("Add a site"), PLAN, Act.SITE_PLACE),
    Shortcut(N_("Add a layer"), LAYERS, Act.LAYER_ADD),
    Shortcut(N_("Start an analysis"), ANALYSIS, Act.ANALYSIS_ASK),
    Shortcut(N_("Write the operational plan"), OPLAN, Act.OPLAN_WRITE),
    Shortcut(N_("Approve the plan"), APPROVAL, Act.PLAN_APPROVE),
    Shortcut(N_("Invite a country"), COUNTRIES, Act.PARTICIPATION_INVITE),
    Shortcut(N_("Post an officer to a site"), STAFF, Act.SITE_POST),
    Shortcut(N_("Plan a phase"), PHASES, Act.OPERATION_EDIT),
    Shortcut(N_("Plan a task"), TIMELINE, Act.TASK_PLAN),
    Shortcut(N_("Request a team"), TEAMS, Act.SUPPORT_REQUEST),
    Shortcut(N_("Offer a team"), TEAMS, Act.SUPPORT_OFFER),
    Shortcut(N_("Plan shifts"), SHIFTS, Act.ANALYSIS_ASK),
    Shortcut(N_("Send a lead"), LEADS, Act.LEAD_WRITE),
    Shortcut(N_("Answer a lead"), LEADS, Act.LEAD_ANSWER),
    Shortcut(N_("Nominate a fugitive"), FUGITIVES, Act.FUGITIVE_NOMINATE),
    Shortcut(N_("Propose a recommendation"), RECOMMENDATIONS, Act.RECOMMENDATION_PROPOSE),
    Shortcut(N_("Prepare a snapshot"), SNAPSHOTS, Act.SNAPSHOT_PREPARE),
    Shortcut(N_("Record a cost"), COSTS, Act.COST_KEEP),
    Shortcut(N_("Export the operation"), HAND_OVER, Act.OPERATION_EXPORT),
    Shortcut(N_("Register a border post"), POSTS, Act.POST_KEEP),
    Shortcut(N_("Request a needs assessment"), NEEDS, Act.NEEDS_REQUEST),
    Shortcut(N_("Nominate a trainer"), TRAINERS, Act.TRAINER_NOMINATE),
    Shortcut(N_("Plan a course session"), RUNS, Act.COURSE_RUN),
    Shortcut(N_("Write a message"), MESSAGES, Act.DISPATCH),
    Shortcut(N_("Ask for an intelligence product"), PRODUCTS, Act.PRODUCT_ASK),
    Shortcut(N_("Report a serious incident"), INCIDENTS, Act.INCIDENT_REPORT),
    Shortcut(N_("Invite a person"), PEOPLE, Act.ACCOUNT_MANAGE),
    Shortcut(N_("Change your password"), ACCOUNT, Act.OWN_ACCOUNT),
)
"""What a person may do, in the order of an operation, and the page with the form of each."""

OLD_ADDRESSES = {
    "/waiting": TODAY_PAGE.href(),
    "/inbox": TODAY_PAGE.href(),
    "/where-you-work": OWN_SITES.href(),
    "/own-figures": OWN_FIGURES.href(),
}
"""Addresses that pages had before, and the page of each now: stored messages and bookmarks still hold them."""
