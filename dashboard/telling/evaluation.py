"""Sentences for debriefs, recommendations and evaluations. They name countries, days, figures and states."""

from dashboard.telling.names import Names, coded, day_of
from dashboard.telling.sentence_rows import row, steps
from dashboard.wording import N_, _, language
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import vocabulary
from operations.core.journal import Entry
from operations.evaluation import evaluation_states as evaluated
from operations.evaluation.recommendations import LIFE


def criterion_words(code: str) -> str:
    """Return the name of a criterion, or of a level of training evaluation."""
    return vocabulary.label("CL-DAC" if code in evaluated.DAC else "CL-KIRK", code, language())


def _figure(entry: Entry, _names: Names) -> str:
    return _(CATALOGUE[Kpi(entry.detail["kpi"])].name)


def _criterion(entry: Entry, _names: Names) -> str:
    return criterion_words(entry.detail["criterion"])


RECOMMENDATIONS = {
    "debrief.write": row("clipboard-check", N_("The debrief was written.")),
    "debrief.remark": row("notebook", N_("The debrief says more of a goal: {figure}."), figure=_figure),
    "debrief.learn": row("school", N_("A lesson was written down, due on {day}."), day=day_of("due")),
    "debrief.strike": row("ban", N_("A lesson was taken out of the debrief.")),
    "debrief.none_needed": row("bulb", N_("Nothing needs to be recommended. Reason: {reason}")),
    "recommendation.propose": row(
        "bulb", N_("{country}: a recommendation was proposed, due on {day}."), day=day_of("due")
    ),
    "recommendation.note": row("notebook", N_("{country}: it was written how a recommendation goes.")),
    **steps(LIFE, N_("{country}: a recommendation went from {before} to {after}.")),
}
EVALUATIONS = {
    "evaluation.plan": row(
        "clipboard-check",
        N_("An evaluation was planned ({about}), to be final until {day}."),
        about=coded("CL-EVALUATED", "about"),
        day=day_of("due"),
    ),
    "evaluation.use": row(
        "notebook", N_("A method of an evaluation was written down: {method}."), method=coded("CL-RECSOURCE", "method")
    ),
    "evaluation.judge": row(
        "list-check", N_("A criterion of an evaluation was judged: {criterion}."), criterion=_criterion
    ),
    "evaluation.update": row(
        "gavel",
        N_("{country}: of investigations that were opened, so many led to charges: {number}."),
    ),
    **steps(evaluated.LIFE, N_("An evaluation went from {before} to {after}.")),
    **steps(evaluated.WORDS, N_("{country}: its word on an evaluation went from {before} to {after}.")),
}
