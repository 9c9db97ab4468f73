"""File of a past operation: its published figures, arithmetic checks on them, and the sources."""

from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.frame.shell import page
from dashboard.parts import published_text as words
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts, panel
from dashboard.parts.table import table, table_row
from dashboard.places import PAST_OPERATIONS
from dashboard.wording import _, coded, ngettext, number
from operations.results.past_operations.arithmetic_checks import ArithmeticFinding, findings
from operations.results.past_operations.publications import PastOperation, PublishedFigure, PublishedSource


def href_of(operation: PastOperation) -> str:
    """Return the URL of a past operation's file."""
    return f"{PAST_OPERATIONS.href()}?show={operation.number}"


def series_href(name: str) -> str:
    """Return the URL of a series."""
    return f"{PAST_OPERATIONS.href()}?editions={quote(name)}"


def file(operation: PastOperation) -> Component:
    """Return the file of one operation."""
    checks = findings(operation)
    odd = (
        [panel(_("What the numbers say of each other"), html.Ul([_finding(each) for each in checks]))] if checks else []
    )
    parts = [
        panel(operation.name, facts(_facts(operation))),
        panel(_("Published figures"), figure_table(operation), flush=True),
        *odd,
        panel(_("Sources"), html.Ul([_source(each, operation) for each in operation.sources])),
    ]
    return page(
        _("Past operation"),
        html.Div(parts, className="m-stack"),
        lead=_("As published, and preliminary like everything published. Nothing here was counted by Muster."),
        actions=[dcc.Link(_("All past operations"), href=PAST_OPERATIONS.href(), className="file-way")],
        wide=True,
    )


def _facts(operation: PastOperation) -> list[tuple[str, Any]]:
    rivals = "; ".join(words.period_words(each) for each in operation.rivals)
    inside = [icon("history", 16), html.Span(_("{series}: all editions side by side", series=operation.series))]
    days = number(operation.length) if operation.length else ""
    return [
        (_("Kind"), coded("CL-OPTYPE", operation.kind)),
        (_("Regions"), words.regions_words(operation)),
        (_("When"), words.when_words(operation)),
        (_("Other dates, from another source"), rivals),
        (_("Days"), days),
        (_("Published without a number"), "; ".join(operation.also)),
        (_("Series"), dcc.Link(inside, href=series_href(operation.series)) if operation.series else ""),
    ]


def figure_table(operation: PastOperation) -> Component:
    """Return every figure with its parts below it, and other sources below the first."""
    head = [
        _("Figure"),
        html.Th(_("As published"), scope="col", className="m-num"),
        _("Unit"),
        _("Status"),
        _("As of"),
        _("Source"),
        _("Counted here as"),
    ]
    ordered = [
        (row, depth, place) for figure, depth in in_order(operation) for place, row in enumerate(operation.rows(figure))
    ]
    return table(head, [_row(*each) for each in ordered], "past-figures", _("Published figures"))


def in_order(operation: PastOperation) -> list[tuple[PublishedFigure, int]]:
    """Return the leading figures with their positions: wholes in the order of the file, each followed by its parts."""
    ordered: list[tuple[PublishedFigure, int]] = []
    for figure in operation.leading:
        if not figure.part_of:
            parts = [part for part in operation.leading if figure.id and part.part_of == figure.id]
            ordered += [(figure, 0), *((part, 1) for part in parts)]
    return ordered


def _row(figure: PublishedFigure, depth: int, place: int) -> Component:
    by = coded("CL-BREAKDOWN", figure.by) if figure.by else ""
    marks = [
        _("of these, {by}", by=by) if depth else "",
        _("another source") if place else "",
        _("no total") if figure.partial else "",
    ]
    notes = [html.Small(" · ".join(filter(None, marks)), className="m-dim past-mark")] if any(marks) else []
    look = "past-rival" if place else "past-part" if depth else ""
    source = html.A(
        html.Bdi(figure.source.title), href=figure.source.urls[0], target="_blank", rel="noopener noreferrer"
    )
    return table_row(
        [html.Span(words.figure_name(figure)), *notes, *words.words_of(figure)],
        html.Td(words.much(figure), className="m-num"),
        words.unit_words(figure),
        coded("CL-STATUS", figure.status),
        html.Td(words.day_words(figure.as_of), className="past-day"),
        html.Td([source, html.Small(coded("CL-SOURCERANK", figure.source.rank), className="m-dim past-mark")]),
        html.Td(words.counted_as(figure), className="m-dim m-small"),
        className=look,
    )


def _finding(found: ArithmeticFinding) -> Component:
    about = words.figure_name(found.about) if found.about else _("Dates")
    by = coded("CL-BREAKDOWN", found.by) if found.by else ""
    told = [each for each in (by, f"\u2068{found.source.title}\u2069" if found.source else "") if each]
    name = f"{about} ({'; '.join(told)}): " if told else f"{about}: "
    mark = icon("alert-triangle" if found.verdict.wrong else "info-circle", 16)
    return html.Li(
        [mark, html.Span([html.Strong(name), words.arithmetic_sentence(found.said)])], className="past-finding"
    )


def _source(source: PublishedSource, operation: PastOperation) -> Component:
    links = [
        html.A(html.Bdi(url), href=url, target="_blank", rel="noopener noreferrer", className="past-url")
        for url in source.urls
    ]
    told = sum(each.source == source for each in operation.figures)
    when = words.day_words(source.published)
    note = ngettext(
        "{rank}; published {when}; {n} figure",
        "{rank}; published {when}; {n} figures",
        told,
        rank=coded("CL-SOURCERANK", source.rank),
        when=when,
    )
    return html.Li([html.Strong(html.Bdi(source.title)), html.Div(note, className="m-dim m-small"), *links])
