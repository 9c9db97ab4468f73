"""Analysis: a question, one button, and the answer on the map, in a table and in a sentence that explains it.

A worker answers outside the web process. While one works on the analysis that is shown, the page asks once a second how
far it is; the pulse tells the end.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import analysis_answer, analysis_form, analysis_question, analysis_state
from dashboard.components.analysis_question import FIELDS, FORMS, PLAIN_WORDS, SITES, find_out_id
from dashboard.components.icon import icon
from dashboard.later import later
from dashboard.live import PULSE
from dashboard.map.answers import answer_id, drawn, legend, stores, wire_answers
from dashboard.map.component import operation_map, wire
from dashboard.map.rights import taking_part
from dashboard.map.scene import scene
from dashboard.navigation import Nav
from dashboard.policy import screen
from dashboard.refusals import say
from dashboard.shell import page
from dashboard.wording import N_, _, ngettext
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind, MapObjectKind
from operations.policing import adoption, analyses, layers, plan
from operations.policing.analyses import Analysis, AnalysisDraft, AnalysisResult

if TYPE_CHECKING:
    from geodata import shapes
else:
    shapes = later("geodata.shapes")

NAV = Nav(
    name=N_("Analysis"),
    path_template="/operations/<operation_id>/analysis",
    icon="radar",
    order=22,
    act=Act.ANALYSIS_READ,
)
MAP = "analysis-map"


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "analysis-operation"
    SHOWN = "analysis-shown"
    MARK = "analysis-mark"
    TICKS = "analysis-ticks"
    KIND = "analysis-kind"
    HISTORY = "analysis-history"
    HEAD = "analysis-head"
    PROGRESS = "analysis-progress"
    SENTENCES = "analysis-sentences"
    SOURCES = "analysis-sources"
    LEGEND = "analysis-legend"
    EVENTS = "analysis-events"
    EVENTS_ROW = "analysis-events-row"
    TABLES = "analysis-tables"
    NOTES = "analysis-notes"


wire(MAP)
wire_answers(MAP, Ids.EVENTS)

PARTS = {
    "head": Output(Ids.HEAD, "children"),
    "sentences": Output(Ids.SENTENCES, "children"),
    "drawn": Output(answer_id(MAP), "data"),
    "legend": Output(Ids.LEGEND, "children"),
    "no_events": Output(Ids.EVENTS_ROW, "hidden"),
    "sources": Output(Ids.SOURCES, "children"),
    "tables": Output(Ids.TABLES, "children"),
    "notes": Output(Ids.NOTES, "children"),
}
"""What is written anew when another analysis is shown, or the one that is shown has moved on."""


def layout(operation_id: str = "", analysis: str = "", **_query: str) -> Component:
    """The page of one operation; it opens with the newest analysis, or with the one that the address names."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        asked = analyses.analyses(session, operation.id, kinds=FORMS)
        shown = _named(session, operation.id, analysis) if analysis else next(iter(asked), None)
        parts = written(session, operation, shown)
        stage = scene(session, operation, by)
        form = _question(session, operation) if may(by, Act.ANALYSIS_ASK, plan.subject(operation)) else []
    going = shown is not None and not shown.ended
    return page(
        _("Analysis"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                dcc.Store(id=Ids.SHOWN, data=None if shown is None else str(shown.id)),
                dcc.Store(id=Ids.MARK, data=mark(shown)),
                dcc.Interval(id=Ids.TICKS, interval=1000, disabled=not going),
                *stores(MAP, parts["drawn"]),
                html.Aside(
                    [
                        *form,
                        html.Div(
                            analysis_state.history(asked, None if shown is None else shown.id),
                            id=Ids.HISTORY,
                            className="analysis-history",
                        ),
                    ],
                    className="analysis-ask",
                    **{"aria-label": _("The question")},
                ),
                _answer(parts, shown, operation.id, stage),
            ],
            className="analysis",
        ),
        full=True,
    )


def _question(session: Session, operation: plan.Operation) -> list[Component]:
    known = layers.layers(session, operation.id)
    journeys = analysis_question.journeys_of(session, operation.id)
    in_force = analysis_question.in_force_of(session, operation.id)
    hrefs = {name: f"/operations/{operation.id}/{name}" for name in ("layers", "plan")}
    cards = [
        dmc.RadioCard(
            [
                icon(symbol, 20),
                html.Span([html.Strong(_(words)), html.Small(_(meaning), className="m-dim")]),
            ],
            value=kind.value,
            className="analysis-card",
        )
        for kind, (words, meaning, symbol) in PLAIN_WORDS.items()
    ]
    first = AnalysisKind.HOTSPOTS
    return [
        dmc.RadioGroup(
            html.Div(cards, className="analysis-cards"),
            id=Ids.KIND,
            value=first.value,
            **{"aria-label": _("What do you want to know?")},
        ),
        *(
            html.Div(
                analysis_form.fields_of(kind, known, journeys, in_force, hrefs),
                id=fields_id(kind),
                hidden=kind is not first,
                className="analysis-fields",
            )
            for kind in FORMS
        ),
    ]


def fields_id(kind: AnalysisKind) -> str:
    """The element that holds the form of a question."""
    return f"analysis-fields-{kind.value}"


def _answer(parts: dict[str, Any], shown: Analysis | None, operation_id: UUID, stage: dict[str, Any]) -> Component:
    events = dmc.Switch(id=Ids.EVENTS, label=_("Events"), checked=False, size="xs")
    over = html.Div(
        [
            html.Ul(parts["legend"], id=Ids.LEGEND, **{"aria-label": _("Legend")}),
            html.Div(events, id=Ids.EVENTS_ROW, hidden=parts["no_events"]),
        ],
        className="atlas-legend analysis-legend",
    )
    return html.Section(
        [
            html.Div(parts["head"], id=Ids.HEAD),
            html.Div(progress_of(shown), id=Ids.PROGRESS),
            html.Div(parts["sentences"], id=Ids.SENTENCES, className="analysis-sentences"),
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
            html.Div(parts["sources"], id=Ids.SOURCES, className="analysis-sources"),
            html.Div(parts["tables"], id=Ids.TABLES),
            html.Div(parts["notes"], id=Ids.NOTES),
        ],
        className="analysis-answer",
        **{"aria-label": _("The answer")},
    )


# ------------------------------------------------------------------------------------------------- what is shown


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    """An analysis of the operation. Raises NotFound."""
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id:
        raise NotFound
    return found


def mark(shown: Analysis | None) -> str:
    """Equal as long as the same analysis is shown in the same state."""
    return "" if shown is None else f"{shown.id}:{shown.state}:{shown.adopted_at}"


def progress_of(shown: Analysis | None) -> list[Component]:
    """How far the analysis is that is shown."""
    return [] if shown is None else analysis_state.progress(shown, clock.now())


def written(session: Session, operation: plan.Operation, shown: Analysis | None) -> dict[str, Any]:
    """Each part of the answer, by the names of PARTS."""
    by, found = actor(), None if shown is None else analyses.result(session, shown.id)
    parts: dict[str, Any] = {name: [] for name in PARTS}
    if shown is None:
        asks = may(by, Act.ANALYSIS_ASK, plan.subject(operation))
        return parts | {"head": analysis_state.nothing_asked(may_ask=asks), "drawn": None, "no_events": True}
    parts["head"] = analysis_state.head(
        shown,
        found,
        may_ask=may(by, Act.ANALYSIS_ASK, analyses.subject(shown)),
        may_adopt=may(by, Act.ANALYSIS_ADOPT, analyses.subject(shown)),
        plan_href=f"/operations/{operation.id}/plan",
    )
    trends = analysis_answer.trend_words()
    features = [] if found is None else found.result["features"]
    versions = _versions(session, shown)
    parts["drawn"] = drawn(f"{shown.id}:{found is not None}", operation.id, features, trends, versions)
    parts["no_events"] = not versions
    parts["notes"] = [analysis_answer.made(shown, found, operation.zone)]
    if found is not None:
        parts |= {
            "sentences": analysis_answer.headline(AnalysisKind(shown.kind), found.result),
            "legend": legend(features, trends),
            "sources": analysis_answer.sources(found.result["sources"]),
            "tables": analysis_answer.tables(AnalysisKind(shown.kind), found.result),
            "notes": [*analysis_answer.notes(found.result), *parts["notes"]],
        }
    return parts


def _versions(session: Session, shown: Analysis) -> list[tuple[str, str]]:
    """The layers that were asked, as far as this person may see their events now."""
    known = {str(each.id): each for each in layers.layers(session, shown.operation_id)}
    return [(each, known[each].name) for each in shown.layer_versions if each in known]


@screen(
    output={
        **PARTS,
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
    state={"operation_id": State(Ids.OPERATION, "data"), "before": State(Ids.MARK, "data")},
    act=Act.ANALYSIS_READ,
    prevent_initial_call=True,
)
def refresh(shown: str | None, _pulse: int, _ticks: int | None, operation_id: str, before: str) -> dict[str, Any]:
    """How far it is; and the whole answer where another analysis is shown or its state is another."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        found = _named(session, operation.id, shown) if shown else None
        now_marked = mark(found)
        same = now_marked == before
        parts = dict.fromkeys(PARTS, no_update) if same else written(session, operation, found)
        listed = (
            no_update
            if same and ctx.triggered_id == Ids.TICKS
            else analysis_state.history(
                analyses.analyses(session, operation.id, kinds=FORMS), None if found is None else found.id
            )
        )
    return {
        **parts,
        "progress": progress_of(found),
        "history": listed,
        "still": found is None or found.ended,
        "mark": now_marked,
    }


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input({"type": "analysis-item", "analysis": ALL}, "n_clicks"),
    act=Act.ANALYSIS_READ,
    prevent_initial_call=True,
)
def choose(clicks: list[int]) -> Any:
    """Show an analysis of the list."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update
    return ctx.triggered_id["analysis"]


# -------------------------------------------------------------------------------------------------- the question


@screen(
    *[Output(fields_id(kind), "hidden") for kind in FORMS],
    *[Output(FORMS[AnalysisKind.PLACEMENT].id(field), "data") for field in SITES],
    Input(Ids.KIND, "value"),
    State(Ids.OPERATION, "data"),
    *[State(FORMS[AnalysisKind.PLACEMENT].id(field), "value") for field in SITES],
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def ask_for(chosen: str, operation_id: str, *sites: list[str] | None) -> list[Any]:
    """Show the form of the chosen question; crossings to choose from come when they are needed."""
    hidden = [kind.value != chosen for kind in FORMS]
    if chosen != AnalysisKind.PLACEMENT:
        return [*hidden, *[no_update] * len(SITES)]
    with reading() as session:
        countries = taking_part(session, plan.operation(session, known_id(operation_id), actor()).id)
    return [*hidden, *(analysis_question.site_options(countries, each or ()) for each in sites)]


def _asking(kind: AnalysisKind) -> Any:
    """The callback of one question's button."""
    form = FORMS[kind]
    checked = {"weighted"}

    @screen(
        output=[
            Output(Ids.SHOWN, "data", allow_duplicate=True),
            Output(form.id("client-id"), "data", allow_duplicate=True),
        ],
        inputs={"clicks": Input(find_out_id(kind), "n_clicks")},
        state={
            "operation_id": State(Ids.OPERATION, "data"),
            "client": form.client_id_state(),
            "values": {name: State(form.id(name), "checked" if name in checked else "value") for name in FIELDS[kind]},
        },
        act=Act.ANALYSIS_ASK,
        form=form,
        prevent_initial_call=True,
        running=[(Output(find_out_id(kind), "loading"), True, False)],
    )
    def find_out(clicks: int | None, operation_id: str, client: str, values: dict[str, Any]) -> Any:
        """Ask; the new analysis is shown at once, and its answer when it is there."""
        if not clicks:
            return [no_update, no_update]
        question = analysis_question.typed(kind, values)
        with unit_of_work() as session:
            asked_of = (
                analysis_question.chosen_layers(session, known_id(operation_id), values)
                if "layers" in FIELDS[kind]
                else ()
            )
            draft = AnalysisDraft(id=known_id(client), kind=kind, layer_versions=asked_of)
            made = analyses.ask(session, known_id(operation_id), draft, question, actor())
        return [str(made.id), str(new_id())]

    return find_out


find_out = {kind: _asking(kind) for kind in FORMS}
"""For each question the function behind its button."""


# ------------------------------------------------------------------------------------------ what is done with it


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(analysis_state.STOP, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def stop(clicks: int | None, shown: str) -> Any:
    """Stop the analysis that is shown; the best so far is kept."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        analyses.cancel(session, known_id(shown), actor())
    return shown


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(analysis_state.AGAIN, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
    running=[(Output(analysis_state.AGAIN, "loading"), True, False)],
)
def ask_again(clicks: int | None, shown: str) -> Any:
    """Ask the same question again from the beginning."""
    return _again(clicks, shown, analyses.rerun)


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(analysis_state.RESUME, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
    running=[(Output(analysis_state.RESUME, "loading"), True, False)],
)
def resume(clicks: int | None, shown: str) -> Any:
    """Go on from the best that was found."""
    return _again(clicks, shown, analyses.resume)


def _again(clicks: int | None, shown: str, verb: Any) -> Any:
    if not clicks:
        return no_update
    with unit_of_work() as session:
        return str(verb(session, known_id(shown), new_id(), actor()).id)


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(analysis_state.ADOPT, "n_clicks"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.ANALYSIS_ADOPT,
    prevent_initial_call=True,
    running=[(Output(analysis_state.ADOPT, "loading"), True, False)],
)
def adopt(clicks: int | None, shown: str, operation_id: str) -> Any:
    """Put the checkpoints of the answer onto the plan, as planned objects."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        found = analyses.result(session, known_id(shown))
        if found is None:
            raise NotFound
        drawn_now = adoption.adopt(session, known_id(operation_id), known_id(shown), checkpoints(found), actor())
    say(
        ngettext(
            "{n} checkpoint is on the plan now, as planned.",
            "{n} checkpoints are on the plan now, as planned.",
            len(drawn_now),
        )
    )
    return shown


def checkpoints(found: AnalysisResult) -> list[adoption.Adopted]:
    """The checkpoints of a placement with their shapes."""
    return [
        adoption.Adopted(
            adoption.AdoptionDraft(
                ref=each["properties"]["id"], kind=MapObjectKind.CHECKPOINT, name=each["properties"]["place"][:120]
            ),
            shapes.measure(each["geometry"]),
        )
        for each in found.result["features"]
        if each["properties"]["kind"] == "checkpoint"
    ]
