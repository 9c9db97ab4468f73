"""Additions of a reporter to an own report: new facts, or a corrected position. The first version stays."""

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.parts import tags
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.list_page import new_row_form
from dashboard.screens.incidents.ids import ADD, Ids
from dashboard.server.access import known_id
from dashboard.wording import _, moment_utc, number
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.incidents import drafts
from operations.incidents import incidents as verbs
from operations.incidents.consultations import IncidentFile
from operations.incidents.rows import LIFE


def added(found: IncidentFile) -> list[Component]:
    """Return the additions to one report with their times; or that its country restricted or erased it."""
    return [
        tags.P(
            html.Time(
                moment_utc(version.made_at), dateTime=version.made_at.isoformat(), className="m-dim m-small m-num"
            ),
            " ",
            html.Bdi(_(found.hidden) if found.hidden else version.content["words"]),
            *([] if found.hidden else _place(version.content)),
        )
        for version in found.versions
    ]


def _place(content: dict[str, float]) -> list[Component]:
    if "lat" not in content:
        return []
    return [html.Span(f" {number(content['lat'], 4)}, {number(content['lon'], 4)}", className="m-num")]


def open_reports(session: Session, by: Actor) -> list[dict[str, str]]:
    """Return the own reports that can be added to, as options."""
    found = [each for each in verbs.own_reports(session, by) if each.state not in LIFE.ends and each.erased_at is None]
    return [{"value": str(each.id), "label": f"{each.reference} · {moment_utc(each.made_at)}"} for each in found]


def parts(session: Session, by: Actor) -> list[Component]:
    """Return the container of the form, which is shown only while own reports are open."""
    return [followed(Ids.ADDING, form(session, by), seen=open_reports(session, by))]


def form(session: Session, by: Actor) -> list[Component]:
    """Return the form; [] where no report can be added to."""
    if not (choices := open_reports(session, by)):
        return []
    draw = drawing(ADD, {"of": choices[0]["value"]}, choices={"of": choices})
    send = html.Div(button(_("Add it"), Ids.ADD, "primary", "send"))
    fields = [*draw("of", "about", "words"), pair(draw("lat", "lon")), send]
    return [new_row_form(_("Add to a report of yours"), client_id(ADD), *fields)]


refresh = follows(form, Ids.ADDING, act=Act.INCIDENT_REPORT, unless=open_reports)


@does(Ids.ADD, act=Act.INCIDENT_REPORT, form=ADD, client=True, clears=("words", "lat", "lon"))
def add(press: Press) -> Done:
    """Add to an own report."""
    typed = dict(press.typed)
    of = typed.pop("of", None)
    if not of:
        raise RuleBroken("of", "Choose the report to which this belongs.")
    draft = ADD.draft(drafts.AdditionDraft, typed, id=press.client)
    verbs.write(press.session, known_id(of), draft, press.by)
    return Done(_("It is added; what you wrote first stays beside it."))
