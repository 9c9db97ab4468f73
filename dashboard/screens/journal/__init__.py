"""Everything that happened."""
