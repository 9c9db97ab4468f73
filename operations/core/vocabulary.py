"""Vocabulary: the closed code lists, and enums for the codes that rules depend on, with the same spelling.

A test keeps the two in step. All other codes are plain strings that a draft checks: `database: Annotated[str,
InList("CL-DB")]`.
"""

from enum import IntEnum, StrEnum

from operations.core.case_codes import *  # noqa: F403 - one vocabulary, in three files
from operations.core.code_lists import *  # noqa: F403


class Role(StrEnum):
    """The roles of people (domain 1.6)."""

    NATIONAL_OFFICER = "national_officer"
    TEAM_LEADER = "team_leader"
    NATIONAL_COORDINATOR = "national_coordinator"
    OCU_ANALYST = "ocu_analyst"
    OPERATION_COORDINATOR = "operation_coordinator"
    LEADERSHIP = "leadership"
    AUDITOR = "auditor"
    RIGHTS_OFFICER = "rights_officer"
    ADMINISTRATOR = "administrator"


class OperationType(StrEnum):
    """The four kinds of operation."""

    BORDER_STOP = "border_stop"
    FUGITIVE = "fugitive"
    INTELLIGENCE_DRIVEN = "intelligence_driven"
    REGIONAL = "regional"


class OperationState(StrEnum):
    """The states of an operation (domain 1.6.1)."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PRE_OPERATIONAL = "pre_operational"
    ACTIVE = "active"
    CONSOLIDATION = "consolidation"
    DEBRIEFED = "debriefed"
    FINAL = "final"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class ParticipationState(StrEnum):
    """The states of a country's participation (domain 1.6.2)."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    PREPARING = "preparing"
    ACTIVE = "active"
    REPORTED_FINAL = "reported_final"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class PhaseKind(StrEnum):
    """The purpose of a phase of an operation; every result carries the phase it happened in."""

    PREPARATION = "preparation"
    PRE_OPERATIONAL = "pre_operational"
    TRAINING = "training"
    OPERATIONAL = "operational"
    CONSOLIDATION = "consolidation"
    DEBRIEF = "debrief"
    EVALUATION = "evaluation"
    PUBLIC_APPEAL = "public_appeal"


class ReportKind(StrEnum):
    """The coverage of a report. A nil report is a fact: silence is not."""

    SINGLE_EVENT = "single_event"
    DAILY = "daily"
    FINAL = "final"
    NIL = "nil"


class ReportState(StrEnum):
    """The states of a report (domain 1.6.4)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LOCALLY_VERIFIED = "locally_verified"
    NATIONALLY_VALIDATED = "nationally_validated"
    CONSOLIDATED = "consolidated"
    FROZEN = "frozen"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Level(IntEnum):
    """How far a line has been verified (domain 1.6.4). Ordered; the name is the code in CL-LEVEL."""

    V0 = 0
    V1 = 1
    V2 = 2
    V3 = 3
    V4 = 4
    VF = 5


class LineKind(StrEnum):
    """The kinds of report lines (domain 1.4) that rules depend on; the list CL-LINE may have others."""

    CHECK_TALLY = "check_tally"
    HIT = "hit"
    ARREST = "arrest"
    MIGRANT_DETECTION = "migrant_detection"
    POTENTIAL_VICTIM = "potential_victim"
    DOCUMENT_SEIZURE = "document_seizure"
    POSITIVE_LOCATION = "positive_location"
    PROTECTION_REFERRAL = "protection_referral"
    CASUALTY = "casualty"
    SEIZURE = "seizure"
    NOTICE = "notice"
    INVESTIGATION = "investigation"
    GROUP = "group"
    OFFICERS = "officers"
    TRAINEES = "trainees"


class CheckKind(StrEnum):
    """The kind of a check."""

    DATABASE_QUERY = "database_query"
    BORDER_INSPECTION = "border_inspection"
    POLICE_CHECK = "police_check"
    FLIGHT_MONITORED = "flight_monitored"
    VEHICLE_INSPECTED = "vehicle_inspected"
    VESSEL_INSPECTED = "vessel_inspected"
    RADIATION_CHECK = "radiation_check"
    UNKNOWN = "unknown"


class Confirmation(StrEnum):
    """The outcome of a raw hit (domain 1.6.6)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNRESOLVED = "unresolved"


class VictimStatus(StrEnum):
    """How far a potential victim has been identified (domain 1.6.7)."""

    POTENTIAL = "potential"
    IDENTIFIED = "identified"
    DECLINED = "declined"
    NOT_A_VICTIM = "not_a_victim"


class Classification(StrEnum):
    """INTERPOL's confidentiality levels, lowest first (Rules on the Processing of Data, article 112).

    Compare by `rank`: the members are strings, and strings compare by their letters.
    """

    FOR_OFFICIAL_USE = "for_official_use"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"

    @property
    def rank(self) -> int:
        """0 for the lowest level, 2 for the highest."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Classification)}


class MapObjectKind(StrEnum):
    """The kind of a shape drawn on the map."""

    AREA = "area"
    CHECKPOINT = "checkpoint"
    OBSERVATION_POST = "observation_post"
    ROUTE = "route"
    HOTSPOT = "hotspot"
    COORDINATION_UNIT = "coordination_unit"


class MapState(StrEnum):
    """The state of an object on the map: planned is drawn dashed, active solid."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"


class SiteType(StrEnum):
    """The kind of place that a site is (domain 1.2)."""

    AIRPORT = "airport"
    SEAPORT = "seaport"
    LAND_BCP_ROAD = "land_bcp_road"
    LAND_BCP_RAIL = "land_bcp_rail"
    RIVER_PORT = "river_port"
    CHECKPOINT_INLAND = "checkpoint_inland"
    BUS_STATION = "bus_station"
    TRAIN_STATION = "train_station"
    MARKET = "market"
    HOTSPOT = "hotspot"
    COORDINATION_UNIT = "coordination_unit"


class BorderKind(StrEnum):
    """The kind of border that a site watches."""

    AIR = "air"
    LAND = "land"
    SEA = "sea"


class Art3Screen(StrEnum):
    """The screening by article 3 of INTERPOL's Constitution: nothing political, military, religious or racial."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    NOT_SCREENED = "not_screened"


class LayerKind(StrEnum):
    """The kind of rows in an imported layer, which decides how they may be shown and to whom."""

    EVENTS = "events"
    PLACES_OF_DANGER = "places_of_danger"
    INDICATORS = "indicators"
    OWN_RESULTS = "own_results"


class AnalysisKind(StrEnum):
    """The questions of analyses that rules depend on; each file of `operations.analyses.questions` is one."""

    HOTSPOTS = "hotspots"
    FORECAST = "forecast"
    ROUTES = "routes"
    REACH = "reach"
    PLACEMENT = "placement"
    COVERAGE = "coverage"
    DISPLACEMENT = "displacement"
    INTERCEPTION = "interception"
    ASSIGNMENT = "assignment"
    SHIFTS = "shifts"


class JobState(StrEnum):
    """The states of a job: long work requested by a person, done by a worker."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    """The kinds of messages to people (not INTERPOL's notices, which are CL-NOTICE)."""

    WAITS = "waits"
    WAITS_LATE = "waits_late"
    REPORT_DUE = "report_due"
    REPORT_MISSING = "report_missing"
    COUNTRY_SILENT = "country_silent"
    PHASE_BEGAN = "phase_began"
    PHASE_ENDED = "phase_ended"
    POSTED = "posted"
    POSTING_CHANGED = "posting_changed"
    RELIEVED = "relieved"
    MANDATE_ENDING = "mandate_ending"
    ACCOUNT_UNUSED = "account_unused"
    ACCOUNT_LINKED = "account_linked"
    CHECK_IN_OVERDUE = "check_in_overdue"
    DEPLOYMENT_ENDING = "deployment_ending"
    CERTIFICATE_ENDING = "certificate_ending"
    REST_SHORT = "rest_short"
    NOTICES_UNCHECKED = "notices_unchecked"
    RESTATED = "restated"
    EQUIPMENT_DORMANT = "equipment_dormant"
    TRAINING_GAP = "training_gap"
    TRAINER_LAPSED = "trainer_lapsed"
    ACCESS_MANY = "access_many"
    ACCESS_AT_NIGHT = "access_at_night"
    ACCESS_BIG = "access_big"
    ACCESS_OUTSIDE = "access_outside"
    ERASURE_DUE = "erasure_due"
    ERASED = "erased"
    CHAIN_BROKEN = "chain_broken"
    BACKUP_FAILED = "backup_failed"
    NEW_DEVICE = "new_device"
    INSTALLATION = "installation"
    WEBHOOK_SILENT = "webhook_silent"
    CENTRE_UNREACHED = "centre_unreached"
    SITUATION_REPORT = "situation_report"
    LEGAL_HOLD = "legal_hold"


class MessageWay(StrEnum):
    """The way in which a person receives messages."""

    INBOX = "inbox"
    MAIL = "mail"
    BOTH = "both"


class ApiScope(StrEnum):
    """What a system may do with an API token."""

    REPORTS_WRITE = "reports_write"
    REPORTS_READ = "reports_read"
    FIGURES_READ = "figures_read"
    PLAN_READ = "plan_read"
    TEAMS_READ = "teams_read"
    TEAMS_WRITE = "teams_write"
    LEADS_READ = "leads_read"
    LEADS_ANSWER = "leads_answer"


class PlanVersionState(StrEnum):
    """The states of a frozen plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class SectionState(StrEnum):
    """The states of a section of the operational plan."""

    OPEN = "open"
    COMPLETE = "complete"
    NOT_APPLICABLE = "not_applicable"


class TaskState(StrEnum):
    """The states of a task."""

    OPEN = "open"
    STARTED = "started"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"
