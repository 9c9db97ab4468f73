"""Key figures of seizures and cases: documents, goods, investigations, groups and notices."""

from operations.catalogue.definition import CountFigure, Definition, UnitFigure
from operations.catalogue.kpis.numbering import numbered
from operations.catalogue.line_selection import LineSelection
from operations.core.vocabulary import LineKind, codes

_TRANSPORT = frozenset({"vehicle", "vessel", "aircraft"})
_TAKEN = frozenset({"seized", "recovered"})
_MONEY = frozenset(codes("CL-CURRENCY"))
_GOODS = frozenset(codes("CL-COMMODITY")) - _TRANSPORT
_AMOUNTS = frozenset(codes("CL-MEASURE")) - {"money"}


class SeizureKpis:
    """The figures of this group, by number."""

    DOCUMENTS = numbered("K23")
    VEHICLES = numbered("K24")
    ASSETS = numbered("K25")
    GOODS = numbered("K26")
    INVESTIGATIONS = numbered("K27")
    GROUPS = numbered("K28")
    NOTICES = numbered("K29")


DECLARED = (
    Definition(
        SeizureKpis.DOCUMENTS,
        "Documents seized",
        "documents",
        "Sum of travel and identity documents seized.",
        "Some operations publish persons with false documents instead. A document is not a person.",
        "S21 S70",
        CountFigure(LineSelection(LineKind.DOCUMENT_SEIZURE)),
        reported=True,
        split=("fraud_kind", "CL-FRAUDKIND"),
        quote="So many documents were seized.",
        misquote="So many persons travelled with false documents.",
    ),
    Definition(
        SeizureKpis.VEHICLES,
        "Vehicles, vessels, aircraft",
        "pieces",
        "Sum of vehicles, vessels and aircraft seized or recovered as stolen.",
        "Seized and recovered are told apart: press sentences mix them. Frozen is in neither.",
        "S42 S46",
        CountFigure(
            LineSelection(LineKind.SEIZURE, where={"commodity": _TRANSPORT, "unit": {"piece"}, "action": _TAKEN})
        ),
        reported=True,
        split=("action", "CL-SEIZED"),
        quote="So many were seized or recovered as stolen, each told apart.",
        misquote="So many stolen vehicles were recovered.",
    ),
    Definition(
        SeizureKpis.ASSETS,
        "Cash and assets",
        "money",
        "Sum of amounts of money by currency; frozen apart from seized.",
        "Currencies are never added up, a freeze is no seizure, and the turnover of a network is neither.",
        "S29 S42 S56 S70",
        UnitFigure(LineSelection(LineKind.SEIZURE, where={"unit": _MONEY}), "action", "CL-SEIZED"),
        reported=True,
        quote="So much was seized in this currency, and so much frozen.",
        misquote="The network lost so much, in one currency.",
    ),
    Definition(
        SeizureKpis.GOODS,
        "Drugs, firearms and other goods",
        "goods",
        "Sum of goods seized, by what they are and by unit.",
        "Kilograms and pieces are never added up; estimated street values are not taken.",
        "S46 S54",
        UnitFigure(
            LineSelection(LineKind.SEIZURE, where={"commodity": _GOODS, "unit": _AMOUNTS}), "commodity", "CL-COMMODITY"
        ),
        reported=True,
        quote="So much was seized of this kind, in this unit.",
        misquote="The goods were worth so much.",
    ),
    Definition(
        SeizureKpis.INVESTIGATIONS,
        "New investigations",
        "cases opened",
        "Sum of investigations opened, where files that are agreed to be of one case count as one.",
        "A transnational case that three countries opened is 1 case and 3 national files: both are shown. That it is "
        "the same is found by its reference alone.",
        "S21 S25 S40 S59",
        CountFigure(LineSelection(LineKind.INVESTIGATION)),
        reported=True,
        split=("reach", "CL-REACH"),
        files="national files: {count}",
        quote="So many investigations were opened.",
        misquote="So many cases will reach a court.",
    ),
    Definition(
        SeizureKpis.GROUPS,
        "Groups dismantled",
        "groups",
        "Sum of criminal groups that work no longer.",
        "Each country names its own cell of one network. Groups that were disrupted are not counted.",
        "S21 S69",
        CountFigure(LineSelection(LineKind.GROUP, where={"grade": {"dismantled"}})),
        reported=True,
        quote="Countries say of so many groups that they work no longer.",
        misquote="So many networks are gone: two cells may be of one.",
    ),
    Definition(
        SeizureKpis.NOTICES,
        "Notices published",
        "notices",
        "Sum of notices and diffusions that were published.",
        "Requested is not published: a legal review lies between. Those requested are shown beside it.",
        "S31 S62",
        CountFigure(
            LineSelection(LineKind.NOTICE, where={"action": {"published"}}),
            pending=LineSelection(LineKind.NOTICE, where={"action": {"requested"}}),
        ),
        reported=True,
        split=("colour", "CL-NOTICE"),
        quote="So many notices and diffusions were published.",
        misquote="So many persons are wanted.",
    ),
)
