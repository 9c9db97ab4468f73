"""Targets of an operation: number, target and progress bar of each figure."""

from collections.abc import Callable, Sequence

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.badges import level_badge
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.figure_text import Tile
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.kpi_board import WHOLE, BoardChoice, default_level, frame_of, tiles_of
from dashboard.parts.kpi_tile import stated_tile
from dashboard.parts.panel import empty_state
from dashboard.wording import UNDEFINED, _, clock, moment, number
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Level
from operations.figures import board
from operations.figures.values import Figure
from operations.policing.operation import plan, targets
from operations.policing.operation.targets import SHARES, KpiTarget
from operations.results.restatements import restated_since_export


def target_list(
    session: Session,
    operation: plan.Operation,
    by: Actor,
    beside: Callable[[Kpi], Sequence[Component]] = lambda _kpi: (),
) -> list[Component]:
    """Return the targets with the figures that this reader may see, and `beside`; an empty state without targets."""
    wanted = targets.targets(session, operation.id)
    holds = what_holds(operation)
    if not wanted:
        return [
            empty_state(
                _("No target is set"), _("The coordinator says here what the operation sets out to reach."), "target"
            )
        ]
    if not _reads(operation, by):
        rows = [_row(target, None, None, beside(kpi)) for kpi, target in wanted.items()]
        return [html.Ul(rows, className="targets"), *holds]
    frame = frame_of(operation, BoardChoice.of(default_level(session, operation), WHOLE, None, by), by)
    read, changed = board.read_board(session, frame, by), restated_since_export(session, frame, by)
    words = {each.kpi: each for each in tiles_of(read, by, plan.phases(session, operation.id), restated=changed)}
    rows = [
        _row(target, read.figures[kpi], words[kpi], (*_released(read.figures[kpi], operation.zone), *beside(kpi)))
        for kpi, target in wanted.items()
    ]
    stands = _("as of {moment}", moment=clock(read.as_of, operation.zone))
    return [html.Ul(rows, className="targets"), html.P(stands, className="m-dim m-small m-num"), *holds]


def what_holds(operation: plan.Operation) -> list[Component]:
    """Say which of two goals holds where one was written in words beside the targets."""
    if not operation.measured_goal:
        return []
    words = _("Progress is measured against these targets. The measured goal in words changes none of them.")
    return [html.P(words, className="m-dim m-small")]


def _released(figure: Figure, zone: str) -> list[Component]:
    """Since when a number stands that moves in releases: it is not that of the hour in which it is read."""
    if figure.released is None or figure.released.sums is None:
        return []
    words = _("as released at {moment}", moment=moment(figure.released.sums, zone))
    return [html.Span(words, className="target-released m-dim m-small m-num")]


def _reads(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.TOTALS_READ, plan.subject(operation, by.country if by.national else None))


def _row(target: KpiTarget, figure: Figure | None, words: Tile | None, beside: Sequence[Component]) -> Component:
    kpi = Kpi(target.kpi)
    definition, unit = CATALOGUE[kpi], "\u202f%" if kpi in SHARES else ""
    share = _share(figure, target.value)
    now = [stated_tile(words, ""), unit if words.number[0].isdigit() else ""] if words else UNDEFINED
    return tags.Li(
        html.Span(
            [html.Strong(_(definition.name)), level_badge(definition.level or Level.V3, explained=True)],
            className="target-name",
        ),
        tags.Span(
            html.Strong(now, className="target-now"),
            html.Span(_("of at least {target}", target=f"{number(target.value)}{unit}"), className="m-dim"),
            className="target-value m-num",
        ),
        *(html.Span(said, className="kpi-restated m-small m-num") for said in (words.caveats if words else ())),
        html.Span(
            html.Span(style={"inlineSize": f"{share:.0f}%"}) if share is not None else None,
            className="target-bar" + (" target-bar--reached" if share == 100 else ""),
            **{"aria-hidden": "true"},
        ),
        *beside,
        className="target",
    )


def _share(figure: Figure | None, target: int) -> float | None:
    """Return the width of the bar in per cent; None for a hidden number, which the bar would disclose."""
    if figure is None or figure.hidden or figure.value is None:
        return None
    return min(100.0, figure.value / target * 100)


def target_form(form: DraftForm, save: str, drop: str) -> Component:
    """Return the form to set or drop the target of a figure."""
    buttons = [button(_("Set"), id=save, icon_name="target"), button(_("Drop"), id=drop, kind="quiet")]
    return tags.Details(
        html.Summary(_("Set a target")),
        html.Div([*drawing(form)(), html.Div(buttons, className="m-row")], className="target-form"),
        className="overview-editor",
    )
