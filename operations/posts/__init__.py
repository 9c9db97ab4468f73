"""Border posts, bureaus and hubs for the long term: one register across operations and years."""
