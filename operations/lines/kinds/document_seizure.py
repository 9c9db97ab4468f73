"""Documents seized."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import Country, InList, LineKind
from operations.lines.line import By, Counted, Some


class DocumentSeizure(Counted):
    """Travel or identity documents seized, by type, kind of fraud and issuing country."""

    TITLE: ClassVar[str] = N_("Documents seized")
    ADD: ClassVar[str] = N_("Add documents")
    UNIT: ClassVar[str] = "document"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.DOCUMENT_SEIZURE] = LineKind.DOCUMENT_SEIZURE
    count: Annotated[Some, Said(N_("Documents"))]
    doc_type: Annotated[str, InList("CL-DOCTYPE"), Said(N_("Type of document"), start="passport"), By()]
    fraud_kind: Annotated[str, InList("CL-FRAUDKIND"), Said(N_("Kind of fraud"), start="counterfeit"), By("status")]
    issuing_country: Annotated[Country | None, Said(N_("Issuing country")), By()] = None
