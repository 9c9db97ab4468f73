"""Placement: where to put checkpoints and teams against smugglers who take the route that evades them best.

Two questions. *Interdiction*: smugglers of each origin and destination take the route with the greatest chance to pass
unseen, in the knowledge of where the checkpoints stand; choose the sites that make the expected chance smallest
(maximum-reliability stochastic network interdiction; Pan, Charlton and Morton 2003; Pan and Morton, Networks 52, 2008).
*Coverage*: choose sites so that the most weight, or all of it, lies within their reach.

Start at `problem.Problem` and `solver.place`, or at `coverage.cover_most`. Pure functions: arrays in, frozen
dataclasses out; the same answer for any order of rows, and for a seed the same draw.
"""
