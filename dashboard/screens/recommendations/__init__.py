"""Recommendations: the list and the board of an operation, one in full, and those of all operations."""
