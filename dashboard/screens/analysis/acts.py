"""Actions on an analysis: stop, run again, resume, adopt onto the plan."""

from typing import Any

from dash import Output, State

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.screens.analysis import state as analysis_state
from dashboard.screens.analysis import variants as analysis_variants
from dashboard.screens.analysis.ids import Ids
from dashboard.screens.analysis.words import plan_words
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import shapes
from dashboard.wording import ngettext
from operations.analyses import adoption
from operations.core.errors import existing
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.core.vocabulary import MapObjectKind
from operations.policing import analyses
from operations.policing.analyses import AnalysisResult

SHOWN = {"shown": State(Ids.SHOWN, "data")}


def _button(identifier: str) -> dict[str, Any]:
    return {
        "shows": (Output(Ids.SHOWN, "data"),),
        "given": SHOWN,
        "running": [(Output(identifier, "loading"), True, False)],
    }


@does(analysis_state.STOP, act=Act.ANALYSIS_ASK, **_button(analysis_state.STOP))
def stop(press: Press, shown: str) -> Done:
    """Stop the analysis that is shown; its best answer so far is kept."""
    analyses.cancel(press.session, known_id(shown), press.by)
    return Done(shown=(shown,))


@does(analysis_state.AGAIN, act=Act.ANALYSIS_ASK, counted="analyses", **_button(analysis_state.AGAIN))
def ask_again(press: Press, shown: str) -> Done:
    """Ask the same question again from the beginning."""
    return Done(shown=(str(analyses.rerun(press.session, known_id(shown), new_id(), press.by).id),))


@does(analysis_state.RESUME, act=Act.ANALYSIS_ASK, counted="analyses", **_button(analysis_state.RESUME))
def resume(press: Press, shown: str) -> Done:
    """Resume from the best answer so far."""
    return Done(shown=(str(analyses.resume(press.session, known_id(shown), new_id(), press.by).id),))


@does(
    analysis_state.ADOPT,
    act=Act.ANALYSIS_ADOPT,
    operation=OPERATION,
    **_button(analysis_state.ADOPT) | {"given": SHOWN | {"variant": State(analysis_variants.SHOWN, "value")}},
)
def adopt(press: Press, shown: str, variant: str | None) -> Done:
    """Put the checkpoints or routes that the map shows onto the plan as planned objects."""
    analysis_result = existing(analyses.result(press.session, known_id(shown)))
    chosen = adopted(analysis_result, variant)
    drawn_now = adoption.adopt(press.session, press.operation_id, known_id(shown), chosen, press.by)
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
    return Done(words, shown=(shown,))


_BECOMES = {"checkpoint": MapObjectKind.CHECKPOINT, "route": MapObjectKind.ROUTE}


def adopted(found: AnalysisResult, variant: str | None) -> list[adoption.Adopted]:
    """Return the checkpoints or routes of the chosen variant with their shapes; of the first where none was chosen."""
    known = [each["name"] for each in found.result["figures"].get("variants", [])]
    chosen = variant if variant in known else next(iter(known), None)
    return [
        adoption.Adopted(_draft(feature["properties"], found), shapes.measure(feature["geometry"]))
        for feature in found.result["features"]
        if feature["properties"]["kind"] in _BECOMES
        and (chosen is None or chosen in feature["properties"].get("of", [chosen]))
    ]


def _draft(about: dict[str, Any], found: AnalysisResult) -> adoption.AdoptionDraft:
    kind = _BECOMES[about["kind"]]
    if kind is MapObjectKind.CHECKPOINT:
        return adoption.AdoptionDraft(ref=about["id"], kind=kind, name=about["place"][:120])
    ref = f"route {about['number']}"
    through = " – ".join(about["countries"])
    return adoption.AdoptionDraft(ref=ref, kind=kind, name=f"{plan_words(ref)}: {through}"[:120])
