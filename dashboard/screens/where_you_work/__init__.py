"""Where you work."""
