"""Releases of guarded figures: which movement an audience may be told, judged by linear programs."""
