"""The directory of the network of specialists."""
