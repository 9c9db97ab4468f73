"""What became of recommendations, in sentences. They name countries, days and states; what was said stays there."""

from dashboard.telling.names import day_of
from dashboard.telling.rows import row, steps
from dashboard.wording import N_
from operations.evaluation.recommendations import LIFE

RECOMMENDATIONS = {
    "recommendation.propose": row(
        "bulb", N_("{country}: a recommendation was proposed, due on {day}."), day=day_of("due")
    ),
    "recommendation.note": row("notebook", N_("{country}: it was written how a recommendation goes.")),
    **steps(LIFE, N_("{country}: a recommendation went from {before} to {after}.")),
}
