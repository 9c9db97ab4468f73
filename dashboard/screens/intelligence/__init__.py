"""Hypotheses, networks, taskings."""
