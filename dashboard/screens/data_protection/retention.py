"""Retention: data that will be erased soon, for a last review, and data that was erased."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.file_button import file_button
from dashboard.parts.panel import panel
from dashboard.parts.table import table, table_row
from dashboard.screens.data_protection.ids import CERTIFICATE
from dashboard.telling.names import Names
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import _, date, language, moment_utc, number
from operations.core.clock import now
from operations.core.people import Actor
from operations.data_protection import retention
from operations.policing.operation import plan

MOST = 50
"""The number of erasures listed; the certificate has all."""


def ending(session: Session, by: Actor) -> list[Component]:
    """Return what will be erased soon, with links to where its retention can be extended with a reason."""
    endings = retention.ending(session, by)
    title = _("Kept for the last 90 days")
    if not endings:
        words = _("Nothing that you know of comes to its end within 90 days.")
        return [panel(title, html.P(words, className="m-dim"))]
    titles = {each.id: each.title for each in plan.operations(session, by)}
    names = Names(language(), "UTC")
    lines = [
        table_row(
            date(expiry.until),
            names.country(expiry.country),
            number(expiry.records),
            dcc.Link(titles.get(expiry.operation, _("Operation")), href=_where(expiry)),
        )
        for expiry in endings
    ]
    head = [_("Kept until"), _("Whose"), _("Records"), _("Look at them")]
    note = _("Who still needs a case gives it a new day, with a reason. All else is erased in the night after its day.")
    return [panel(title, html.P(note, className="m-dim"), table(head, lines, label=title))]


def _where(each: retention.Ending) -> str:
    return f"/operations/{each.operation}/" + ("fugitives" if each.country else "intelligence")


def erased(session: Session, _by: Actor) -> list[Component]:
    """Return the erasures of the last year, and the link to their certificate."""
    found = retention.past_erasures(session, now() - retention.BACK)
    title = _("Erased within a year")
    if not found:
        return [panel(title, html.P(_("Nothing that you know of was erased."), className="m-dim"))]
    names = Names(language(), "UTC")
    lines = [table_row(moment_utc(each.at), entry_sentence(each, names)) for each in found[:MOST]]
    way = file_button(_("Certificate of erasure, as PDF"), CERTIFICATE)
    return [panel(title, table([_("When"), _("What")], lines, label=title), way, note=number(len(found)))]
