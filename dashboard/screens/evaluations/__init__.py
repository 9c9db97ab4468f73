"""Evaluations: methods, criteria, comments of countries, recommendations, and the report."""
