"""What becomes of results once they are told: snapshots that are signed, published, compared, and never changed."""
