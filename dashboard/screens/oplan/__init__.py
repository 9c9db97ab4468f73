"""The operation order."""
