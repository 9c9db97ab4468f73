"""The elements of the pages of serious incidents, and their forms."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.parts.steps import StepIds
from operations.incidents import incidents as verbs

FORM = DraftForm("incident", verbs.IncidentDraft)
VERSION = DraftForm("incident-version", verbs.VersionDraft).wire()
HAND = DraftForm("incident-hand", verbs.HandOverDraft)
GRANT = DraftForm("incident-grant", verbs.GrantDraft)
RESTRICT = Form("incident-restrict")
STEPS = StepIds("incident")


class Ids(StrEnum):
    """The elements of these pages."""

    REPORT = "incident-report"
    HANDLED = "incident-handled"
    SUMS = "incident-sums"
    LIST = "incident-list"
    OWN = "incident-own"
    SEND = "incident-send"
    RESTRICTED = "incident-restricted"
    HIDE = "incident-hide"
    SHOWN = "incident-shown"
    FILE = "incident-file"
    WHY = "incident-why"
    CONTENT = "incident-content"
    LOG = "incident-log"
    FORMS = "incident-forms"
    WRITE = "incident-write"
    HAND_OVER = "incident-hand-over"
    ALLOW = "incident-allow"
