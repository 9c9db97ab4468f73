"""The journal of an operation."""
