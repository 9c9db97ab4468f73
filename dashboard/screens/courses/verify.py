"""/certificate/<code>: whoever scans the code of a certificate learns whether it is valid, and nothing else.

There is no session behind it. A code that never was, an expired and a revoked certificate look the same. The gate lets
the exact form of such an address through, by the door of the sign-in page (`server.gate.TOKENISED`).
"""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from dashboard.frame.sign_in import asked_language, drawn, spoken
from operations.core.people import System
from operations.core.store import Store
from operations.training import certificates
from operations.training.common import today


def address(origin: str, code: str) -> str:
    """What the code of a certificate says when it is scanned."""
    return f"{origin}/certificate/{code}"


def router(store: Store) -> APIRouter:
    """GET /certificate/{code}."""
    routes = APIRouter()

    @routes.get("/certificate/{code}")
    def verify(request: Request, code: str) -> HTMLResponse:
        """Valid, or not."""
        with store.reading(System()) as session:
            valid = certificates.verified(session, code, today())
        return HTMLResponse(drawn(request, "certificate.html", spoken(request, asked_language(request)), valid=valid))

    return routes
