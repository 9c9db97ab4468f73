"""Evaluations: each with its methods, criteria, countries' words and recommendations; and the report of one."""
