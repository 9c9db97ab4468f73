"""Snapshots of figures: the list of an operation, each in full, and its publication pack."""
