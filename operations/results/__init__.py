"""Results: snapshots of figures, signed and published, their restatements, and results published in the past."""
