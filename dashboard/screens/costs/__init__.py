"""Costs of an operation."""
