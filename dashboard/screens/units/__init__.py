"""Coordination units."""
