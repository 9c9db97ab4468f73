"""Element ids and form definitions of the data protection pages."""

from enum import StrEnum

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.steps import StepIds
from dashboard.wording import _
from operations.data_protection import requests

FORM = DraftForm("data-request", requests.SubjectRequestDraft)
SEARCH = DraftForm("data-search", requests.SearchDraft)
EXTEND = DraftForm("data-extend", requests.ExtensionDraft)
STEPS = StepIds("data-request")
DECISIONS = StepIds("data-copy")
KEPT_HREF = "/data-protection/kept"
CERTIFICATE = "/export/data-protection/erased.pdf"


def asked_words(code: str) -> str:
    """Return the label of the right that a person exercises."""
    return _((FORM.said["asked"].choices or {})[code])


class Ids(StrEnum):
    """Element ids of the data protection pages."""

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
