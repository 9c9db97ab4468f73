"""Leads that belong to no case: questions between countries, and the answers."""
