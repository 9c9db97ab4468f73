"""Who goes where: teams proposed for open needs, with what the proposal is worth and what no proposal can beat.

Start at `problem.Problem` and `solver.advise`. First an insertion that stands at once, then ruin and recreate until it
is stopped, CP-SAT for small parts and small questions; `explanation` says why, `shift_draw` makes schedules that nobody
can learn. Pure: facts of `operations.support.suitability` in, engagements out. The same answer for any order of rows,
and for the same seed and number of rounds the same plan.
"""
