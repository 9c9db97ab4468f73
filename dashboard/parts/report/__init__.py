"""A report as several screens show it."""
