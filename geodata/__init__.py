"""Measures on the map: bundled layers, places, coordinates, shapes. Pure functions; no storage, no network.

Coordinates are WGS 84 longitude and latitude (EPSG:4326) everywhere; lengths and areas are geodesic. This package
knows nothing about operations: who needs a measure asks here and passes the answer on.
"""
