"""Picture of the STOP loop: its links in order, each as a share of the previous one, and where it is broken."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_text import unreliable_words
from dashboard.parts.icon import icon
from dashboard.wording import UNDEFINED, _, number, sentence
from operations.programme.stop_loop import Loop


def picture(found: Loop) -> Component:
    """Return the links; below them the gaps, in sentences."""

    def of(whole: int) -> str:
        return _("of {whole}", whole=number(whole))

    links = [
        _link("school", _("Trained"), found.trained, of(found.enrolled)),
        _link("map-pin", _("Posted to a site"), found.posted, of(found.trained)),
        _link("device-desktop", _("With a device that works"), found.equipped, of(found.posted)),
        _link("search", _("Queries where they work"), found.here, "" if found.queries is None else of(found.queries)),
        _link("check", _("Confirmed hits"), found.hits, unreliable_words(found.gaps) or _("of the operation")),
        _link("report-analytics", _("Practice is known"), found.practised, of(found.runs)),
        _link("flag", _("Results are known"), found.closed, of(found.runs)),
    ]
    picture = html.Ol(links, className="stop-loop", **{"aria-label": _("From training to practice")})
    return html.Div([picture, _said(found)])


def _link(icon_name: str, name: str, count: int | None, note: str) -> Component:
    value = UNDEFINED if count is None else number(count)
    look = "stop-loop-link is-empty" if not count else "stop-loop-link"
    words = [html.Span(name, className="m-stat-label"), html.Span(value, className="m-stat-value m-num")]
    return html.Li([icon(icon_name, 18), *words, html.Span(note, className="m-dim m-small m-num")], className=look)


def _said(found: Loop) -> Component:
    if found.whole:
        return html.P(_("Nothing is missing in this loop."), className="stop-loop-whole")
    items = [html.Li([icon("alert-triangle", 18), html.Span(sentence(each))]) for each in found.broken]
    return html.Ul(items, className="stop-loop-broken", **{"aria-label": _("Where the loop is broken")})
