"""The elements of the pages of data protection, and their forms."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.steps import StepIds
from operations.data_protection import requests

FORM = DraftForm("data-request", requests.RequestDraft)
SEARCH = DraftForm("data-search", requests.SearchDraft)
EXTEND = DraftForm("data-extend", requests.ExtensionDraft)
STEPS = StepIds("data-request")
DECISIONS = StepIds("data-copy")
KEPT_HREF = "/data-protection/kept"
CERTIFICATE = "/export/data-protection/erased.pdf"


def paper(request_id: object) -> str:
    """Where the record of a request is, as PDF."""
    return f"/export/data-request/{request_id}/answer.pdf"


class Ids(StrEnum):
    """The elements of these pages."""

    LIST = "data-list"
    WAITING = "data-waiting"
    RECEIVE = "data-receive"
    ENDING = "data-ending"
    ERASED = "data-erased"
    SHOWN = "data-shown"
    ABOUT = "data-about"
    COPIES = "data-copies"
    FORMS = "data-forms"
    LOOK = "data-look"
    LATER = "data-later"
