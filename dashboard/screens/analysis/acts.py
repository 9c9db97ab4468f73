"""What is done with an analysis on its page: stopped, asked again, gone on with, adopted."""

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, no_update

from dashboard.frame.policy import screen
from dashboard.refusals import say
from dashboard.screens.analysis import state as analysis_state
from dashboard.screens.analysis import variants as analysis_variants
from dashboard.screens.analysis.ids import Ids
from dashboard.screens.analysis.words import plan_words
from dashboard.server.access import actor, known_id, unit_of_work
from dashboard.server.later import later
from dashboard.wording import ngettext
from operations.analyses import adoption
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.core.vocabulary import MapObjectKind
from operations.policing import analyses
from operations.policing.analyses import AnalysisResult

if TYPE_CHECKING:
    from geodata.ground import shapes
else:
    shapes = later("geodata.ground.shapes")


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
    with unit_of_work("analyses") as session:
        return str(verb(session, known_id(shown), new_id(), actor()).id)


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(analysis_state.ADOPT, "n_clicks"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    State(analysis_variants.SHOWN, "value"),
    act=Act.ANALYSIS_ADOPT,
    prevent_initial_call=True,
    running=[(Output(analysis_state.ADOPT, "loading"), True, False)],
)
def adopt(clicks: int | None, shown: str, operation_id: str, variant: str | None) -> Any:
    """Put what is on the map, the checkpoints of a plan or the routes, onto the plan as planned objects."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        found = analyses.result(session, known_id(shown))
        if found is None:
            raise NotFound
        chosen = adopted(found, variant)
        drawn_now = adoption.adopt(session, known_id(operation_id), known_id(shown), chosen, actor())
    if any(each.draft.kind is MapObjectKind.ROUTE for each in chosen):
        words = ngettext(
            "{n} route is on the plan now, as planned.", "{n} routes are on the plan now, as planned.", len(drawn_now)
        )
    else:
        words = ngettext(
            "{n} checkpoint is on the plan now, as planned.",
            "{n} checkpoints are on the plan now, as planned.",
            len(drawn_now),
        )
    say(words)
    return shown


_BECOMES = {"checkpoint": MapObjectKind.CHECKPOINT, "route": MapObjectKind.ROUTE}


def adopted(found: AnalysisResult, variant: str | None) -> list[adoption.Adopted]:
    """The checkpoints or routes of the chosen plan with their shapes; of the first where none was chosen."""
    known = [each["name"] for each in found.result["figures"].get("variants", [])]
    chosen = variant if variant in known else next(iter(known), None)
    return [
        adoption.Adopted(_draft(each["properties"], found), shapes.measure(each["geometry"]))
        for each in found.result["features"]
        if each["properties"]["kind"] in _BECOMES
        and (chosen is None or chosen in each["properties"].get("of", [chosen]))
    ]


def _draft(about: dict[str, Any], found: AnalysisResult) -> adoption.AdoptionDraft:
    kind = _BECOMES[about["kind"]]
    if kind is MapObjectKind.CHECKPOINT:
        return adoption.AdoptionDraft(ref=about["id"], kind=kind, name=about["place"][:120])
    ref = f"route {about['number']}"
    through = " – ".join(about["countries"])
    return adoption.AdoptionDraft(ref=ref, kind=kind, name=f"{plan_words(ref)}: {through}"[:120])
