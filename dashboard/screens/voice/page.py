"""Reports by voice page: a code is keyed, read back, and sent for its officer; below, what was keyed."""

from typing import Any

from dash import Input, Output, State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.policy import screen
from dashboard.parts.form import Form, button, switch_field, text_field
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, facts, form_panel, panel
from dashboard.parts.table import table
from dashboard.places import VOICE
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, coded, date, moment, number, sentence, sentences
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import voice

NAV = VOICE
CODE = Form("voice")
SEND, READ, KEYED = "voice-send", "voice-read", "voice-keyed"


@operation_page(
    NAV,
    N_(
        "An officer without a network reads a code from their card. Key it, read it back, then send the report in "
        "their name."
    ),
)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the field of the code, the place where it is read back, and what was keyed."""
    require(by, Act.REPORT_KEY, plan.subject(operation))
    field = text_field(
        CODE,
        "code",
        _("Code"),
        description=_("The card, the day, the row, the count and the check digit, as they are said."),
        maxLength=voice.LONGEST,
        attributes={"input": {"inputMode": "numeric"}},
        className="m-num voice-code",
        debounce=400,
    )
    keyed = panel(_("Keyed so far"), followed(KEYED, contents(session, operation, by)))
    code = form_panel(
        _("Key a code"),
        field,
        html.Div(id=READ, role="status", className="m-stack"),
        switch_field(CODE, "read_back", _("I read it back, and the officer says that it is right.")),
        html.Div(button(_("Send for the officer"), SEND, "primary", "send")),
    )
    return [html.Div([code, keyed], className="m-stack")]


def contents(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    """Return the reports that were keyed, newest first."""
    found = voice.keyed(session, operation.id)
    if not found:
        return [empty_state(_("Nothing was keyed yet"), _("Officers without a network say their reports."), "phone")]
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    rows = [
        html.Tr(
            [
                html.Td(moment(report.received_at, operation.zone), className="m-num"),
                html.Td(coded("CL-COUNTRY", report.country)),
                html.Td(html.Bdi(sites.get(report.site_id, ""))),
                html.Td(html.Bdi(report.author_name)),
                html.Td(date(report.official_day), className="m-num"),
                html.Td(coded("CL-REPORTKIND", report.kind)),
                html.Td(coded("CL-REPORTSTATE", report.state)),
            ]
        )
        for report in found
    ]
    heads = (_("Keyed"), _("Country"), _("Site"), _("Officer"), _("Official day"), _("Kind of report"), _("State"))
    return [table(heads, rows, label=_("Keyed so far"))]


show = follows(contents, KEYED, act=Act.REPORT_KEY, operation=OPERATION)


@screen(
    Output(READ, "children"),
    Output(CODE.id("code"), "error"),
    Input(CODE.id("code"), "value"),
    State(OPERATION, "data"),
    act=Act.REPORT_KEY,
    prevent_initial_call=True,
)
def read(code: str | None, operation_id: str) -> tuple[list[Component], str]:
    """Return what a code says, to be read back; or why it cannot be right."""
    if not code:
        return [], ""
    try:
        with reading() as session:
            meant = voice.said(session, known_id(operation_id), code, actor())
    except RuleBroken as refused:
        return [], " ".join(sentences(refused))
    return _read_back(meant), ""


def _read_back(meant: voice.SpokenReport) -> list[Component]:
    check, database = voice.ROWS.get(meant.row, ("", None))
    what = _("Nothing happened (nil report)")
    if check:
        what = " · ".join(filter(None, (coded("CL-CHECKKIND", check), coded("CL-DB", database) if database else "")))
    pairs: list[tuple[str, Any]] = [
        (_("Officer"), html.Bdi(meant.officer.name)),
        (_("Site"), html.Bdi(f"{meant.site.name}, {coded('CL-COUNTRY', meant.site.country)}")),
        (_("Official day"), date(meant.day)),
        (_("What was counted"), what),
        *([(_("Count"), number(meant.count))] if check else []),
    ]
    doubts = [html.P([icon("alert-triangle", 16), sentence(doubt)], className="voice-doubt") for doubt in meant.doubts]
    return [facts(pairs), *doubts]


@does(
    SEND,
    act=Act.REPORT_KEY,
    form=CODE,
    typed={"code": State(CODE.id("code"), "value"), "read_back": State(CODE.id("read_back"), "checked")},
    operation=OPERATION,
    shows=(KEYED, READ, Output(CODE.id("read_back"), "checked")),
    clears=("code",),
)
def send(press: Press) -> Done:
    """Send the report of the code for its officer."""
    code, read_back = press.typed["code"] or "", bool(press.typed["read_back"])
    made = voice.key(press.session, press.operation_id, code, press.by, read_back=read_back)
    said = _("Sent for {name}. The country verifies it.", name=made.author_name)
    return Done(said, shown=(contents(press.session, press.operation, press.by), [], False))
