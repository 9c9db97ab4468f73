"""Recommendations: list and board of an operation, one in full, and those of all operations."""
