"""The training of an operation: which runs it is, who was trained and serves where, and the loop as one picture."""
