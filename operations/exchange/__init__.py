"""What leaves Muster and comes in by the formats of others."""
