"""Imported layers."""
