"""Analysis page: a question, one button, and the answer on the map, in a table and in a sentence that explains it.

A worker process computes the answer. While it works on the analysis that is shown, the page polls the progress once a
second; the pulse announces the end.
"""

from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows, pulse_of, unless_hash
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.answer_styles import legend
from dashboard.map.answers import answer_id, result_content, stores, wire_answers
from dashboard.map.component import operation_map, scene_id, wire
from dashboard.map.packing import packed_scene_of
from dashboard.map.scene import scene
from dashboard.parts import answer as analysis_answer
from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.question_defaults import operation_defaults
from dashboard.places import ANALYSIS
from dashboard.screens.analysis import acts as analysis_acts  # noqa: F401 - their callbacks belong to it
from dashboard.screens.analysis import form as analysis_form
from dashboard.screens.analysis import state as analysis_state
from dashboard.screens.analysis import tables as analysis_tables
from dashboard.screens.analysis import variants as analysis_variants
from dashboard.screens.analysis.ids import MAP, Ids, fields_id
from dashboard.screens.analysis.question import FORMS
from dashboard.screens.analysis.second_map import ALONE
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE
from dashboard.wording import _
from operations.analyses.questions import ASKED
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing import analyses
from operations.policing.analyses import Analysis
from operations.policing.layers import layers
from operations.policing.operation import plan

NAV = ANALYSIS
wire(MAP)
wire_answers(MAP, Ids.EVENTS, analysis_variants.SHOWN)

PARTS = {
    "head": Output(Ids.HEAD, "children"),
    "sentences": Output(Ids.SENTENCES, "children"),
    "drawn": Output(answer_id(MAP), "data"),
    "legend": Output(Ids.LEGEND, "children"),
    "no_events": Output(Ids.EVENTS_ROW, "hidden"),
    "sources": Output(Ids.SOURCES, "children"),
    "tables": Output(Ids.TABLES, "children"),
    "notes": Output(Ids.NOTES, "children"),
    "no_variants": Output(Ids.VARIANTS, "hidden"),
    "variants": Output(analysis_variants.SHOWN, "data"),
    "variant": Output(analysis_variants.SHOWN, "value"),
    "beside_variants": Output(analysis_variants.BESIDE, "data"),
    "beside": Output(analysis_variants.BESIDE, "value"),
}
"""The parts that are redrawn when another analysis is shown, or the shown one changes state."""

_CHOSEN = ("variants", "variant", "beside_variants", "beside")
"""The reader's own choices of view, which stay when an adoption alone changed the page."""


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor, analysis: str = "") -> Parts:
    """Return the page of one operation; it opens with the newest analysis, or with the one that the address names."""
    asked = analyses.analyses(session, operation.id, kinds=FORMS)
    shown = _named(session, operation.id, analysis) if analysis else next(iter(asked), None)
    parts = written(session, operation, shown)
    stage = scene(session, operation, by)
    form = _question(session, operation) if may(by, Act.ANALYSIS_ASK, plan.subject(operation)) else []
    going = shown is not None and not shown.ended
    return page(
        _("Analysis"),
        tags.Div(
            dcc.Store(id=Ids.SHOWN, data=None if shown is None else str(shown.id)),
            dcc.Store(id=Ids.MARK, data=mark(shown)),
            dcc.Interval(id=Ids.TICKS, interval=1000, disabled=not going),
            *stores(MAP, parts["drawn"]),
            tags.Aside(
                *form,
                html.Div(
                    analysis_state.history(asked, None if shown is None else shown.id),
                    id=Ids.HISTORY,
                    className="analysis-history",
                ),
                className="analysis-ask",
                **{"aria-label": _("The question")},
            ),
            _answer(parts, shown, operation.id, stage),
            className="analysis",
        ),
        full=True,
    )


def _question(session: Session, operation: plan.Operation) -> list[Component]:
    given = operation_defaults(session, operation, plan.countries(session, operation.id))
    cards = [
        dmc.RadioCard(
            [
                icon(ASKED[kind].icon, 20),
                html.Span([html.Strong(_(ASKED[kind].words)), html.Small(_(ASKED[kind].meaning), className="m-dim")]),
            ],
            value=kind,
            className="analysis-card",
        )
        for kind in FORMS
    ]
    first = next(iter(FORMS))
    return [
        pulse_of(analysis_form.QUESTION),
        html.H2(_("What do you want to know?"), id=f"{Ids.KIND}-label", className="m-visually-hidden"),
        dmc.RadioGroup(html.Div(cards, className="analysis-cards"), id=Ids.KIND, value=first),
        *(
            html.Div(
                analysis_form.fields_of(ASKED[kind], given, f"/operations/{operation.id}"),
                id=fields_id(kind),
                hidden=kind is not first,
                className="analysis-fields",
            )
            for kind in FORMS
        ),
    ]


def _answer(parts: dict[str, Any], shown: Analysis | None, operation_id: UUID, stage: dict[str, Any]) -> Component:
    events = dmc.Switch(id=Ids.EVENTS, label=_("Events"), checked=False, size="xs")
    over = tags.Div(
        html.Ul(parts["legend"], id=Ids.LEGEND, **{"aria-label": _("Legend")}),
        html.Div(events, id=Ids.EVENTS_ROW, hidden=parts["no_events"]),
        className="atlas-legend analysis-legend",
    )
    return tags.Section(
        html.Div(parts["head"], id=Ids.HEAD),
        html.Div(progress_of(shown), id=Ids.PROGRESS),
        html.Div(parts["sentences"], id=Ids.SENTENCES, className="analysis-sentences"),
        html.Div(analysis_variants.bar(parts["variants"]), id=Ids.VARIANTS, hidden=parts["no_variants"]),
        tags.Div(
            html.Div(
                operation_map(
                    MAP,
                    scene=stage,
                    operation_id=operation_id,
                    legend=False,
                    label=_("Map of the answer"),
                    children=[over],
                ),
                className="analysis-map",
            ),
            html.Div(id=Ids.BESIDE, className=ALONE),
            className="analysis-maps",
            id=Ids.PAIR,
            **{"data-pair": "true"},
            **unless_hash(stage),
        ),
        html.Div(parts["sources"], id=Ids.SOURCES, className="analysis-sources"),
        html.Div(parts["tables"], id=Ids.TABLES),
        html.Div(parts["notes"], id=Ids.NOTES),
        className="analysis-answer",
        **{"aria-label": _("The answer")},
    )


# ------------------------------------------------------------------------------------------------- what is shown


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    """Return an analysis of the operation by its id in text. Raises NotFound."""
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id:
        raise NotFound
    return found


def mark(shown: Analysis | None) -> str:
    """Return a marker that stays equal as long as the same analysis is shown in the same state."""
    return "" if shown is None else f"{shown.id}:{shown.state}:{shown.adopted_at}"


def progress_of(shown: Analysis | None) -> list[Component]:
    """Return the progress of the analysis that is shown."""
    return [] if shown is None else analysis_state.progress(shown, clock.now())


def written(session: Session, operation: plan.Operation, shown: Analysis | None) -> dict[str, Any]:
    """Return each part of the answer, by the names of PARTS."""
    by, result = actor(), None if shown is None else analyses.result(session, shown.id)
    parts: dict[str, Any] = {name: [] for name in PARTS}
    if shown is None:
        asks = may(by, Act.ANALYSIS_ASK, plan.subject(operation))
        nothing = {"drawn": None, "no_events": True, "no_variants": True, "variant": None, "beside": None}
        return parts | nothing | {"head": analysis_state.nothing_asked(may_ask=asks)}
    parts["head"] = analysis_state.head(
        shown,
        result,
        may_ask=may(by, Act.ANALYSIS_ASK, analyses.subject(shown)),
        may_adopt=may(by, Act.ANALYSIS_ADOPT, analyses.subject(shown)),
        plan_href=f"/operations/{operation.id}/plan",
    )
    declared = ASKED[shown.kind].looks
    known = analysis_variants.choices(None if result is None else result.result)
    parts |= {"no_variants": not known, "variants": known, "beside_variants": known}
    parts |= {"variant": analysis_variants.first(known), "beside": None}
    features = [] if result is None else result.result["features"]
    versions = _versions(session, shown)
    parts["drawn"] = result_content(f"{shown.id}:{result is not None}", operation.id, features, declared, versions)
    parts["no_events"] = not versions
    parts["notes"] = [analysis_answer.provenance(shown, result, operation.zone)]
    if result is not None:
        parts |= {
            "sentences": analysis_answer.headline(shown.kind, result.result),
            "legend": legend(features, declared),
            "sources": analysis_answer.sources(result.result["sources"]),
            "tables": analysis_tables.tables(shown.kind, result.result),
            "notes": [*analysis_answer.notes(result.result), *parts["notes"]],
        }
    return parts


def _versions(session: Session, shown: Analysis) -> list[tuple[str, str]]:
    """Return the layers that were analysed, as far as this person may see their events now."""
    known = {str(each.id): each for each in layers.layers(session, shown.operation_id)}
    return [(each, known[each].name) for each in shown.layer_versions if each in known]


@screen(
    output={
        **PARTS,
        "first": Output(Ids.SHOWN, "data"),
        "progress": Output(Ids.PROGRESS, "children"),
        "history": Output(Ids.HISTORY, "children"),
        "still": Output(Ids.TICKS, "disabled"),
        "mark": Output(Ids.MARK, "data"),
    },
    inputs={
        "shown": Input(Ids.SHOWN, "data"),
        "_pulse": Input(PULSE, "data"),
        "_ticks": Input(Ids.TICKS, "n_intervals"),
    },
    state={"operation_id": State(OPERATION, "data"), "before": State(Ids.MARK, "data")},
    act=Act.ANALYSIS_READ,
    prevent_initial_call=True,
)
def refresh(shown: str | None, _pulse: int, _ticks: int | None, operation_id: str, before: str) -> dict[str, Any]:
    """Return the progress, and the whole answer where another analysis is shown or its state changed.

    Where none is shown yet, the first that is asked becomes the shown one.
    """
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asked = analyses.analyses(session, operation.id, kinds=FORMS)
        analysis = _named(session, operation.id, shown) if shown else next(iter(asked), None)
        now_marked = mark(analysis)
        same = now_marked == before
        parts = dict.fromkeys(PARTS, no_update) if same else written(session, operation, analysis)
        if analysis is not None and before.startswith(f"{analysis.id}:{analysis.state}:"):
            parts |= dict.fromkeys(_CHOSEN, no_update)
        listed = (
            no_update
            if same and ctx.triggered_id == Ids.TICKS
            else analysis_state.history(asked, None if analysis is None else analysis.id)
        )
    return {
        **parts,
        "first": str(analysis.id) if analysis is not None and not shown else no_update,
        "progress": progress_of(analysis),
        "history": listed,
        "still": analysis is None or analysis.ended,
        "mark": now_marked,
    }


SCENE = Output(scene_id(MAP), "data")
follows(packed_scene_of, SCENE, act=Act.ANALYSIS_READ, operation=OPERATION, unless=scene, on=Ids.PAIR)


@does({"type": "analysis-item", "analysis": ALL}, act=Act.ANALYSIS_READ, shows=(Output(Ids.SHOWN, "data"),))
def choose(press: Press) -> Done:
    """Show an analysis of the list."""
    return Done(shown=(press.subject["analysis"],))
