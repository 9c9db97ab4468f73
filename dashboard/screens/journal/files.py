"""Extract of an operation's journal, which auditors take along: its entries, with what proves them."""

from uuid import UUID

from fastapi import APIRouter, Response

from dashboard.papers.downloads import By, download_response, file_name
from dashboard.server.access import known_id
from dashboard.wording import _, in_language
from operations.core import journal
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import Role
from operations.policing.operation import plan
from operations.timetable import extracts

ADDRESS = "/export/operations/{operation_id}/journal.zip"


def extract(store: Store, operation_id: UUID, by: Actor) -> tuple[bytes, str]:
    """Return the extract and its name. Its numbers tell how many entries there are in all, so only auditors get it."""
    with journal.disclosing(store, by) as session, in_language(by.language):
        operation = plan.operation(session, operation_id, by)
        require(by, Act.JOURNAL_READ, plan.subject(operation))
        if by.role is not Role.AUDITOR:
            raise NotPermitted
        wanted = extracts.ExtractRequest(operation=operation.id)
        content = extracts.extract(session, wanted, by, _(extracts.PAGE))
        return content, file_name(operation.title, "journal", ending="zip")


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/journal.zip."""
    routes = APIRouter()

    @routes.post(ADDRESS)
    def journal_extract(operation_id: str, by: By) -> Response:
        """Serve the extract."""
        return download_response(*extract(store, known_id(operation_id), by), "application/zip")

    return routes
