"""Figures: rows of the board in, a plotly figure out. Each has a table of the same rows beside it."""
