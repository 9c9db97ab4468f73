"""Results of leads."""
