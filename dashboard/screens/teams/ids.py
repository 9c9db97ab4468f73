"""Element ids of the teams page."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids shared by the files of the teams page."""

    ORIGIN = "teams-origin"
    CHOSEN = "teams-chosen"
    FIGURES = "teams-figures"
    ALARM = "teams-alarm"
    LIST = "teams-list"
    VIEW = "teams-view"
    STATUS = "teams-status"
    ASK = "teams-ask"
    ASKING = "teams-asking"
    GRID = "teams-grid"
    DETAILS = "teams-details"
    TEAM_FORM = "teams-team-form"
    ADDING = "teams-adding"
    TEAM_SAVE = "teams-team-save"
    TEAM_NEW = "teams-team-new"
    TEAM = "teams-team-id"
    TURN = "teams-turn"
    CLOCK = "teams-clock"
