"""Element ids and form definitions of the people page."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from operations.core.account_admin import ChangeDraft
from operations.core.invitations import InvitationDraft

INVITE, CHANGE = Form("people-invite", InvitationDraft), DraftForm("people-change", ChangeDraft)
MANY, COUNTRY = Form("people-many"), Form("people-country")
INVITE_FIELDS = ("name", "role", "country", "unit", "clearance", "language", "last_day", "username", "mail", "reason")


CHANGED = ("role", "country", "unit", "clearance", "last_day")
"""What a change changes: all but its reason."""


class Ids(StrEnum):
    """Element ids of this page."""

    GRID = "people-grid"
    TURN = "people-turn"
    PANEL = "people-panel"
    ACT = "people-act"
    WHY = "people-why"
    BIND = "people-bind"
    SUBJECT = "people-subject"
    CHANGING = "people-changing"
    OF = "people-of"
    SEEN = "people-seen"
    SAVE = "people-save"
    LINK = "people-link"
    EMERGENCY = "people-emergency"
    INVITE = "people-invite-send"
    READ = "people-many-read"
    FOUND = "people-many-found"
    WORKBOOK = "people-many-workbook"
    WORKBOOK_READ = "people-many-workbook-read"
    WORKBOOK_NAME = "people-many-workbook-name"
    BATCH = "people-many-batch"
    SEND = "people-many-send"
    FILE = "people-many-file"
    FORM = "people-many-form"
    FORM_FILE = "people-many-form-file"
    WAITING = "people-waiting"
    CONFIRM_ALL = "people-confirm-all"
    SIGN_OUT_COUNTRY = "people-country-sign-out"
    WALLS = "people-walls"
    CLOSE_WALL = "people-close-wall"
    CLOSE_COUNTRY = "people-country-close"
