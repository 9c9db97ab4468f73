"""What becomes of results once they are told: snapshots, signed and published, and what was published of the past."""
