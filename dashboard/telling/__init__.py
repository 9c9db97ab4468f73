"""Journal entries in sentences."""
