"""The ground: reference layers, names, coordinates, shapes."""
