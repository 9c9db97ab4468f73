"""Work list of a person, over all operations."""
