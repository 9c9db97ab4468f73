"""What waits for a person, over all operations."""
