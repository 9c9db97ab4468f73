"""Conflicts with a centre: what was corrected there beside what was sent, and the buttons that decide which stands."""

from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.panel import panel
from dashboard.parts.table import table, table_row
from dashboard.screens.centre import words
from dashboard.wording import N_, _, coded, date, joined, moment_utc, number
from operations.core.permissions import Act
from operations.exchange import centre_conflicts, centres
from operations.exchange.centre_rows import CentreConnection, CentreReport, CentreVersion

OURS, THEIRS = "centre-ours", "centre-theirs"


def shown(session: Session, found: CentreConnection) -> list[Component]:
    """Return the reports that somebody corrected at the centre, to be decided; nothing where there are none."""
    reports = centre_conflicts.conflicts(session, found.id)
    if not reports:
        return []
    names = centres.site_names(session, reports)
    rows = [_row(each, each.there, names.get(each.site_id, "")) for each in reports if each.there]
    head = [_("Day"), _("Site"), _("As you sent it"), _("As it stands at the centre"), _("Which stands?")]
    note = _("Somebody of your country corrected these at the centre. Nothing replaces them until you decide.")
    inside = [html.P(note), table(head, rows, label=_("Corrected at the centre"), cards=True)]
    return [panel(_("Corrected at the centre"), html.Div(inside, className="m-stack"))]


def _row(found: CentreReport, there: CentreVersion, site: str) -> Component:
    reason = coded("CL-CORRECTION", there.correction_reason) if there.correction_reason else ""
    version = _("Version {number}", number=number(there.version))
    unread = html.P(_("This Muster cannot read its figures. Look at the report at the centre."))
    theirs = [
        html.P(joined(filter(None, (version, moment_utc(there.received_at), reason))), className="m-small"),
        *(words.lines_of(there.lines) if there.lines is not None else [unread]),
    ]
    decide = tags.Div(
        button(_("Ours replace it"), {"type": OURS, "of": str(found.id)}, "primary"),
        button(_("Leave it"), {"type": THEIRS, "of": str(found.id)}, "plain"),
        className="m-row",
    )
    ours = [_("Withdrawn")] if found.withdraws else words.lines_of(found.body.get("lines", []))
    wide = [html.Td(each, className="m-whole") for each in (ours, theirs, decide)]
    return table_row(date(found.day), html.Bdi(site), *wide)


replace = calls(
    {"type": OURS, "of": ALL},
    centre_conflicts.replace_there,
    N_("Yours replace it. They leave when you send these days."),
    act=Act.CENTRE,
)
leave = calls(
    {"type": THEIRS, "of": ALL},
    centre_conflicts.leave_there,
    N_("It stands at the centre until your own figures change."),
    act=Act.CENTRE,
)
