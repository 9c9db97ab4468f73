"""The page that a link to a file opens: a file leaves Muster by POST alone, so that no link takes it along."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from dashboard.frame.sign_in import plain_page
from dashboard.wording import language

EXPORTS = "/export/"


def router() -> APIRouter:
    """GET /export/…: a button that asks for the same address by POST. It says nothing about what is there."""
    routes = APIRouter()

    @routes.get(EXPORTS + "{path:path}")
    def show(request: Request) -> HTMLResponse:
        """The page."""
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return HTMLResponse(plain_page(request, "file.html", language(), address=address))

    return routes
