"""Partners of the programme's operation: two organisations, and a product that was requested.

All invented, but for the names of the organisations.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from operations.core.drafts import parse
from operations.exchange import partners, product_drafts, products
from operations.exchange.partner_rows import AdmissionState
from operations.exchange.product_rows import ProductState
from scenarios.courses import Programme
from scenarios.script_language import Verb


def around_the_operation(story: Programme) -> None:
    """Admit a regional association and IOM with their lists; Niger asks for a product and uses it."""
    opens, operation = story.middle.opens, story.middle.operation
    for hour, partner, purpose, sees in (
        (1, "wapcco", "The chiefs of police of the region follow the operation.", ("operation", "figures")),
        (2, "iom", "Its offices know where people may need shelter.", ("operation",)),
    ):
        ident, at = story.identifier("partner", partner), opens - timedelta(days=4) + timedelta(hours=hour)
        content = {
            "id": ident,
            "operation_id": operation,
            "partner": partner,
            "purpose": purpose,
            "starts": opens.date(),
            "until": (opens + timedelta(days=60)).date(),
            "sees": sees,
        }
        proposed = parse(partners.AdmissionDraft, content)
        story.does(at, "coordinator", f"propose {partner}", _does(partners.propose, proposed))
        admitted = _does(partners.take, ident, AdmissionState.ADMITTED)
        story.does(at + timedelta(hours=20), "leader", f"admit {partner}", admitted)
    ident, at = story.identifier("product"), opens + timedelta(hours=30)
    asked = parse(
        product_drafts.ProductRequestDraft,
        {
            "id": ident,
            "operation_id": operation,
            "question": "On which flights were altered visas found before?",
            "purpose": "To choose the flights for the second line.",
            "due": (at + timedelta(days=2)).date(),
        },
    )
    text = parse(
        product_drafts.ProductDraft,
        {
            "id": story.identifier("product", "text"),
            "title": "Flights with altered visas",
            "source": "b",
            "information": "2",
            "handling": "h1",
            "body": "Evening flights from two places, most of them in the second half of the week. "
            "Invented for the demo.",
        },
    )
    used = product_drafts.UseDraft(led_to="check", outcome="The second line looks at these flights.")
    for hours, who, what, verb in (
        (0, "coordinator.ner", "ask for a product", _does(products.ask, asked)),
        (3, "analyst", "accept the question", _does(products.take, ident, ProductState.ACCEPTED)),
        (9, "analyst", "write the product", _does(products.write, ident, text)),
        (12, "coordinator.ner", "read the product", _does(products.take, ident, ProductState.RECEIVED)),
        (40, "coordinator.ner", "say what it led to", _does(products.use, ident, used)),
    ):
        story.does(at + timedelta(hours=hours), who, what, verb)


def _does(verb: Callable[..., Any], *given: Any) -> Verb:
    return lambda session, by: verb(session, *given, by)
