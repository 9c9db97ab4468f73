"""The states of support that rules depend on; each is a code of `core/lists/support.csv` under the same spelling."""

from enum import StrEnum


class AssistanceState(StrEnum):
    """Of a request for assistance: raised by a country, then asked of the countries, then closed."""

    RAISED = "raised"
    ASKED = "asked"
    CLOSED = "closed"


class NeedState(StrEnum):
    """Of a need, told by how many of the teams that it asks for were accepted."""

    OPEN = "open"
    PARTLY_MET = "partly_met"
    MET = "met"


class OfferState(StrEnum):
    """Of a team that a country offers for a need."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DeploymentState(StrEnum):
    """The life of a deployment (domain 1.6.3); `stood_down` is the end of one that never arrived."""

    REQUESTED = "requested"
    APPROVED = "approved"
    MOBILISING = "mobilising"
    ON_SITE = "on_site"
    OFFLINE = "offline"
    WITHDRAWN = "withdrawn"
    DEBRIEFED = "debriefed"
    STOOD_DOWN = "stood_down"


class TeamState(StrEnum):
    """What a team is doing now, in the words of a status board."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    UNAVAILABLE = "unavailable"
    OUT_OF_SERVICE = "out_of_service"


class AssetState(StrEnum):
    """What a piece of kit is doing now (domain 1.3)."""

    AVAILABLE = "available"
    DEPLOYED = "deployed"
    DEGRADED = "degraded"
    OUT_OF_SERVICE = "out_of_service"


class EntryKind(StrEnum):
    """What a line in the log of a deployment is."""

    MOVED = "moved"
    CHECKED_IN = "checked_in"
    HANDOVER = "handover"


ON_DUTY = (DeploymentState.ON_SITE, DeploymentState.OFFLINE)
"""At the place."""

BOUND = (DeploymentState.REQUESTED, DeploymentState.APPROVED, DeploymentState.MOBILISING, *ON_DUTY)
"""The team is taken by it."""
