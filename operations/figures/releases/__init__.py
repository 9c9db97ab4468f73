"""Releases of guarded figures: which updates an audience may be shown, decided by linear programs."""
