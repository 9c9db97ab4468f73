"""Disclosure control: how much of a figure each audience may be told."""
