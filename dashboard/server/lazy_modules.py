"""Modules that pages with a map need: imported when one is first used, or when somebody opens Muster
(`operations/lazy_import.py`). Those that few acts need are in `rare_modules`.

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
    from operations.analyses import events as events
bind_type_imports(globals())
