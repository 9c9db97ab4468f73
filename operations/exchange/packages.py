"""Packages for partner organisations: the current content of an operation that an admission lists, and nothing else.

Each kind of content is one row of `CONTENT`, read only where the list names it. The page for the coordination and
countries, and the package for the partner, use the same rows; each reader sees only rows that the reader may know.
Content that a country withholds from the partner is in neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.catalogue.kpis import Kpi
from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import RuleBroken
from operations.core.handling_codes import may_leave
from operations.core.journal import Chain
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unfenced
from operations.core.vocabulary import Classification, Level
from operations.exchange import partners
from operations.exchange.partner_rows import Admission, AdmissionState, Sees
from operations.exchange.product_rows import Product, holds_product
from operations.policing.operation import oplan, plan, withholding
from operations.policing.operation.oplan_rows import OplanSection
from operations.results.disclosed_figures import APART, BY_COUNTRY, MISSING, TOTAL
from operations.results.restatements import Restated, since_edition_before
from operations.results.snapshot_rows import OUTSIDE, Snapshot, SnapshotFigure, figures_of, newest_published


@dataclass
class Package:
    """The content that an admission currently shows to its partner.

    Empty fields are not on its list, or have no content.
    """

    admission: Admission
    operation: plan.Operation
    withheld: frozenset[str]
    stands: bool
    countries: list[str] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    sections: list[OplanSection] = field(default_factory=list)
    snapshot: Snapshot | None = None
    figures: Sequence[SnapshotFigure] = ()
    restated: Mapping[Kpi, Restated] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)

    @property
    def marking(self) -> Classification:
        """The highest marking of its content."""
        own = [self.operation.classification] if self.admission.cleared(self.operation.classification) else []
        marks = [*own, *(each.classification for each in self.products)]
        return max(map(Classification, marks), key=lambda each: each.rank, default=Classification.FOR_OFFICIAL_USE)


def _operation(session: Session, made: Package) -> None:
    """Add the operation's period, and the countries that take part and do not withhold from the partner."""
    taking = [each for each in plan.participations(session, made.operation.id) if each.state in plan.TAKING_PART]
    made.countries = sorted(each.country for each in taking if each.country not in made.withheld)
    if phases := plan.phases(session, made.operation.id):
        zone = made.operation.zone
        made.first = official_day(min(each.starts for each in phases), zone)
        made.last = official_day(max(each.ends for each in phases), zone)


def _plan(session: Session, made: Package) -> None:
    """Add the named sections of the plan in force."""
    version = oplan.in_force(session, made.operation.id)
    found = oplan.sections_of(session, version) if version else {}
    made.sections = [each for code, each in found.items() if code in made.admission.sections]


def _figures(session: Session, made: Package) -> None:
    """Add published figures as released outside.

    By country only where no country withholds, since sums would disclose its figures.
    """
    found = newest_published(session, made.operation.id)
    if found is None or (found.embargo is not None and found.embargo > now()):
        return
    told = (TOTAL, APART, MISSING) if made.withheld else (TOTAL, APART, MISSING, BY_COUNTRY)
    made.snapshot, made.restated = found, since_edition_before(session, found, made.operation)
    made.figures = [each for each in figures_of(session, found.id, OUTSIDE) if each.dimension in told]


def _products(session: Session, made: Package) -> None:
    """Add the products addressed to the partner, with consent of their originators, that may leave Muster."""
    query = select(Product).where(
        Product.operation_id == made.operation.id,
        holds_product(Product.id, made.admission.partner),
        col(Product.erased_at).is_(None),
    )
    found = session.exec(query.order_by(col(Product.made_at))).all()
    made.products = [each for each in found if may_leave(each.handling) and made.admission.cleared(each.classification)]


CONTENT: Mapping[Sees, Callable[[Session, Package], None]] = MappingProxyType(
    {Sees.OPERATION: _operation, Sees.PLAN: _plan, Sees.FIGURES: _figures, Sees.PRODUCTS: _products}
)
"""The readers of each kind of content that a partner can be shown."""
_ITS_OWN = frozenset({Sees.OPERATION, Sees.PLAN, Sees.FIGURES})
"""Kinds of content that have the operation's marking."""


def package(session: Session, admission_id: UUID, by: Actor) -> Package:
    """Return the content that the partner of an admission sees now, or would see once admitted, as far as `by` may know
    it.

    Raises NotFound.
    """
    admitted = partners.admission(session, admission_id)
    operation = plan.operation(session, admitted.operation_id, by)
    require(by, Act.PARTNER_READ, plan.subject(operation))
    with unfenced(session):
        withheld = withholding.withheld_from(session, operation.id, admitted.partner)
    made = Package(admitted, operation, withheld, admitted.stands(official_day(now(), operation.zone)))
    if not made.stands and admitted.state != AdmissionState.PROPOSED:
        return made
    for kind, read in CONTENT.items():
        if kind in admitted.sees and (kind not in _ITS_OWN or admitted.cleared(operation.classification)):
            read(session, made)
    return made


def hand_over(session: Session, admission_id: UUID, by: Actor, ending: str) -> Package:
    """Return the package for the partner, recorded in the access trail as a disclosure.

    Raises RuleBroken while it is not admitted, and NotPermitted.
    """
    made = package(session, admission_id, by)
    require(by, Act.OPERATION_EXPORT, plan.subject(made.operation))
    if not made.stands:
        raise RuleBroken("", "This partner is not admitted today. It can see nothing.")
    codes = sorted({each.handling for each in made.products})
    told = made.snapshot
    figures: dict[str, Any] = (
        {}
        if told is None
        else {
            "level": Level(told.level).name,
            "entry": told.entry,
            "known": journal.pulse(session),
        }
    )
    journal.record(
        session,
        by,
        "partner.package",
        "export",
        made.admission.id,
        operation=made.operation.id,
        chain=Chain.ACCESS,
        recipients=[str(by.account_id)],
        partner=made.admission.partner,
        format=ending,
        sees=list(made.admission.sees),
        products=[str(each.id) for each in made.products],
        handling=" ".join(codes),
        **figures,
    )
    return made
