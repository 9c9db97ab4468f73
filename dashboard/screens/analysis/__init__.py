"""Spatial analyses of an operation and their answers."""
