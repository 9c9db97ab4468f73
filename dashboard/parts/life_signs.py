"""Heartbeats of background jobs: timetable, backup, check of the journal. Red after two missed periods."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.wording import _, ago, moment_utc
from operations.timetable.heartbeats import Health, Watched


def life_signs(found: Sequence[Health]) -> list[Component]:
    """Return a warning with a word for each red job; the others are behind one tick, with their last success."""
    well = [_sign(each) for each in found if not each.red]
    said = html.Summary([icon("check", size=14), _("Background work runs")])
    return [
        *(_sign(each) for each in found if each.red),
        *([html.Details([said, *well], className="life-well")] if well else []),
    ]


def watched_name(watched: Watched) -> str:
    """Return the name of a process or a lasting job."""
    return {
        Watched.TIMETABLE: _("Timetable"),
        Watched.BACKUP: _("Backup"),
        Watched.CHAIN: _("Journal check"),
        Watched.ANSWERS: _("Answers to questions"),
        Watched.STORIES: _("Demo story"),
        Watched.PROGRAMME: _("Demo programme"),
    }[watched]


def _sign(each: Health) -> Component:
    name = watched_name(each.watched)
    if each.succeeded_at is None:
        words, when = _("never ran"), _("It has not succeeded yet.")
    else:
        words = _("overdue: {ago}", ago=ago(each.succeeded_at)) if each.red else ago(each.succeeded_at)
        when = _("Last success: {moment}", moment=moment_utc(each.succeeded_at))
    return html.Span(
        [icon("alert-triangle" if each.red else "check", size=14), html.Strong(name), html.Span(words)],
        className="life-sign" + (" life-sign--red" if each.red else ""),
        title=when,
        **{"data-watched": each.watched.value, "data-red": "true" if each.red else "false"},
    )
