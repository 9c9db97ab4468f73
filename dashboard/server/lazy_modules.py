"""Modules that the first answer does not need, each imported when it is first used (`operations/lazy_import.py`).

Those that pages with a map need are imported when somebody opens Muster; the others, which few acts need, take 100 MB.

Other modules import them from here as from their own packages. Types of theirs are imported from their own packages
under TYPE_CHECKING.
"""

from typing import TYPE_CHECKING

from operations.lazy_import import bind_type_imports

if TYPE_CHECKING:
    import geopandas as geopandas
    import shapely as shapely
    from shapely import geometry as geometry

    from geodata.events import clusters as clusters
    from geodata.events import pyramid as pyramid
    from geodata.ground import crs as crs
    from geodata.ground import gazetteer as gazetteer
    from geodata.ground import grid as grid
    from geodata.ground import map_layers as map_layers
    from geodata.ground import prepared as prepared
    from geodata.ground import reference as reference
    from geodata.ground import shapes as shapes
    from geodata.ground import sites as sites
    from geodata.ground import tiles as tiles
    from geodata.intake import csv_ as csv_
    from geodata.intake import headed_sheet as headed_sheet
    from geodata.intake import mapping as mapping
    from geodata.intake import packing as packing
    from geodata.intake import table as table
    from geodata.outputs import cot as cot
    from geodata.outputs import geojson as geojson
    from geodata.outputs import geopackage as geopackage
    from geodata.outputs import gpx as gpx
    from geodata.outputs import kml as kml
    from geodata.outputs import objects as objects
    from geodata.outputs import shapefile as shapefile
    from geodata.ways import closures as closures
    from geodata.ways import rings as rings
    from geodata.ways import snapping as snapping
    from geodata.ways import transit as transit
    from geodata.ways import transit_table as transit_table
    from operations.analyses import assignment_answer as assignment_answer
    from operations.analyses import assignment_input as assignment_input
    from operations.analyses import events as events
    from operations.analyses import sandbox as sandbox
    from operations.analyses import shifts as shifts
    from operations.analyses.assignment import problem as problem
bind_type_imports(globals(), ahead=("geodata.events", "geodata.ground", "geopandas", "shapely"))
