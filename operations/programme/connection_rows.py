"""Tables of connection plans: the question, its input data, the worker's result, and the adoption.

The input (costs, traffic, gaps) is stored as of the question: a plan is read with the data that it was made from,
whatever is assessed later. Countries see none of it; what is adopted reaches each as a link of its own post.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, model_validator
from pydantic import Field as Rule
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, Index, false, true
from sqlmodel import Field

from operations.core import jobs, journal, pulse
from operations.core.clock import UtcDateTime
from operations.core.drafts import FIELD, Draft, rule
from operations.core.field_labels import N_, Label
from operations.core.people import Actor, System
from operations.core.permissions import Act, may
from operations.core.store import scoped
from operations.core.vocabulary import InList
from operations.posts.register import CENTRE

COSTS = ("connectivity", "power", "information_systems", "equipment")
"""The areas whose measures connect a post, by default."""


class ConnectionPlan(jobs.Job, table=True):
    """One question of which posts to connect. `basis` holds the candidate posts, and why others are excluded.

    `result` is {} until a worker has finished. `adopted` is the part of it that became links, {} while there is none.
    """

    __tablename__ = "connection_plan"
    __table_args__ = (
        *jobs.checks(),
        Index("ix_connection_plan_due", "state", "lease_until"),
        CheckConstraint("(adopted_at IS NULL) = (adopted_by IS NULL)", name="adopted_by_somebody"),
        CheckConstraint("adopted_at IS NULL OR state = 'done'", name="adopted_when_done"),
    )
    question: dict[str, Any] = Field(sa_type=JSON)
    basis: dict[str, Any] = Field(sa_type=JSON)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    author_name: str = Field(max_length=120)
    adopted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    adopted_by: UUID | None = None
    adopted_name: str = Field(default="", max_length=120)
    adopted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def _of_the_centre(actor: Actor) -> Any:
    return true() if may(actor, Act.CONNECT_READ) and actor.only is None else false()


scoped(ConnectionPlan)(_of_the_centre)
KIND = "connection plan"
journal.need_to_know(
    KIND, seen=_of_the_centre, countries=lambda _session, _id, _country: frozenset(), roles=frozenset(CENTRE)
)


def record(session: Any, by: Actor | System, act: str, of: ConnectionPlan, **detail: Any) -> None:
    """Journal a change of a plan; its audience is the centre."""
    journal.record(session, by, act, KIND, of.id, audience=pulse.centre(*CENTRE), **detail)


# ---------------------------------------------------------------------------------------------------- drafts

_COSTLESS = rule("no_costs", "Choose the areas whose costs count: at least one.")
_FLOORLESS = rule("no_floor", "Say how many posts each country is to have, or leave this switch off.")


_NO_CURRENCY = rule("no_currency", "Give the currency by its three letters, such as EUR.")


def _three_letters(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise PydanticCustomError(_NO_CURRENCY, "no currency")
    return text


class ConnectDraft(Draft):
    """Draft of the question: the budget, the criteria, and the shares of countries."""

    id: UUID
    budget: Annotated[
        int, Rule(ge=1, le=1_000_000_000_000), Label(N_("Budget"), N_("What all connections together may cost."))
    ]
    currency: Annotated[
        str,
        AfterValidator(_three_letters),
        Label(
            N_("Currency"), N_("Costs in another one are not compared."), draws="text", start="EUR", placeholder="EUR"
        ),
    ]
    areas: Annotated[
        tuple[Annotated[str, InList("CL-NEEDAREA")], ...],
        Label(N_("Costs that count"), N_("Of the measures that assessments propose in these areas.")),
    ] = COSTS
    traffic: Annotated[
        int,
        Rule(ge=0, le=100),
        Label(N_("Weight of traffic, in %"), N_("The rest is the weight of gaps: 0 looks at gaps alone.")),
    ] = 50
    works: Annotated[bool, Label(N_("Connect posts that need works first, too"))] = True
    share: Annotated[
        int, Rule(ge=1, le=100), Label(N_("Most for one country, in % of the budget"), N_("100: no limit."))
    ] = 100
    floor: Annotated[
        int,
        Rule(ge=0, le=50),
        Label(N_("Posts in every country, at least"), N_("0: none. A country with fewer gets all of its own.")),
    ] = 0
    widest: Annotated[bool, Label(N_("Where that costs too much: in as many countries as possible"))] = False

    @model_validator(mode="after")
    def _together(self) -> "ConnectDraft":
        if not self.areas:
            raise PydanticCustomError(_COSTLESS, "no costs", {FIELD: "areas"})
        if self.widest and not self.floor:
            raise PydanticCustomError(_FLOORLESS, "no floor", {FIELD: "floor"})
        return self


class AdoptDraft(Draft):
    """Draft of the adoption: the properties of a plan's links."""

    choice: Annotated[
        int,
        Rule(ge=0, le=3),
        Label(
            N_("Which plan"),
            draws="one",
            start="0",
            choices={
                "0": N_("The best one"),
                "1": N_("Alternative 1"),
                "2": N_("Alternative 2"),
                "3": N_("Alternative 3"),
            },
        ),
    ] = 0
    technology: Annotated[
        str,
        InList("CL-CONNECTIVITY"),
        Label(N_("Technology where none is known"), N_("Elsewhere it is that of the network which the post has.")),
    ] = "satellite"
    hours: Annotated[int, Rule(ge=1, le=24), Label(N_("Hours a day it is to work"))] = 24
    promised: Annotated[date, Label(N_("Promised for"))]
