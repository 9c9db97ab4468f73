"""Totals: the sums of report lines, moved with every report. Boards read totals, steps and margins, never lines."""
