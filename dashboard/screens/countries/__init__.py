"""Participating countries."""
