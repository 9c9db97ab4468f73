"""Approval on one page."""
