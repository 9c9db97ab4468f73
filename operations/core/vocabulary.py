"""The closed code lists: what a field may say, and how each code reads in English, French, Spanish and Arabic.

The lists are data: `lists/*.csv`, one row per code, with the columns list, code, version, en, fr, es, ar and note. A
row that belongs to several lists names them all, joined by ";". `note` is English: the long form of an abbreviation,
or what the code means. A code is never reused and never removed; a list that changes gets a new version (domain 1.7).

Codes that rules depend on are enums as well, under the same spelling; a test holds the two together. Everything else
in the code is a plain string that a draft checks: `database: Annotated[str, InList("CL-DB")]`.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

LOCALES = ("en", "fr", "es", "ar")

_FOLDER = Path(__file__).parent / "lists"
_BY_NAME = frozenset({"CL-COUNTRY", "CL-NATIONALITY"})  # these have no order of their own: readers look for a name


class Role(StrEnum):
    """Who a person is in the operation (domain 1.6)."""

    NATIONAL_OFFICER = "national_officer"
    TEAM_LEADER = "team_leader"
    NATIONAL_COORDINATOR = "national_coordinator"
    OCU_ANALYST = "ocu_analyst"
    OPERATION_COORDINATOR = "operation_coordinator"
    LEADERSHIP = "leadership"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class OperationType(StrEnum):
    """The four kinds of operation."""

    BORDER_STOP = "border_stop"
    FUGITIVE = "fugitive"
    INTELLIGENCE_DRIVEN = "intelligence_driven"
    REGIONAL = "regional"


class OperationState(StrEnum):
    """The life of an operation (domain 1.6.1)."""

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
    """The life of a country's participation (domain 1.6.2)."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    PREPARING = "preparing"
    ACTIVE = "active"
    REPORTED_FINAL = "reported_final"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class PhaseKind(StrEnum):
    """What a phase of an operation is for; every result carries the phase it happened in."""

    PREPARATION = "preparation"
    PRE_OPERATIONAL = "pre_operational"
    TRAINING = "training"
    OPERATIONAL = "operational"
    CONSOLIDATION = "consolidation"
    DEBRIEF = "debrief"
    EVALUATION = "evaluation"
    PUBLIC_APPEAL = "public_appeal"


class ReportKind(StrEnum):
    """What a report covers. A nil report is a fact: silence is not."""

    SINGLE_EVENT = "single_event"
    DAILY = "daily"
    FINAL = "final"
    NIL = "nil"


class ReportState(StrEnum):
    """The life of a report (domain 1.6.4)."""

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
    """The typed lines a report is made of (domain 1.4)."""

    CHECK_TALLY = "check_tally"
    HIT = "hit"
    ARREST = "arrest"
    MIGRANT_DETECTION = "migrant_detection"
    POTENTIAL_VICTIM = "potential_victim"
    DOCUMENT_SEIZURE = "document_seizure"
    POSITIVE_LOCATION = "positive_location"


class CheckKind(StrEnum):
    """What was done in a check."""

    DATABASE_QUERY = "database_query"
    BORDER_INSPECTION = "border_inspection"
    POLICE_CHECK = "police_check"
    FLIGHT_MONITORED = "flight_monitored"
    VEHICLE_INSPECTED = "vehicle_inspected"
    VESSEL_INSPECTED = "vessel_inspected"
    UNKNOWN = "unknown"


class Confirmation(StrEnum):
    """What became of a raw hit (domain 1.6.6)."""

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
        return list(Classification).index(self)


class MapObjectKind(StrEnum):
    """What a shape drawn on the map stands for."""

    AREA = "area"
    CHECKPOINT = "checkpoint"
    OBSERVATION_POST = "observation_post"
    ROUTE = "route"
    HOTSPOT = "hotspot"
    COORDINATION_UNIT = "coordination_unit"


class MapState(StrEnum):
    """Planned is drawn dashed, active solid."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"


class SiteType(StrEnum):
    """What kind of place a site is (domain 1.2)."""

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
    """Which border a site watches."""

    AIR = "air"
    LAND = "land"
    SEA = "sea"


class Art3Screen(StrEnum):
    """Does it keep to article 3 of INTERPOL's Constitution: nothing political, military, religious or racial."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    NOT_SCREENED = "not_screened"


class LayerKind(StrEnum):
    """What the rows of an imported layer are; it decides how they may be shown and to whom."""

    EVENTS = "events"
    PLACES_OF_DANGER = "places_of_danger"
    INDICATORS = "indicators"
    OWN_RESULTS = "own_results"


class AnalysisKind(StrEnum):
    """What an analysis asks."""

    HOTSPOTS = "hotspots"
    FORECAST = "forecast"
    ROUTES = "routes"
    REACH = "reach"
    PLACEMENT = "placement"
    COVERAGE = "coverage"
    DISPLACEMENT = "displacement"
    ASSIGNMENT = "assignment"
    SHIFTS = "shifts"


class JobState(StrEnum):
    """The life of long work: asked for by a person, done by a worker."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    """What people are told about (not INTERPOL's notices, which are CL-NOTICE)."""

    REPORT_DUE = "report_due"
    REPORT_MISSING = "report_missing"
    COUNTRY_SILENT = "country_silent"
    PHASE_BEGAN = "phase_began"
    PHASE_ENDED = "phase_ended"
    MANDATE_ENDING = "mandate_ending"
    ACCOUNT_UNUSED = "account_unused"
    CHECK_IN_OVERDUE = "check_in_overdue"
    DEPLOYMENT_ENDING = "deployment_ending"
    CERTIFICATE_ENDING = "certificate_ending"
    REST_SHORT = "rest_short"
    NOTICES_UNCHECKED = "notices_unchecked"
    ERASURE_DUE = "erasure_due"
    ERASED = "erased"
    CHAIN_BROKEN = "chain_broken"
    BACKUP_FAILED = "backup_failed"


class MessageWay(StrEnum):
    """How a person is told."""

    INBOX = "inbox"
    MAIL = "mail"
    BOTH = "both"


class PlanVersionState(StrEnum):
    """The life of a frozen plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class SectionState(StrEnum):
    """How far a section of the operational plan is."""

    OPEN = "open"
    COMPLETE = "complete"
    NOT_APPLICABLE = "not_applicable"


class TaskState(StrEnum):
    """The life of a task."""

    OPEN = "open"
    STARTED = "started"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"


class LeadState(StrEnum):
    """The life of a lead, and of each addressed country's part in it (domain 1.3)."""

    NEW = "new"
    SHARED = "shared"
    ACCEPTED = "accepted"
    ACTIONED = "actioned"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    EXPIRED = "expired"


class LeadOrigin(StrEnum):
    """Where a lead comes from."""

    COUNTRY = "country"
    COORDINATION_UNIT = "coordination_unit"
    PARTNER = "partner"
    EARLIER_OPERATION = "earlier_operation"


class LeadSubject(StrEnum):
    """What a lead is about. No kind names a person: names stay in national systems."""

    FUGITIVE_CASE = "fugitive_case"
    DOCUMENT = "document"
    VEHICLE = "vehicle"
    VESSEL = "vessel"
    GROUP = "group"
    PLACE = "place"
    ROUTE = "route"
    MODUS_OPERANDI = "modus_operandi"
    OTHER = "other"


class FugitiveState(StrEnum):
    """The life of a fugitive case (domain 1.6.8): eight steps, then the ends beside the road."""

    NOMINATED = "nominated"
    TARGET = "target"
    UNDER_REVIEW = "under_review"
    LEAD_OUT = "lead_out"
    LOCATED = "located"
    ARRESTED = "arrested"
    SURRENDERED = "surrendered"
    CLOSED = "closed"
    NOT_EXTRADITABLE = "not_extraditable"
    RELEASED = "released"
    DECEASED = "deceased"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    FALSE_IDENTITY = "false_identity"


class LocationState(StrEnum):
    """What became of a country's word that a wanted person is there."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    ARREST_REPORTED = "arrest_reported"
    ARREST_CONFIRMED = "arrest_confirmed"
    NEGATIVE = "negative"


class LegalCheck(StrEnum):
    """Whether a legal condition of a case holds."""

    NOT_CHECKED = "not_checked"
    HOLDS = "holds"
    FAILS = "fails"


class NoticeStatus(StrEnum):
    """What the daily look at a notice found."""

    VALID = "valid"
    UNCLEAR = "unclear"
    WITHDRAWN = "withdrawn"


class HypothesisState(StrEnum):
    """What became of a hypothesis."""

    OPEN = "open"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    GIVEN_UP = "given_up"


class NetworkKind(StrEnum):
    """What a part of a target network is. None is a person."""

    ROUTE = "route"
    GROUP = "group"
    MODUS_OPERANDI = "modus_operandi"
    CLUSTER_ROLE = "cluster_role"


@dataclass(frozen=True)
class CodeList:
    """One closed list: its codes in their order, and for each code its label by locale and its English note."""

    name: str
    version: int
    codes: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    notes: Mapping[str, str]

    def __contains__(self, code: object) -> bool:
        return code in self.labels


@cache
def _all_lists() -> Mapping[str, CodeList]:
    rows: dict[str, list[dict[str, str]]] = {}
    for path in sorted(_FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for name in row["list"].split(";"):
                    rows.setdefault(name, []).append(row)
    return MappingProxyType({name: _list_of(name, found) for name, found in rows.items()})


def _list_of(name: str, rows: list[dict[str, str]]) -> CodeList:
    return CodeList(
        name=name,
        version=max(int(row["version"]) for row in rows),
        codes=tuple(row["code"] for row in rows),
        labels=MappingProxyType({row["code"]: MappingProxyType({key: row[key] for key in LOCALES}) for row in rows}),
        notes=MappingProxyType({row["code"]: row["note"] for row in rows}),
    )


def list_names() -> tuple[str, ...]:
    """The names of all lists, such as "CL-DB", in alphabetical order."""
    return tuple(sorted(_all_lists()))


def code_list(name: str) -> CodeList:
    """The list of this name; raises KeyError when there is none."""
    try:
        return _all_lists()[name]
    except KeyError:
        raise KeyError(f"There is no code list named {name}.") from None


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list in their order."""
    return code_list(name).codes


def label(name: str, code: str, locale: str = "en") -> str:
    """How a code reads in a locale (en, fr, es or ar); raises KeyError, naming the list, for what is not in it."""
    return _holding(name, code).labels[code][_known(locale)]


def note(name: str, code: str) -> str:
    """The long form or meaning of a code, in English; raises KeyError, naming the list, for what is not in it."""
    return _holding(name, code).notes[code]


def options(name: str, locale: str = "en") -> list[dict[str, str]]:
    """A list as choices for a form, `[{"value": code, "label": words}, ...]`.

    Choices stand in the order of the list; countries and nationalities in the alphabetical order of their names, with
    what is no country (stateless, refugee, not known) at the end.
    """
    return [{"value": code, "label": words} for code, words in _choices(name, locale)]


@cache
def _choices(name: str, locale: str) -> tuple[tuple[str, str], ...]:
    choices = [(code, label(name, code, locale)) for code in codes(name)]
    if name in _BY_NAME:
        choices.sort(key=lambda choice: (choice[0].startswith("XX"), _folded(choice[1])))
    return tuple(choices)


def _holding(name: str, code: str) -> CodeList:
    found = code_list(name)
    if code not in found:
        raise KeyError(f"{code} is not in the list {name}.")
    return found


def _known(locale: str) -> str:
    if locale not in LOCALES:
        raise KeyError(f"There are no labels in {locale}: choose one of {', '.join(LOCALES)}.")
    return locale


def _folded(words: str) -> str:
    """Words without case and accents, so that Égypte stands with E and Åland with A."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(mark))


@dataclass(frozen=True)
class InList:
    """Marks a string field of a draft as a code of one list: `Annotated[str, InList("CL-DB")]`.

    A code that is not in the list is refused as the error "unknown_code" with the parameters `code` and `list`.
    """

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the list after the string itself; raises KeyError where a draft names a list that is not there."""
        code_list(self.name)
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, code: str) -> str:
        """The code itself; raises PydanticCustomError("unknown_code") when the list does not hold it."""
        if code not in code_list(self.name):
            found = {"code": code, "list": self.name}
            raise PydanticCustomError("unknown_code", "{code} is not in the list {list}.", found)
        return code


Country = Annotated[str, InList("CL-COUNTRY")]
Nationality = Annotated[str, InList("CL-NATIONALITY")]
