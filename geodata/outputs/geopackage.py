"""OGC GeoPackage 1.4: a layer for points, one for lines, one for areas, and one that describes the file."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
import pyogrio

from geodata.ground.crs import WGS84
from geodata.outputs.objects import FileMetadata, PlanObject, unique

LAYERS = {"points": ("Point",), "lines": ("LineString", "MultiLineString"), "areas": ("Polygon", "MultiPolygon")}


def write(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """A GeoPackage with the layers that have objects, and the table `about` (`key`, `value`).

    Lines and areas are written as Multi shapes, since a layer has one type. The file is made in a folder of its own,
    which only this process may enter and which is gone when the bytes are returned.
    """
    unique(objects)
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "plan.gpkg"
        texts = pd.DataFrame({"key": list(about.texts), "value": [_text(v) for v in about.texts.values()]})
        pyogrio.write_dataframe(texts, path, layer="about", driver="GPKG")
        for layer, kinds in LAYERS.items():
            held = [each for each in objects if each.geometry["type"] in kinds]
            if held:
                frame = gpd.GeoDataFrame(
                    pd.DataFrame([{k: _text(v) for k, v in each.attributes.items()} for each in held]),
                    geometry=[each.shape for each in held],
                    crs=WGS84,
                ).rename(columns={"id": "object_id"})
                pyogrio.write_dataframe(
                    frame, path, layer=layer, driver="GPKG", append=True, promote_to_multi=layer != "points"
                )
        return path.read_bytes()


def _text(value: str) -> str:
    """Without NUL, at which SQLite ends a text, and without halves of surrogate pairs."""
    return value.replace("\0", "").encode("utf-8", "ignore").decode()
