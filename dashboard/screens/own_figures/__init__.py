"""What a country reported in an operation that it has left."""
