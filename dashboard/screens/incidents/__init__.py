"""Serious incidents: reported past the chain of command, handled by those alone who have no part in them."""
