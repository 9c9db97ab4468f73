"""Fugitives: the cases of a sweep."""
