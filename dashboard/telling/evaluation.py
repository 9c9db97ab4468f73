"""The debrief and what became of recommendations, in sentences. They name countries, days, figures and states."""

from dashboard.telling.names import REASON, Names, day_of
from dashboard.telling.rows import row, steps
from dashboard.wording import N_, _
from operations.core.journal import Entry
from operations.evaluation.recommendations import LIFE
from operations.measures.kpis import CATALOGUE, Kpi


def _figure(entry: Entry, _names: Names) -> str:
    return _(CATALOGUE[Kpi(entry.detail["kpi"])].name)


RECOMMENDATIONS = {
    "debrief.write": row("clipboard-check", N_("The debrief was written.")),
    "debrief.remark": row("notebook", N_("The debrief says more of a goal: {figure}."), figure=_figure),
    "debrief.learn": row("school", N_("A lesson was written down, due on {day}."), day=day_of("due")),
    "debrief.strike": row("ban", N_("A lesson was taken out of the debrief.")),
    "debrief.none_needed": row("bulb", N_("Nothing needs to be recommended. Reason: {reason}"), reason=REASON),
    "recommendation.propose": row(
        "bulb", N_("{country}: a recommendation was proposed, due on {day}."), day=day_of("due")
    ),
    "recommendation.note": row("notebook", N_("{country}: it was written how a recommendation goes.")),
    **steps(LIFE, N_("{country}: a recommendation went from {before} to {after}.")),
}
