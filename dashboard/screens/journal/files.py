"""Extract of an operation's journal, which auditors take along: its entries, with what proves them."""

from uuid import UUID

from dash import html
from dash.development.base_component import Component
from fastapi import APIRouter, Response

from dashboard.papers.downloads import By, download_response, file_name
from dashboard.parts.file_button import file_button
from dashboard.parts.icon import icon
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


def extract_button(operation_id: UUID, by: Actor) -> list[Component]:
    """Return the button that asks for the extract, for auditors; nothing for others."""
    words = [icon("file-export", 18), " ", html.Span(_("Extract that can be proven (ZIP)"))]
    return [file_button(words, ADDRESS.format(operation_id=operation_id))] if by.role is Role.AUDITOR else []


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
