"""Questions that have no answer are refused with a sentence that says what and where."""

import numpy as np
import pytest

from geodata.placement.instance import instance
from geodata.placement.problem import PlacementProblem, Unplaceable
from tests.geodata.small_networks import network

ARCS = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.2, 0.5], [0, 1, -1])
SITES = ["Bridge", "Ferry"]
TRIP = ([1], [2], [1.0])


@pytest.mark.parametrize(
    ("arcs", "sites", "scenarios", "teams", "options", "sentence"),
    [
        (ARCS, SITES, TRIP, 3, {}, "There are 3 teams and 2 sites where one may stand. Offer more sites or place"),
        (ARCS, SITES, TRIP, 2, {"forbidden": ["Ferry"]}, "2 teams and 1 sites"),
        (ARCS, SITES, TRIP, -1, {}, "must be 0 or more"),
        (ARCS, SITES, ([2], [1], [1.0]), 1, {}, "no way from origin 2 to destination 1"),
        (ARCS, SITES, ([1], [7], [1.0]), 1, {}, "destination 7 lies on no arc"),
        (ARCS, SITES, ([1], [1], [1.0]), 1, {}, "begins and ends at node 1"),
        (ARCS, SITES, ([], [], []), 1, {}, "no scenario"),
        (ARCS, SITES, ([1], [2], [np.nan]), 1, {}, "shares"),
        (ARCS, SITES, ([1], [2], [0.0]), 1, {}, "not all of them 0"),
        (ARCS, SITES, ([1], [2.5], [1.0]), 1, {}, "whole numbers"),
        (ARCS, SITES, (["a"], [2], [1.0]), 1, {}, "whole numbers"),
        (([], [], [], [], []), SITES, TRIP, 1, {}, "no arcs"),
        (([1], [2], [1.2], [0.1], [0]), ["Bridge"], TRIP, 1, {}, "From node 1 to node 2"),
        (([1], [2], [0.5], [0.6], [0]), ["Bridge"], TRIP, 1, {}, "0.6 with a checkpoint"),
        (([1], [2], [np.nan], [0.6], [0]), ["Bridge"], TRIP, 1, {}, "From node 1"),
        (([1], [2], [0.5], [0.1], [4]), ["Bridge"], TRIP, 1, {}, "position that does not exist"),
        (([1], [2], [0.5], [0.1], [0]), SITES, TRIP, 1, {}, "Ferry: on no arc"),
        (([1, 2], [2], [0.5], [0.1], [0]), ["Bridge"], TRIP, 1, {}, "not equally long"),
        (ARCS, ["Bridge", "Bridge"], TRIP, 1, {}, "Bridge: the name stands for more than one site"),
        (ARCS, SITES, TRIP, 1, {"fixed": ["Tunnel"]}, "Tunnel: there is no such site"),
        (ARCS, SITES, TRIP, 1, {"fixed": ["Ferry"], "forbidden": ["Ferry"]}, "Ferry: fixed, and at the same time"),
        (ARCS, SITES, TRIP, 1, {"fixed": SITES}, "No plan is possible: the 2 fixed sites"),
        (ARCS, SITES, TRIP, [["sea"]], {"fixed": ["Bridge"], "needs": ["documents", ""]}, "No plan is possible"),
        (ARCS, SITES, TRIP, 1, {"needs": ["documents"]}, "1 values of needs for 2 sites"),
        (ARCS, SITES, TRIP, 1, {"effort": [1.0, -1.0]}, "effort of every site"),
        (ARCS, SITES, TRIP, 1, {"effort": [1.0, 1.0], "purse": np.nan}, "effort allowed"),
    ],
)
def test_what_cannot_be_answered_is_said(arcs, sites, scenarios, teams, options, sentence) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unplaceable, match=".*".join(sentence.split("*"))) as refused:
        instance(PlacementProblem.of(arcs, sites, scenarios, teams, **options))
    assert str(refused.value) == refused.value.template.format(**refused.value.params)


def test_teams_suffice_exactly_when_every_site_finds_one_with_its_skill() -> None:
    raw = network(1, sites=5)
    problem = raw.problem(
        teams=[["sea", "documents"], ["sea"], []],
        needs=["sea", "documents", "documents", "", "sea"],
    )
    can = {
        (): True,
        ("site 0", "site 1", "site 3"): True,  # the second at sea, the first reads documents, the third anywhere
        ("site 1", "site 2"): False,  # one team reads documents
        ("site 0", "site 4", "site 1"): False,  # two know the sea, and one of them is needed for documents
        ("site 0", "site 4", "site 3"): True,
    }
    for plan, possible in can.items():
        assert problem.limits.allow(problem.flags(plan)) is possible, plan


def test_equal_pairs_are_added_up_and_equal_arcs_joined() -> None:
    twice = tuple(list(column) * 2 for column in ARCS)
    made = instance(PlacementProblem.of(twice, SITES, ([1, 1], [2, 2], [1.0, 3.0]), teams=1))
    assert (len(made.row), len(made.leaf), made.total) == (3, 1, 4.0)
