"""What is typed of intelligence products: a question, a product, who else is to have it, and what it led to."""

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
    """A question to the coordination's analysts."""

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
    """Who is to have a product."""

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
        """All of them, each once."""
        return list(dict.fromkeys([*self.countries, *self.partners]))


class ProductDraft(Graded, Recipients):
    """The product: what is known, with its marks, whose information it holds and who may have it."""

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
    """Others are to have a product too."""

    purpose: Annotated[NeededWords, Label(N_("What for"), N_("Its originators read it before they consent."))]


class UseDraft(Draft):
    """What became of a product."""

    led_to: Annotated[str, InList("CL-PRODUCTUSE"), Label(N_("What it led to"))]
    outcome: Annotated[Words, Label(N_("In words"), N_("No names of persons."))] = ""
