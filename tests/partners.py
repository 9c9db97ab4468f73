"""Partner organisations and intelligence products for tests: Europol is admitted, Niger asks, the analyst writes."""

from datetime import timedelta
from typing import Any

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.exchange import partners, product_drafts, products
from operations.exchange.partner_rows import Admission, AdmissionState
from operations.exchange.product_rows import Product, ProductRequest, ProductShare, ProductState, ShareState
from tests.makers import Running
from tests.programme import BEGUN, does, reads

QUESTION = "Which weigh stations do the lorries pass?"
TEXT = "The lorries pass the two stations after dark, on the days of the market."


def admission_draft(scene: Running, **changes: Any) -> partners.AdmissionDraft:
    """Europol for ten days, to see all kinds of content."""
    content = {
        "id": new_id(),
        "operation_id": scene.operation,
        "partner": "europol",
        "purpose": "It compares routes.",
        "starts": BEGUN.date(),
        "until": (BEGUN + timedelta(days=10)).date(),
        "sees": ["operation", "plan", "figures", "products"],
        "sections": ["aim_objectives"],
    }
    return parse(partners.AdmissionDraft, content | changes)


def proposed(scene: Running, **changes: Any) -> Admission:
    """It is proposed."""
    made: Admission = does(
        scene, "ana", partners.propose, admission_draft(scene, **changes), at=changes.pop("at", BEGUN)
    )
    return made


def admitted(scene: Running, **changes: Any) -> Admission:
    """It is admitted."""
    made: Admission = does(scene, "lena", partners.take, proposed(scene, **changes).id, AdmissionState.ADMITTED)
    return made


def ask_draft(scene: Running, **changes: Any) -> product_drafts.ProductRequestDraft:
    """A question of the week."""
    content = {
        "id": new_id(),
        "operation_id": scene.operation,
        "question": QUESTION,
        "purpose": "To post the patrols.",
        "due": (BEGUN + timedelta(days=7)).date(),
        "handling": "h0",
    }
    return parse(product_drafts.ProductRequestDraft, content | changes)


def product_draft(**changes: Any) -> product_drafts.ProductDraft:
    """What the analyst found."""
    content = {"id": new_id(), "title": "Lorries after dark", "body": TEXT, "source": "b", "information": "2"}
    return parse(product_drafts.ProductDraft, content | {"handling": "h0"} | changes)


def asked(scene: Running, by: str = "chaima", **changes: Any) -> ProductRequest:
    """It is asked for."""
    made: ProductRequest = does(scene, by, products.ask, ask_draft(scene, **changes))
    return made


def accepted(scene: Running, by: str = "chaima", **changes: Any) -> ProductRequest:
    """The analyst accepts it."""
    made = asked(scene, by, **changes)
    does(scene, "dov", products.take, made.id, ProductState.ACCEPTED)
    return made


def written(scene: Running, of: ProductRequest | None = None, **changes: Any) -> Product:
    """It is written, for whoever asked."""
    request = of or accepted(scene)
    made: Product = does(scene, "dov", products.write, request.id, product_draft(**changes))
    return made


def shares_of(scene: Running, made: Product, by: str = "dov") -> dict[tuple[str, str], str]:
    """How far each share is, by recipient and originator."""
    return {(each.recipient, each.origin): each.state for each in reads(scene, by, products.shares, made.id)}


def decided(scene: Running, made: Product, recipient: str, to: str = "consented", by: str = "moussa") -> ProductShare:
    """An originator says yes or no."""
    [each] = [one for one in reads(scene, by, products.shares, made.id) if one.recipient == recipient and one.origin]
    words = "" if to == "consented" else "Our case is open."
    found: ProductShare = does(scene, by, products.decide, each.id, ShareState(to), words=words)
    return found
