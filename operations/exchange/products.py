"""Intelligence products: requested, accepted by an analyst of the coordination, written, shared, and used.

Nothing is copied: all recipients read the same row. Its originators decide on recipients where the product is marked H2
or H3, and where they withhold from a recipient.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import proof, rows, state_machine, state_tables
from operations.core.clock import now
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.field_labels import N_
from operations.core.handling_codes import may_leave, refuse_held
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unfenced, unscoped
from operations.exchange import partners
from operations.exchange.partner_rows import Sees
from operations.exchange.product_drafts import ProductDraft, ProductRequestDraft, ProductShareDraft, UseDraft
from operations.exchange.product_rows import (
    REQUEST,
    REQUESTED,
    RETENTION,
    SHARE,
    Product,
    ProductRequest,
    ProductShare,
    ProductState,
    ProductStep,
    ShareState,
    record,
    side,
    subject,
)
from operations.policing.operation import legal_holds, plan, withholding

_S = ProductState

# ------------------------------------------------------------------------------------------------- questions


def requests(session: Session) -> Sequence[ProductRequest]:
    """Return the requests that the asker may know, newest first."""
    found: Sequence[ProductRequest] = session.exec(
        select(ProductRequest).order_by(col(ProductRequest.made_at).desc(), col(ProductRequest.id))
    ).all()
    return found


def products(session: Session) -> Sequence[Product]:
    """Return the products that the asker has, newest first."""
    query = select(Product).order_by(col(Product.made_at).desc(), col(Product.id))
    found: Sequence[Product] = session.exec(query).all()
    return found


class ProductView(NamedTuple):
    """The asker's view of a product: request, product, and shares, each where visible."""

    request: ProductRequest | None
    product: Product | None
    shares: Sequence[ProductShare]

    @property
    def any(self) -> ProductRequest | Product | ProductShare:
        """The first of them."""
        return self.request or self.product or self.shares[0]


def shown(session: Session, ident: UUID) -> ProductView:
    """Return the view by the id of a request, of a product, or of a share that waits for an originator.

    Raises NotFound.
    """
    request = rows.find(session, ProductRequest, ident)
    same = Product.id == ident if request is None else Product.request_id == request.id
    product = session.exec(select(Product).where(same)).one_or_none()
    if request is None and product is not None:
        request = rows.find(session, ProductRequest, product.request_id)
    if product is not None:
        return ProductView(request, product, shares(session, product.id))
    if request is not None:
        return ProductView(request, None, ())
    return ProductView(None, None, [rows.one(session, ProductShare, ident)])


def shares(session: Session, product_id: UUID | None = None) -> Sequence[ProductShare]:
    """Return the shares of a product that the asker may know; None: of all products."""
    query = select(ProductShare).order_by(col(ProductShare.made_at).desc(), ProductShare.recipient, ProductShare.origin)
    same = query if product_id is None else query.where(ProductShare.product_id == product_id)
    found: Sequence[ProductShare] = session.exec(same).all()
    return found


def share_offers(found: ProductShare, by: Actor) -> list[state_machine.StepOffer[ShareState]]:
    """Return the decisions `by` may make on a share."""
    return SHARE.offers(found, None, by)


def may_write(found: ProductRequest | None, by: Actor) -> bool:
    """Return whether `by` may write the product now."""
    open_ = found is not None and found.state == _S.ACCEPTED and found.written_at is None
    return open_ and may(by, Act.PRODUCT_WORK, subject(found, None))


def may_share(found: Product | None, by: Actor) -> bool:
    """Return whether `by` may share a product now."""
    return found is not None and found.erased_at is None and may(by, Act.PRODUCT_WORK, subject(found, None))


def may_use(found: ProductRequest | None, by: Actor) -> bool:
    """Return whether `by` may record the use of a product now."""
    if found is None or found.erased_at is not None or found.state not in (_S.DELIVERED, _S.RECEIVED):
        return False
    return found.country == side(by) and may(by, Act.PRODUCT_ASK, subject(found, found.country))


# ----------------------------------------------------------------------------------------------------- verbs


def ask(session: Session, draft: ProductRequestDraft, by: Actor) -> ProductRequest:
    """Request a product. Idempotent.

    Raises RuleBroken where the operation has ended, and for a day that is over.
    """
    owner = plan.operation(session, draft.operation_id, by)
    said = draft.model_dump(mode="json", exclude={"id", "operation_id", "due"})
    said |= {"due": datetime.combine(draft.due + timedelta(days=1), time(0), UTC), "operation_id": owner.id}
    said |= {"id": draft.id, "country": side(by)}
    require(by, Act.PRODUCT_ASK, subject(ProductRequest(**said), side(by)))
    if known := REQUESTED.known(session, said):
        return known
    if owner.state in plan.ENDED:
        raise RuleBroken("operation_id", "The operation has ended. You can no longer make requests in it.")
    if draft.due < now().date():
        raise RuleBroken("due", "This day is in the past. Choose a later day.")
    return REQUESTED.write(session, by, "product.ask", said, handling=draft.handling)


def take(session: Session, request_id: UUID, to: ProductState, by: Actor, words: str = "") -> ProductRequest:
    """Accept, refuse or withdraw a request, confirm receipt of the product, or say why it was not used."""
    return REQUESTED.take(session, REQUESTED.hold(session, request_id), to, by, words)


def write(session: Session, request_id: UUID, draft: ProductDraft, by: Actor) -> Product:
    """Write a requested product, and share it with the asker and the named recipients, as far as its originators
    consent.

    Idempotent. Raises RuleBroken for countries that take no part, partners that may not see products, and H2 or H3 for
    partners.
    """
    request = rows.hold(session, ProductRequest, request_id)
    said = draft.model_dump(mode="json", exclude={"id", "countries", "partners", "originators"})
    said |= {"request_id": request_id, "originators": " ".join(dict.fromkeys(draft.originators))}
    require(by, Act.PRODUCT_WORK, Subject(operation=request.operation_id, classification=draft.classification))
    otherwise = Conflict("This product was already written with other content. Reload the page to see it.")
    if known := rows.same_draft(session, Product, draft.id, said, otherwise):
        return known
    REQUEST.way(request, _S.DELIVERED)
    if request.written_at is not None:
        raise RuleBroken("", "The product is already written. Reload the page to see it.")
    plan.refuse_outsiders(session, request.operation_id, draft.originators, "originators")
    made = Product(
        id=draft.id,
        **said,
        operation_id=request.operation_id,
        **rows.author(by),
    )
    session.add(made)
    request.written_at = now()
    session.add(request)
    session.flush()
    asker = [request.country] if request.country else []
    purpose = request.purpose if may_leave(request.handling) else ""
    shares_made = _give(session, made, [*asker, *draft.named], purpose, by)
    record(session, by, "product.write", made, None, handling=made.handling, number=len(draft.named))
    _tell(session, by, made, shares_made)
    _settle(session, made, by)
    return made


@proof.needed
def share(session: Session, product_id: UUID, draft: ProductShareDraft, by: Actor) -> int:
    """Share a product with further recipients; return how many of them wait for an originator.

    Raises RuleBroken for recipients that have it already, and as `write` does.
    """
    made = rows.hold(session, Product, product_id)
    require(by, Act.PRODUCT_WORK, subject(made, None))
    _refuse_erased(made)
    if not draft.named:
        raise RuleBroken("countries", "Choose a country or a partner to receive it.")
    known = {each.recipient for each in shares(session, product_id)}
    if again := sorted(known & set(draft.named)):
        field = "countries" if again[0] in draft.countries else "partners"
        raise RuleBroken(field, "{partner} has this product already, or it was decided.", partner=again[0])
    shares_made = _give(session, made, draft.named, draft.purpose, by)
    record(session, by, "product.share", made, None, handling=made.handling, number=len(draft.named))
    _tell(session, by, made, shares_made)
    return len({each.recipient for each in shares_made if each.state == ShareState.ASKED})


def decide(session: Session, share_id: UUID, to: ShareState, by: Actor, words: str = "") -> ProductShare:
    """Consent to a share or refuse it with a reason, for an originator. Raises RuleBroken, NotPermitted."""
    consented = rows.hold(session, ProductShare, share_id)
    step, words = SHARE.allow(consented, None, to, by, words)
    if to is ShareState.CONSENTED and consented.recipient in _withheld(
        session, consented.operation_id, consented.origin
    ):
        raise RuleBroken(
            "", "Your country withholds data from {partner}. Lift the withholding first.", partner=consented.recipient
        )
    SHARE.go(consented, to)
    consented.reason = words if to in SHARE.needing_reason() else ""
    consented.decided_by, consented.decided_at = by.name, now()
    session.add(consented)
    session.flush()
    record(session, by, step.verb, consented, consented.origin, handling=consented.handling)
    if to is ShareState.CONSENTED:
        _tell_recipients(session, [consented])
        with unfenced(session):  # one originator may not see the others' consents
            product = session.exec(unscoped(select(Product).where(Product.id == consented.product_id))).one()
            _settle(session, product, System())
    return consented


def use(session: Session, request_id: UUID, draft: UseDraft, by: Actor) -> ProductRequest:
    """Record the use of a product. Raises RuleBroken where it is not delivered, or its use was recorded before."""
    found = rows.hold(session, ProductRequest, request_id)
    require(by, Act.PRODUCT_ASK, subject(found, found.country))
    if found.country != side(by):
        raise NotPermitted
    step = REQUEST.go(found, _S.USED)
    found.led_to, found.outcome = draft.led_to, draft.outcome
    _moved(session, found, step, draft.outcome, by, led_to=draft.led_to)
    return found


def over(session: Session, moment: datetime) -> Sequence[ProductRequest]:
    """Return the requests at the end of retention that are not erased, for the timetable."""
    query = select(ProductRequest).where(
        col(ProductRequest.made_at) <= moment - RETENTION,
        col(ProductRequest.erased_at).is_(None),
        ~legal_holds.held(ProductRequest.operation_id, ProductRequest.country),
    )
    found: Sequence[ProductRequest] = session.exec(query.order_by(col(ProductRequest.made_at))).all()
    return found


def erase(session: Session, found: ProductRequest, by: System) -> None:
    """Erase the texts of a request and its product. Asker, recipients and markings are kept."""
    found.question, found.purpose, found.reason, found.outcome, found.erased_at = "", "", "", "", now()
    session.add(found)
    session.execute(sa.update(ProductStep).where(col(ProductStep.of_id) == found.id).values(words=""))
    for product in session.exec(select(Product).where(Product.request_id == found.id)).all():
        product.title, product.body, product.erased_at = "", "", now()
        session.add(product)
        shared = sa.update(ProductShare).where(col(ProductShare.product_id) == product.id)
        session.execute(shared.values(title="", purpose="", reason=""))
    record(session, by, "product.erase", found, found.country, rule="retain_until")


# -------------------------------------------------------------------------------------------------- internal


def _give(session: Session, made: Product, to: Collection[str], purpose: str, by: Actor) -> list[ProductShare]:
    """Store a share for each recipient and originator; those that need consent wait for it."""
    named = list(dict.fromkeys(to))
    countries = [each for each in named if len(each) == 3]
    plan.refuse_outsiders(session, made.operation_id, countries)
    owner = plan.operation(session, made.operation_id, by)
    for partner in set(named) - set(countries):
        refuse_held(made.handling, N_("The product is marked {handling}: no partner has it, it does not leave Muster."))
        admitted = partners.standing(session, owner, partner)
        if admitted is None or Sees.PRODUCTS not in admitted.sees:
            raise RuleBroken("partners", "{partner} is not admitted to see products today.", partner=partner)
        if not admitted.cleared(made.classification):
            raise RuleBroken(
                "partners", "{partner} is not admitted up to the marking of this product.", partner=partner
            )
    shares_made = []
    for recipient in named:
        for origin in [each for each in made.members if each != recipient] or [""]:
            kept = origin != "" and recipient in _withheld(session, made.operation_id, origin)
            asks = origin != "" and (kept or not may_leave(made.handling))
            each = ProductShare(
                id=new_id(),
                product_id=made.id,
                operation_id=made.operation_id,
                recipient=recipient,
                origin=origin,
                title=made.title,
                purpose=purpose,
                handling=made.handling,
                classification=made.classification,
                author_name=by.name,
                made_at=now(),
            )
            if not asks:
                SHARE.go(each, ShareState.CONSENTED)
                each.decided_by, each.decided_at = by.name, now()
            session.add(each)
            shares_made.append(each)
    session.flush()
    return shares_made


def _settle(session: Session, product: Product, by: Actor | System) -> None:
    """Deliver a request once every originator consents to the asker's share."""
    request = session.exec(unscoped(select(ProductRequest).where(ProductRequest.id == product.request_id))).one()
    mine = select(ProductShare.state).where(
        ProductShare.product_id == product.id, ProductShare.recipient == (request.country or "")
    )
    if request.state != _S.ACCEPTED or any(each != ShareState.CONSENTED for each in session.exec(unscoped(mine))):
        return
    step = REQUEST.go(request, _S.DELIVERED)
    state_tables.record_step(session, ProductStep, REQUEST, request, step, "", by)
    session.flush()
    record(session, by, step.verb, request, request.country)


def _withheld(session: Session, operation_id: UUID, country: str) -> frozenset[str]:
    """Return from whom an originator withholds: for the server alone."""
    with unfenced(session):
        return withholding.partners(session, operation_id, country)


def _refuse_erased(found: Product) -> None:
    if found.erased_at is not None:
        raise RuleBroken("", "The retention of this product has ended. Its text was erased.")


def _moved(
    session: Session,
    found: ProductRequest,
    step: state_machine.Step[ProductState],
    words: str,
    by: Actor,
    **detail: Any,
) -> None:
    state_tables.record_step(session, ProductStep, REQUEST, found, step, words, by)
    record(session, by, step.verb, found, found.country, **detail)


def _tell(session: Session, by: Actor, made: Product, shares_made: Iterable[ProductShare]) -> None:
    """Write journal entries for each originator whose consent is needed, and each recipient country."""
    of = list(shares_made)
    for country in dict.fromkeys(each.origin for each in of if each.state == ShareState.ASKED):
        record(session, by, "product.consult", made, country, handling=made.handling)
    _tell_recipients(session, of)


def _tell_recipients(session: Session, of: Iterable[ProductShare]) -> None:
    for country, each in {each.recipient: each for each in of if len(each.recipient) == 3}.items():
        record(session, System(), "product.pass_on", each, country, handling=each.handling)
