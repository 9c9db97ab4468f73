"""Analyses: answers to questions about an operation, measured with geodata from its data.

`questions` holds one file for each kind of question: its model with the labels of its fields, its answer, its tables
and its style on a map, built from `question`. `events` packs and unpacks imported points, `own_results` makes events of
the operation's own results, `event_basis` chooses between them. `hotspots` (with forecasts), `routes`, `reach`,
`placement` (on the `road_network` of its roads, with teams that may be `randomised_placement`), `coverage` and
`displacement` each turn a question into an `Answer`: sentences, figures, rows and shapes, ready to be shown, with the
parameters that made them. `assignment_input` reads teams and needs, `assignment_answer` and `shifts` answer with them,
and the package `assignment` holds the search as pure functions. `connection_answer` computes connection plans of the
programme. `worker` runs waiting analyses and plans one after the other, outside the web process. This package neither
draws nor checks permissions: those are in `operations.policing.analyses`.
"""
