"""Figures for a centre: what would leave, what was sent, and what the centre answered."""
