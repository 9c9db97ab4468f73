"""Approvals by leadership."""
