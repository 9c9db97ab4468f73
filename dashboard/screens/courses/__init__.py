"""Courses, their runs, certificates, and who is trained where."""
