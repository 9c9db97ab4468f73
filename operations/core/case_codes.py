"""Codes of leads, fugitives and target networks on which rules depend."""

from enum import StrEnum


class LeadState(StrEnum):
    """The states of a lead, and of each addressed country's part in it (domain 1.3)."""

    NEW = "new"
    SHARED = "shared"
    ACCEPTED = "accepted"
    ACTIONED = "actioned"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    EXPIRED = "expired"


class LeadOrigin(StrEnum):
    """The origin of a lead."""

    COUNTRY = "country"
    COORDINATION_UNIT = "coordination_unit"
    PARTNER = "partner"
    EARLIER_OPERATION = "earlier_operation"


class LeadSubject(StrEnum):
    """The subject of a lead. No kind names a person: names stay in national systems."""

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
    """The states of a fugitive case (domain 1.6.8): eight steps of the normal course, then the other ends."""

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
    """The states of a country's report that a wanted person is there."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    ARREST_REPORTED = "arrest_reported"
    ARREST_CONFIRMED = "arrest_confirmed"
    NEGATIVE = "negative"


class LegalCheck(StrEnum):
    """The result of checking a legal condition of a case."""

    NOT_CHECKED = "not_checked"
    HOLDS = "holds"
    FAILS = "fails"


class NoticeStatus(StrEnum):
    """The result of the daily check of a notice."""

    VALID = "valid"
    UNCLEAR = "unclear"
    WITHDRAWN = "withdrawn"


class HypothesisState(StrEnum):
    """The states of a hypothesis."""

    OPEN = "open"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    GIVEN_UP = "given_up"


class NetworkKind(StrEnum):
    """The kind of a part of a target network. None is a person."""

    ROUTE = "route"
    GROUP = "group"
    MODUS_OPERANDI = "modus_operandi"
    CLUSTER_ROLE = "cluster_role"
