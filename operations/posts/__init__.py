"""Register of border posts, bureaus and hubs, across operations and years."""
