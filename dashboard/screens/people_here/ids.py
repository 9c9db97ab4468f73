"""Element ids of the staff page."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from operations.policing.map_plan.postings import PostingDraft
from operations.policing.map_plan.unit_postings import UnitPostingDraft
from operations.policing.operation.staff import AssignmentChange, AssignmentDraft
from operations.policing.operation.working_days import WorkingDays


class Ids(StrEnum):
    """Element ids of this page."""

    CENTRE = "people-centre"
    COUNTRIES = "people-countries"
    NAMED = "people-named"
    ASSIGN = "people-assign"
    POST = "people-post"
    TRAINED = "people-trained"
    CHOOSE = "people-choose-trained"
    POST_UNIT = "people-post-unit"
    UNIT_FORM = "people-unit-form"
    END_UNIT = "people-end-unit"
    END_ASSIGNMENT = "people-end-assignment"
    END_POSTING = "people-end-posting"
    CHANGED = "people-changed"
    SEEN = "people-seen"
    SAVE_ASSIGNMENT = "people-save-assignment"
    SAVE_POSTING = "people-save-posting"


ASSIGN = DraftForm("assign", AssignmentDraft, first=("people", "countries", "first_day", "last_day"))
POST = DraftForm("post", PostingDraft, first=("people", "sites"))
POST_UNIT = DraftForm("post-unit", UnitPostingDraft, first=("people", "seat"))
ASSIGNMENT = DraftForm("assignment", AssignmentChange)
POSTING = DraftForm("posting", WorkingDays)
