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
from dashboard.field import code_changes, device_seals, documents, duties, map_pack, pages
from dashboard.frame.sign_in import FIELD_STANDING
from dashboard.papers.downloads import By, download_response
from dashboard.parts.report import content as report_content
from dashboard.screens.plan import files as plan_files
from dashboard.screens.reports import form as report_form
from dashboard.server.access import SCOPE, SignedIn, known_id, request_scope
from dashboard.wording import _, in_language, sentences
from operations.core.clock import now
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing.operation import plan
from operations.policing.reports import consultations, reports
from operations.policing.reports.draft import MOST_OFFSET, DeviceVersion, ReportDraft
from operations.policing.reports.versions import GONE


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
    def work(by: SignedIn) -> dict[str, Any]:
        """Serve what the officer has to report."""
        with store.reading(by) as session:
            return documents.work(session, by)

    @routes.get(f"{pages.FOLDER}reports/{{version_id}}")
    def correct(version_id: str, request: Request, by: SignedIn) -> dict[str, Any]:
        """Serve a sent report as a form that corrects it."""
        with store.reading(by) as session, request_scope(request.scope[SCOPE]):
            found = reports.report(session, known_id(version_id))
            operation = plan.operation(session, found.operation_id, by)
            given = report_form.correction(session, operation, found, {})
            return {name: given[name] for name in ("content", "notice", "title")} | {"version": found.version}

    @routes.post(f"{pages.FOLDER}reports")
    def send(sent: Annotated[dict[str, Any], Body()], by: SignedIn) -> Response:
        """Take a report in. `officer`: who wrote it; `device_time`: what the clock of the device shows now; `chain`."""
        if sent.get("officer") != str(by.account_id):
            return JSONResponse({"error": _("Another officer wrote this report. It is sent when they sign in.")}, 403)
        return _answer(store, sent, by)

    @routes.post(f"{pages.FOLDER}duties")
    def take(sent: Annotated[dict[str, Any], Body()], by: SignedIn) -> Response:
        """Take a step of a team or of a task that was done away from the network."""
        if sent.get("officer") != str(by.account_id):
            return JSONResponse({"error": _("Another officer wrote this report. It is sent when they sign in.")}, 403)
        said, offset = _mapping(sent.get("content")), _offset(sent.get("device_time"))
        try:
            write(store, by, lambda session: duties.take(session, said, offset, by))
        except (Conflict, NotFound, RuleBroken) as refused:
            return JSONResponse({"found": {"fields": {}, "general": sentences(refused), "questions": []}}, 422)
        return JSONResponse({"sent": said.get("id")})

    @routes.post(f"{pages.FOLDER}sheets/{{site_id}}")
    def sheet(site_id: str, by: By) -> Response:
        """Serve the map sheets of a site and its surroundings."""
        return download_response(*plan_files.site_sheets(store, known_id(site_id), by))

    @routes.post(f"{pages.FOLDER}maps/{{site_id}}")
    def site_map(site_id: str, by: SignedIn) -> Response:
        """Serve the map of a site and its surroundings, for the screen."""
        return Response(map_pack.pack(store, known_id(site_id), by), media_type="application/json")

    @routes.post(FIELD_STANDING)
    def standing(sent: Annotated[dict[str, Any], Body()]) -> dict[str, bool]:
        """Tell a device without a session whether it must erase what it keeps under a seal."""
        return {"ended": device_seals.ended(store, str(sent.get("seal", "")))}

    return routes


def _answer(store: Store, sent: Mapping[str, Any], by: Actor) -> Response:
    """Submit the report of a form, and return the answer: it stands, or it is refused beside its fields.

    `chain`: where it stands among the versions of the device (`DeviceVersion`). Codes that were retired meanwhile
    become their successors, and the answer says which.
    """
    content, changed = code_changes.current(report_content.tidy(sent.get("content")))
    device = _chain(sent.get("chain"), changed)
    try:
        draft = report_content.draft_of(content)
        draft = draft.model_copy(update={"clock_offset": _offset(sent.get("device_time"))})
        made = write(store, by, partial(_submitted, draft=draft, by=by, device=device))
    except Conflict as refused:
        return JSONResponse({"found": _placed(refused, content), **_newest(store, content, device, by)}, 409)
    except (RuleBroken, NotFound) as refused:
        return JSONResponse({"found": _placed(refused, content)}, 422)
    mapped = [each.sentence for each in dict.fromkeys(changed)]
    received = made.received_at.isoformat()
    return JSONResponse({"sent": str(made.id), "version": made.version, "received_at": received, "mapped": mapped})


def _submitted(session: Session, draft: ReportDraft, by: Actor, device: DeviceVersion) -> reports.Report:
    """Submit a report, unless a colleague sent it from the file of this device."""
    return reports.sent_already(session, draft) or reports.submit(session, draft, by, device=device)


def _chain(said: Any, changed: list[code_changes.CodeChange]) -> DeviceVersion:
    """Return the place of a version as its device says it; zeros for what it does not say."""
    chain = _mapping(said)
    trunk, base = (max(0, chain[name]) if type(chain.get(name)) is int else 0 for name in ("trunk", "base"))
    branch = report_content.known_uuid(str(chain.get("branch", "")))
    return DeviceVersion(trunk, str(branch or ""), base, tuple(dict.fromkeys(each.code for each in changed)))


def _placed(refused: RuleBroken | Conflict | NotFound, content: report_content.Content) -> dict[str, Any]:
    return report_content.placed(refused, content).as_json()


def _newest(store: Store, content: report_content.Content, device: DeviceVersion, by: Actor) -> dict[str, Any]:
    """Return the version that stands meanwhile, and what came since the device had the report.

    Whoever wrote another one has to see it. Nothing where none stands, or nobody may see it.
    """
    with store.unit_of_work(by) as session:
        known = report_content.known_uuid(content["report_id"])
        found = reports.versions(session, known) if known else []
        if not found or found[0].state in GONE:
            return {"gone": bool(found)}
        newest = found[0]
        consultations.consult(session, newest.id, consultations.READ, by)
        lines = reports.lines_of(session, newest.id)
        said = {**report_content.of_version(newest, lines), "id": str(newest.id), "version": newest.version}
        since = [_by_whom(each) for each in reversed(found) if each.version > device.trunk]
        return {"newest": said | _by_whom(newest), "since": since}


def _by_whom(found: reports.Report) -> dict[str, Any]:
    return {"version": found.version, "by": found.author_name, "at": wording.moment(found.received_at, found.zone)}


def _mapping(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _offset(device_time: Any) -> int | None:
    """Return by how many seconds the clock of the device is behind that of the server; None where it does not say."""
    try:
        shown = datetime.fromisoformat(str(device_time))
    except ValueError:
        return None
    off = round((now() - shown).total_seconds()) if shown.tzinfo else None
    return off if off is not None and abs(off) <= MOST_OFFSET else None
