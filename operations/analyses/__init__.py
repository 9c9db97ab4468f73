"""Answers questions: takes what an operation remembers, measures it with geodata, and hands the answer back.

`questions` holds what can be asked, one file a question: its model with what each field is called, its answer, its
tables and its look on a map, in the words of `question`. `events` packs imported points and brings them back, `own`
makes events of the operation's own results, `event_basis` chooses between them. `hotspots` (with forecasts), `routes`,
`reach`, `placement` (on the `road_network` of its roads, with teams that may be `randomised_placement`), `coverage` and
`displacement` each turn a question into an `Answer`: sentences, figures, rows and shapes, ready to be shown, with the
parameters that made them. `assignment_input` reads teams and needs, `assignment_answer` and `shifts` answer with them,
and the package `assignment` searches, purely. `connection_answer` makes connection plans of the programme. `worker`
takes waiting analyses and plans one after the other, outside the web process. Nothing here draws, and nothing here
decides who may ask: that is `operations.policing.analyses`.
"""
