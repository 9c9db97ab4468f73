"""Functions that return components: what pages are made of."""
