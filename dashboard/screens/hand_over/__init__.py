"""Exports of an operation: figures, lists, and the whole operation in one archive."""
