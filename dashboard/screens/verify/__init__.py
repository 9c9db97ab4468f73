"""Verification of reports."""
