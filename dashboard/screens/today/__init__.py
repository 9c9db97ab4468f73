"""Today: what waits for a person, and what was told."""
