"""Display names of compared plans and routes."""

from dashboard.wording import N_, _

_PLANS = {
    "proposed plan": N_("This plan"),
    "plan in force": N_("Plan in force"),
    "robust plan": N_("Robust plan"),
    "moving teams": N_("Teams that move"),
    "greedy": N_("Greedy: the best site, then the next best"),
    "lazy greedy": N_("Greedy without a second look"),
    "flow": N_("Where most pass today"),
    "rerouted flow": N_("Where most pass, looked at again after each team"),
    "all routes": N_("All routes"),
}
_NUMBERED = {
    "alternative": N_("Alternative {number}"),
    "route": N_("Route {number}"),
    "teams": N_("With {number} teams"),
}


def plan_words(name: str) -> str:
    """Return the display name of a compared plan or route."""
    first, _sep, number = name.partition(" ")
    if first in _NUMBERED and number.isdigit():
        return _(_NUMBERED[first], number=number)
    return _(_PLANS[name]) if name in _PLANS else name
