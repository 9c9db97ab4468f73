"""Totals: what moves with a report. Boards read totals, their steps and margins, and never the lines themselves."""
