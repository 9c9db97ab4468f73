"""Modules that few acts need, each imported when it is first used: files that are read or written, ways, solvers.

As `lazy_modules`, but never ahead of their first use: together they take 100 MB.
"""

from typing import TYPE_CHECKING

from operations.lazy_import import bind_type_imports

if TYPE_CHECKING:
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
    from operations.analyses import sandbox as sandbox
    from operations.analyses import shifts as shifts
    from operations.analyses.assignment import problem as problem
    from operations.infrastructure import trend as trend
bind_type_imports(globals(), ahead=False)
