"""Leads that are about no case: what countries ask each other, and the answers."""
