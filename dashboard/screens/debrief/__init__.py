"""The debrief of an operation."""
