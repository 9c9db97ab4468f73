"""Element ids of the fugitives page."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids of the fugitives page."""

    CHOSEN = "fugitives-chosen"
    OPENED = "fugitives-opened"
    WHY = "fugitives-why"
    NUMBERS = "fugitives-numbers"
    DUE = "fugitives-due"
    CHECK_ALL = "fugitives-check-all"
    ACCEPT_CHOSEN = "fugitives-accept-chosen"
    ANSWER_CHOSEN = "fugitives-answer-chosen"
    REVIEW_CHOSEN = "fugitives-review-chosen"
    VALID_CHOSEN = "fugitives-valid-chosen"
    ASK_CHOSEN = "fugitives-ask-chosen"
    BOARD = "fugitives-board"
    GRID = "fugitives-grid"
    ROWS = "fugitives-rows"
    MAPPED = "fugitives-mapped"
    CASE = "fugitives-case"
    ASKING = "fugitives-asking"
    FINDING = "fugitives-finding"
    AMENDING = "fugitives-amending"
    FACTS = "fugitives-facts"
    COUNTRIES = "fugitives-countries"
    FIGURES = "fugitives-figures"
    APPEALS = "fugitives-appeals"
    FREEZE = "fugitives-freeze"
    NOMINATE = "fugitives-nominate"


MAP = "fugitives-map"
CASES = "cases"
"""The live part for readers of cases; the page of sums lacks it, so that nothing polls there."""
