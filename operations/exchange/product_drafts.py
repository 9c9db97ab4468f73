"""Drafts of intelligence products: requests, products, further recipients, and their use."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule

from operations.core.drafts import Draft, Heading, NeededWords, Prose, Words
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import Handling
from operations.core.vocabulary import Classification, Country, InList
from operations.support.network import Graded


class ProductRequestDraft(Draft):
    """Draft of a request to the coordination's analysts."""

    id: UUID
    operation_id: Annotated[UUID, Label(N_("Operation"), draws="one")]
    question: Annotated[NeededWords, Label(N_("Question"), N_("What is to be found out. No names of persons."))]
    purpose: Annotated[
        NeededWords, Label(N_("What for"), N_("Countries whose information is used read it, unless it is H2 or H3."))
    ]
    due: Annotated[date, Label(N_("Wanted until"))]
    handling: Handling = "h0"
    classification: Annotated[Classification, Label(N_("Classification"), listed="CL-CLASS")] = (
        Classification.FOR_OFFICIAL_USE
    )


class Recipients(Draft):
    """Recipients of a product."""

    countries: Annotated[
        tuple[Country, ...], Rule(max_length=50), Label(N_("Countries"), N_("Beside whoever asked."), draws="several")
    ] = ()
    partners: Annotated[
        tuple[Annotated[str, InList("CL-PARTNER")], ...],
        Rule(max_length=20),
        Label(N_("Partner organisations"), N_("Those that are admitted to see products."), draws="several"),
    ] = ()

    @property
    def named(self) -> list[str]:
        """All recipients, each once."""
        return list(dict.fromkeys([*self.countries, *self.partners]))


class ProductDraft(Graded, Recipients):
    """Draft of a product: text, markings, originators, and recipients."""

    id: UUID
    title: Annotated[
        Heading,
        Label(N_("Subject"), N_("Whose information is in it reads this before consenting."), draws="text"),
    ]
    body: Annotated[Prose, Rule(min_length=1), Label(N_("Product"), N_("What is known. No names of persons."))]
    originators: Annotated[
        tuple[Country, ...],
        Rule(max_length=50),
        Label(
            N_("Holds information of"),
            N_("If it is H2 or H3, each of these countries consents before anybody else has it."),
            draws="several",
        ),
    ] = ()
    classification: Annotated[Classification, Label(N_("Classification"), listed="CL-CLASS")] = (
        Classification.FOR_OFFICIAL_USE
    )


class ProductShareDraft(Recipients):
    """Draft of a share: further recipients of a product."""

    purpose: Annotated[NeededWords, Label(N_("What for"), N_("Its originators read it before they consent."))]


class UseDraft(Draft):
    """Draft of a product's use."""

    led_to: Annotated[str, InList("CL-PRODUCTUSE"), Label(N_("What it led to"))]
    outcome: Annotated[Words, Label(N_("In words"), N_("No names of persons."))] = ""
