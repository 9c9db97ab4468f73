"""Shifts of teams."""
