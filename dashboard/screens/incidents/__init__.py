"""Serious incidents: reported outside the chain of command, handled only by people who have no part in them."""
