"""Element ids and form definitions of the pages of serious incidents."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.parts.steps import StepIds
from operations.core.field_labels import N_, Label
from operations.incidents import drafts

FORM = DraftForm("incident", drafts.IncidentDraft)
VERSION = DraftForm("incident-version", drafts.VersionDraft).wire()
HAND = DraftForm("incident-hand", drafts.HandOverDraft)
GRANT = DraftForm("incident-grant", drafts.GrantDraft)
RESTRICT = Form("incident-restrict")
ADD = DraftForm(
    "incident-add", drafts.AdditionDraft, first=("of",), beside={"of": Label(N_("Which report"), draws="one")}
).wire()
TAKE = DraftForm("incident-take", drafts.TakeOverDraft)
STEPS = StepIds("incident")


class Ids(StrEnum):
    """Element ids of the pages of serious incidents."""

    REPORT = "incident-report"
    HANDLED = "incident-handled"
    SUMS = "incident-sums"
    LIST = "incident-list"
    OWN = "incident-own"
    ADDING = "incident-adding"
    ADD = "incident-add-send"
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
    TAKE_OVER = "incident-take-over"
    HANDLER = "incident-handler"
