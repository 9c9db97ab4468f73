"""Lines of protection referrals: persons who needed protection, and the outcome."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Age, BreakdownField, Minors, QuantityLine, Sex, Some


class ProtectionReferral(QuantityLine):
    """Persons who needed a service, to which they were referred, and its answer: referred is not accepted.

    Persons who declined are counted apart; nobody is counted for being refused twice.
    """

    TITLE: ClassVar[str] = N_("Protection referrals")
    ADD: ClassVar[str] = N_("Add a referral")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.PROTECTION_REFERRAL] = LineKind.PROTECTION_REFERRAL
    persons: Annotated[Some, Label(N_("Persons in need of protection"))]
    need_of: Annotated[
        str, InList("CL-REFERREDAS"), Label(N_("Who they are"), start="unknown"), BreakdownField("entity")
    ]
    service: Annotated[str, InList("CL-SERVICE"), Label(N_("Referred to"), start="unknown"), BreakdownField()]
    answer: Annotated[
        str, InList("CL-REFERRAL"), Label(N_("Answer of the service"), start="unknown"), BreakdownField("status")
    ]
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0
