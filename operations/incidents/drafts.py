"""Drafts of a serious incident: the report, additions, and changes of its handler and readers."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Draft, Heading, Moment, NeededWords, Words, rule
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import Country, InList

LONGEST_GRANT = 30
"""Maximum duration of a grant in days."""

_BACKWARDS = rule("incident_times", "The incident cannot be noticed before it happened. Check the two times.")
_HALF = rule("incident_position", "Give both latitude and longitude, or neither.")
_NOWHERE = rule("incident_no_position", "Give the correct position: latitude and longitude.")
Latitude = Annotated[float | None, Rule(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float | None, Rule(ge=-180, le=180, allow_inf_nan=False)]
Harmed = Annotated[int, Rule(ge=0, le=100_000)]


def _whole(position: Any) -> None:
    if (position.lat is None) is not (position.lon is None):
        raise PydanticCustomError(_HALF, "half a position", {FIELD: "lat" if position.lat is None else "lon"})


class IncidentDraft(Draft):
    """Draft of a report, by a witness."""

    id: UUID
    operation_id: Annotated[UUID, Label(N_("Operation"))]
    channel: Annotated[
        Literal["normal", "exceptional"],
        Label(
            N_("Channel"),
            N_(
                "Either goes to the fundamental rights officer alone. The exceptional one also keeps all who command "
                "the operation from ever reading it."
            ),
            draws="few",
            choices={"normal": N_("Normal"), "exceptional": N_("Exceptional: past my own chain of command")},
        ),
    ] = "normal"
    category: Annotated[str, InList("CL-INCIDENT"), Label(N_("Category"))]
    concerns: Annotated[
        Country, Label(N_("Country that it concerns"), N_("Whose officers or authorities it is about."))
    ]
    concerned: Annotated[
        tuple[UUID, ...],
        Rule(max_length=20),
        Label(N_("Officers it is about"), N_("They will never handle or read it, in any role."), draws="several"),
    ] = ()
    occurred_at: Annotated[
        Moment, Label(N_("It happened"), parts=(N_("It happened: day (UTC)"), N_("It happened: time (UTC)")))
    ]
    detected_at: Annotated[
        Moment, Label(N_("It was noticed"), parts=(N_("It was noticed: day (UTC)"), N_("It was noticed: time (UTC)")))
    ]
    place: Annotated[Heading, Label(N_("Place"))]
    lat: Annotated[Latitude, Label(N_("Latitude"), step=0.0001)] = None
    lon: Annotated[Longitude, Label(N_("Longitude"), step=0.0001)] = None
    in_area: Annotated[bool, Label(N_("Inside the operational area"))] = True
    force: Annotated[bool, Label(N_("Force was used"))] = False
    dead: Annotated[Harmed, Label(N_("Dead"))] = 0
    injured: Annotated[Harmed, Label(N_("Injured"))] = 0
    missing: Annotated[Harmed, Label(N_("Missing"))] = 0
    facts: Annotated[
        NeededWords,
        Label(N_("Facts"), N_("What you saw or heard. No names, birth dates or documents of people.")),
    ]
    allegations: Annotated[Words, Label(N_("Allegations"), N_("What others say happened: kept apart from facts."))] = ""
    measures: Annotated[Words, Label(N_("Measures taken"))] = ""
    resources: Annotated[Words, Label(N_("Resources involved"), N_("Boats, vehicles, aircraft, units."))] = ""

    @model_validator(mode="after")
    def _together(self) -> "IncidentDraft":
        if self.detected_at < self.occurred_at:
            raise PydanticCustomError(_BACKWARDS, "backwards", {FIELD: "detected_at"})
        _whole(self)
        return self


class VersionDraft(Draft):
    """Draft of a later version of a file; earlier ones stay."""

    id: UUID
    about: Annotated[str, InList("CL-INCIDENTABOUT"), Label(N_("What it is"))]
    words: Annotated[NeededWords, Label(N_("In words"), N_("No names, birth dates or documents of people."))]
    lat: Annotated[Latitude, Label(N_("Latitude"), step=0.0001, when=("about", "position"))] = None
    lon: Annotated[Longitude, Label(N_("Longitude"), step=0.0001, when=("about", "position"))] = None

    @model_validator(mode="after")
    def _placed(self) -> "VersionDraft":
        _whole(self)
        if self.about == "position" and self.lat is None:
            raise PydanticCustomError(_NOWHERE, "no position", {FIELD: "lat"})
        return self


class HandOverDraft(Draft):
    """Draft of a handover to another handler."""

    handler: Annotated[UUID, Label(N_("New handler"))]
    reason: Annotated[NeededWords, Label(N_("Why it is handed over"))]


class GrantDraft(Draft):
    """Draft of a grant: somebody may read a file for some days."""

    id: UUID
    account_id: Annotated[UUID, Label(N_("Who may read it"))]
    days: Annotated[int, Rule(ge=1, le=LONGEST_GRANT), Label(N_("For how many days"))] = 3
    reason: Annotated[NeededWords, Label(N_("Why it is needed"))]


class AdditionDraft(VersionDraft):
    """Draft of a reporter's addition: facts, or a corrected position."""

    about: Annotated[
        Literal["facts", "position"],
        Label(
            N_("What it is"),
            N_("What you wrote first stays as it is: this stands beside it, with your name and the time."),
            draws="few",
            choices={"facts": N_("Facts"), "position": N_("Position")},
        ),
    ] = "facts"


class TakeOverDraft(Draft):
    """Draft of a takeover, with its reason."""

    reason: Annotated[NeededWords, Label(N_("Why you take it over"))]
