"""Routes of the field form: its files, its documents, and the door by which what was written without a network comes.

A report comes here as its form holds it and goes through the same draft and verb as from the reports page: the same id
and content gets the same answer.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from dashboard import wording
from dashboard.api.access import write
from dashboard.field import device_seals, documents, pages
from dashboard.frame.sign_in import FIELD_STANDING
from dashboard.papers.downloads import By
from dashboard.parts.report import content as report_content
from dashboard.screens.reports import form as report_form
from dashboard.server.access import SCOPE, known_id, request_scope
from dashboard.wording import _, in_language
from operations.core.clock import now
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing.operation import plan
from operations.policing.reports import consultations, reports
from operations.policing.reports.draft import MOST_OFFSET, ReportDraft


def router(store: Store) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    def add(address: str, content: str, kind: str, headers: Mapping[str, str] | None = None) -> None:
        routes.add_api_route(address, lambda: Response(content, headers=headers, media_type=kind), methods=["GET"])

    for address, (content, kind) in pages.files().items():
        add(address, content, kind)
    add(pages.WORKER, pages.worker(), "text/javascript", {"Service-Worker-Allowed": pages.PAGE})

    @routes.get(f"{pages.FOLDER}forms/{{language}}")
    def forms(language: str) -> dict[str, Any]:
        """Serve the declarations and words in a language."""
        with in_language(language):
            return documents.declarations()

    @routes.get(f"{pages.FOLDER}work")
    def work(by: By) -> dict[str, Any]:
        """Serve what the officer has to report."""
        with store.reading(by) as session:
            return documents.work(session, by)

    @routes.get(f"{pages.FOLDER}reports/{{version_id}}")
    def correct(version_id: str, request: Request, by: By) -> dict[str, Any]:
        """Serve a sent report as a form that corrects it."""
        with store.reading(by) as session, request_scope(request.scope[SCOPE]):
            found = reports.report(session, known_id(version_id))
            operation = plan.operation(session, found.operation_id, by)
            given = report_form.correction(session, operation, found, {})
            return {"content": given["content"], "notice": given["notice"], "title": given["title"]}

    @routes.post(f"{pages.FOLDER}reports")
    def send(sent: Annotated[dict[str, Any], Body()], by: By) -> Response:
        """Take a report in. `officer`: who wrote it; `device_time`: what the clock of the device shows now."""
        if sent.get("officer") != str(by.account_id):
            return JSONResponse({"error": _("Another officer wrote this report. It is sent when they sign in.")}, 403)
        return _answer(store, report_content.tidy(sent.get("content")), _offset(sent.get("device_time")), by)

    @routes.post(FIELD_STANDING)
    def standing(sent: Annotated[dict[str, Any], Body()]) -> dict[str, bool]:
        """Tell a device without a session whether it must erase what it keeps under a seal."""
        return {"ended": device_seals.ended(store, str(sent.get("seal", "")))}

    return routes


def _answer(store: Store, content: report_content.Content, offset: int | None, by: Actor) -> Response:
    """Submit the report of a form, and return the answer: it stands, or it is refused beside its fields."""
    try:
        draft = report_content.draft_of(content).model_copy(update={"clock_offset": offset})
        made = write(store, by, partial(_submitted, draft=draft, by=by))
    except Stale as refused:
        return JSONResponse({"found": _placed(refused, content), "newest": _newest(store, content, by)}, 409)
    except Conflict as refused:
        return JSONResponse({"found": _placed(refused, content)}, 409)
    except (RuleBroken, NotFound) as refused:
        return JSONResponse({"found": _placed(refused, content)}, 422)
    return JSONResponse({"sent": str(made.id), "version": made.version, "received_at": made.received_at.isoformat()})


def _submitted(session: Session, draft: ReportDraft, by: Actor) -> reports.Report:
    """Submit a report, unless a colleague sent it from the file of this device."""
    return reports.sent_already(session, draft) or reports.submit(session, draft, by)


def _placed(refused: RuleBroken | Conflict | NotFound, content: report_content.Content) -> dict[str, Any]:
    return report_content.placed(refused, content).as_json()


def _newest(store: Store, content: report_content.Content, by: Actor) -> dict[str, Any]:
    """Return the version that stands meanwhile, which whoever corrected an older one has to see."""
    with store.unit_of_work(by) as session:
        found = reports.versions(session, known_id(content["report_id"]))[0]
        consultations.consult(session, found.id, consultations.READ, by)
        lines = reports.lines_of(session, found.id)
        said = {**report_content.of_version(found, lines), "id": str(found.id), "version": found.version}
        return said | {"by": found.author_name, "at": wording.moment(found.received_at, found.zone)}


def _offset(device_time: Any) -> int | None:
    """Return by how many seconds the clock of the device is behind that of the server; None where it does not say."""
    try:
        shown = datetime.fromisoformat(str(device_time))
    except ValueError:
        return None
    off = round((now() - shown).total_seconds()) if shown.tzinfo else None
    return off if off is not None and abs(off) <= MOST_OFFSET else None
