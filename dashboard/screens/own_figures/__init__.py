"""A country's figures in an operation that it has left."""
