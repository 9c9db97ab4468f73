"""Lines of document seizures."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import Country, InList, LineKind
from operations.lines.line import BreakdownField, QuantityLine, Some


class DocumentSeizure(QuantityLine):
    """Travel or identity documents seized, by type, kind of fraud and issuing country."""

    TITLE: ClassVar[str] = N_("Documents seized")
    ADD: ClassVar[str] = N_("Add documents")
    UNIT: ClassVar[str] = "document"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.DOCUMENT_SEIZURE] = LineKind.DOCUMENT_SEIZURE
    count: Annotated[Some, Label(N_("Documents"))]
    doc_type: Annotated[str, InList("CL-DOCTYPE"), Label(N_("Type of document"), start="unknown"), BreakdownField()]
    fraud_kind: Annotated[
        str, InList("CL-FRAUDKIND"), Label(N_("Kind of fraud"), start="unknown"), BreakdownField("status")
    ]
    issuing_country: Annotated[Country | None, Label(N_("Issuing country")), BreakdownField()] = None
