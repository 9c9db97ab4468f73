"""Reports of a country."""
