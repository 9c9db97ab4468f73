"""Write callbacks of the reports page: save drafts, send and discard forms, withdraw reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.parts.panel import empty_state
from dashboard.parts.report import article as report_article
from dashboard.parts.report import content as report_content
from dashboard.refusals import say
from dashboard.screens.reports.acts import WITHDRAW, WITHDRAWAL
from dashboard.screens.reports.ids import Ids
from dashboard.server.access import actor, known_id, reading, retry_write
from dashboard.wording import _, ngettext
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.ids import new_id
from operations.core.permissions import Act, may
from operations.core.rows import find
from operations.core.store import ScopedSession
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.policing.reports.forms import WINDOW
from operations.policing.reports.reports import Report


@screen(
    Output(Ids.SAVED, "data"),
    Input(Ids.TYPED, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_CORRECT,
    prevent_initial_call=True,
)
def save(typed: dict[str, Any] | None, operation_id: str) -> Any:
    """Save the typed draft (V0), and return when it was saved and its current flaws."""
    if not isinstance(typed, dict):
        return no_update
    content = report_content.tidy(typed.get("content"))
    ident, operation_ident = known_id(content["id"]), known_id(operation_id)
    flaws = _flaws(content)
    answer = {"id": content["id"], "serial": typed.get("serial")}
    kept = {**content, WINDOW: str(typed.get(WINDOW))[:40]} | ({"remarks": ""} if flaws.personal else {})
    known = _saved_before(str(typed.get("known") or ""))

    def keep(session: ScopedSession) -> tuple[Site, datetime | None]:
        site = _writable_site(session, operation_ident, content)
        if find(session, Report, ident) is not None:
            return site, None
        return site, reports.save_form(session, ident, operation_ident, site.id, kept, actor(), known)

    try:
        site, saved_at = retry_write(keep)
    except RuleBroken as refused:
        return {**answer, "says": _("not saved"), "found": report_content.placed(refused, content, kept=True).as_json()}
    except Stale as refused:
        return {**answer, "parted": wording.sentence(refused), "other": _other_window(operation_ident, ident)}
    if saved_at is None:
        return {"id": content["id"], "locked": _("This report was sent.")}
    answer["known"] = saved_at.isoformat()
    says = _("saved {time}", time=wording.local_clock(saved_at, site.zone))
    if flaws.fields:
        says = ngettext("{n} field to check · {says}", "{n} fields to check · {says}", len(flaws.fields), says=says)
    return {**answer, "says": says, "found": flaws.as_json()}


def _saved_before(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _other_window(operation_id: UUID, form_id: UUID) -> dict[str, Any]:
    """Return what another window of the same person saved, and when."""
    with reading() as session:
        kept = next((form for form in reports.saved_forms(session, operation_id) if form.id == form_id), None)
        if kept is None:  # sent or discarded there in this moment
            raise NotFound
        return {"content": report_content.tidy(kept.content), "known": kept.saved_at.isoformat()}


def _flaws(content: report_content.Content) -> report_content.PlacedFlaws:
    try:
        report_content.draft_of(content)
    except RuleBroken as refused:
        return report_content.placed(refused, content, unfinished=True)
    return report_content.PlacedFlaws()


def _writable_site(session: Session, operation_id: UUID, content: report_content.Content) -> Site:
    """Return the site of a form, if this person writes or corrects for it. Raises NotFound."""
    operation = plan.operation(session, operation_id, actor())
    site = places.site(session, known_id(content["site_id"]))
    act = Act.REPORT_CORRECT if content["supersedes_id"] else Act.REPORT_WRITE
    if site.operation_id != operation.id or not may(actor(), act, plan.subject(operation, site.country, site.id)):
        raise NotFound
    return site


@screen(
    Output(Ids.ANSWER, "data"),
    Output(Ids.VIEW, "children", allow_duplicate=True),
    Input(Ids.SEND, "data"),
    act=Act.REPORT_CORRECT,
    prevent_initial_call=True,
)
def send(sent: dict[str, Any] | None) -> Any:
    """Send the report (V1), or show each flaw beside its field. Idempotent: the same form gets the same answer.

    Where somebody corrected the report meanwhile, their version is shown beside the form, which is then one of theirs.
    """
    if not isinstance(sent, dict):
        return no_update, no_update
    content = report_content.tidy(sent.get("content"))
    try:
        return _sent(content), no_update
    except Stale as refused:
        flaws = report_content.placed(refused, content)
        newest, shown = _newest(content)
        answer = {"id": content["id"], "says": _("not sent: see below"), "found": flaws.as_json(), "onto": newest}
        return answer, shown


def _newest(content: report_content.Content) -> tuple[str, Component]:
    """Return the newest version of the report, and what it says, compared with the one that is being corrected."""
    with reading() as session:
        chain, steps = report_article.chain_and_steps(session, known_id(content["report_id"]))
        before = next((version for version in chain if str(version.id) == content["supersedes_id"]), None)
        shown = report_article.article(session, report_article.consult(chain[0]), before, steps)
    return str(chain[0].id), shown


def _sent(content: report_content.Content) -> dict[str, Any]:
    try:
        draft = report_content.draft_of(content)
        made = retry_write(lambda session: reports.submit(session, draft, actor()))
    except RuleBroken as refused:
        flaws = report_content.placed(refused, content)
        says = (
            _("please confirm")
            if flaws.questions and not flaws.fields and not flaws.general
            else _("not sent: see below")
        )
        return {"id": content["id"], "says": says, "found": flaws.as_json()}
    except Stale:
        raise
    except Conflict as refused:
        return {"id": content["id"], "locked": wording.sentence(refused)}
    except NotFound as refused:
        flaws = report_content.placed(refused, content)
        return {"id": content["id"], "says": _("not sent: see below"), "found": flaws.as_json()}
    say(_("Report sent. A team leader verifies it next."))
    return {"id": content["id"], "sent": str(made.id)}


_DISCARDED = (Output(Ids.DISCARDED, "data"), Output(Ids.VIEW, "children"), Output(Ids.SIDE, "children"))


@does(
    Input(Ids.DISCARD, "data"),
    act=Act.REPORT_CORRECT,
    shows=(*_DISCARDED, Output(Ids.ASK, "data")),
    given={"asked": State(Ids.DISCARD, "data")},
)
def discard(press: Press, asked: dict[str, Any]) -> Done:
    """Discard an unsent form of this person; another's is not found. What else is open stays open."""
    reports.discard_form(press.session, known_id(str(asked.get("id", ""))))
    gone = empty_state(_("Discarded"), _("Choose a day of a site to go on."), "trash")
    return Done(shown=(asked, gone, [], None) if asked.get("open") else (asked, *[no_update] * 3))


@does(
    WITHDRAW,
    act=Act.REPORT_WITHDRAW,
    form=WITHDRAWAL,
    typed=("reason",),
    shows=(Output(Ids.ASK, "data"),),
    given={"shown": State(Ids.SHOWN, "data")},
)
def withdraw(press: Press, shown: dict[str, str] | None) -> Done:
    """Withdraw the opened report, with a reason."""
    ident = known_id((shown or {}).get("id"))
    reports.withdraw(press.session, ident, press.typed["reason"] or "", press.by)
    return Done(_("Report withdrawn."), shown=({"what": "version", "id": str(ident), "turn": str(new_id())},))
