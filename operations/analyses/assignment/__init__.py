"""Assignment of teams to open needs: a proposal, its value, and an upper bound on any proposal.

Start at `problem.AssignmentProblem` and `solver.advise`. An insertion heuristic gives a first plan at once, then ruin
and recreate improves it until it is stopped, and CP-SAT solves small parts and small questions exactly. `explanation`
gives reasons, `shift_draw` makes unpredictable schedules. Pure functions: facts of `operations.support.team_facts` in,
engagements out. The result does not depend on the order of rows, and is the same for the same seed and number of
rounds.
"""
