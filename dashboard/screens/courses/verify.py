"""Public check of a certificate, /certificate/<code>: the scanned code answers whether it is valid, and nothing else.

It needs no session. An unknown code, an expired and a revoked certificate look the same. The gate lets the exact form
of such an address through, under the rate limit of the sign-in page (`server.gate.TOKENISED`).
"""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from dashboard.frame.sign_in import asked_language, page_language, plain_page
from operations.core.clock import today
from operations.core.people import System
from operations.core.store import Store
from operations.training import certificates


def address(origin: str, code: str) -> str:
    """Return the URL that a certificate's code encodes."""
    return f"{origin}/certificate/{code}"


def router(store: Store) -> APIRouter:
    """GET /certificate/{code}."""
    routes = APIRouter()

    @routes.get("/certificate/{code}")
    def verify(request: Request, code: str) -> HTMLResponse:
        """Answer whether the certificate is valid."""
        with store.reading(System()) as session:
            valid = certificates.valid_code(session, code, today())
        return HTMLResponse(
            plain_page(request, "certificate.html", page_language(request, asked_language(request)), valid=valid)
        )

    return routes
