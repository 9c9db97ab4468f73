"""The states of support that rules depend on; each is a code of `core/lists/support.csv` under the same spelling."""

from enum import StrEnum


class AssistanceState(StrEnum):
    """States of a request for assistance: raised by a country, then put to the countries, then closed."""

    RAISED = "raised"
    ASKED = "asked"
    CLOSED = "closed"


class TeamsTogether(StrEnum):
    """How the teams of one need come (CL-TOGETHER): each on its own, or all at the same time, or all from one base."""

    APART = "apart"
    TOGETHER = "together"
    ONE_BASE = "one_base"


class NeedState(StrEnum):
    """States of a need, by how many of its teams were accepted."""

    OPEN = "open"
    PARTLY_MET = "partly_met"
    MET = "met"


class OfferState(StrEnum):
    """States of an offer of a team."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DeploymentState(StrEnum):
    """States of a deployment (domain 1.6.3); `stood_down` is the end of one that never arrived."""

    REQUESTED = "requested"
    APPROVED = "approved"
    MOBILISING = "mobilising"
    ON_SITE = "on_site"
    OFFLINE = "offline"
    WITHDRAWN = "withdrawn"
    DEBRIEFED = "debriefed"
    STOOD_DOWN = "stood_down"


class TeamState(StrEnum):
    """States of a team, in the words of a status board."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    UNAVAILABLE = "unavailable"
    OUT_OF_SERVICE = "out_of_service"


class AssetState(StrEnum):
    """States of a piece of kit (domain 1.3)."""

    AVAILABLE = "available"
    DEPLOYED = "deployed"
    DEGRADED = "degraded"
    OUT_OF_SERVICE = "out_of_service"


class EntryKind(StrEnum):
    """Kinds of entries in the log of a deployment."""

    MOVED = "moved"
    CHECKED_IN = "checked_in"
    HANDOVER = "handover"


ON_DUTY = (DeploymentState.ON_SITE, DeploymentState.OFFLINE)
"""States of a team at the place."""

BOUND = (DeploymentState.REQUESTED, DeploymentState.APPROVED, DeploymentState.MOBILISING, *ON_DUTY)
"""States in which the deployment binds its team."""
