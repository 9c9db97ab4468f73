"""Answers of analyses: sentences, figures, tables, shapes and sources, whatever the question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from operations.analyses.job_steps import Outcome
from operations.core.stored_sentences import Sentence, sentence_json
from operations.policing.analyses import GUARDED
from operations.policing.layers.layers import EventLayer

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class AnswerTable:
    """Rows under names of columns, for a grid or a sheet of paper. Cells are texts, numbers or None."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Answer:
    """An answer ready to be shown. The first sentence is the summary.

    `guarded`: the columns of tables with counts of persons in need of protection that no release holds.
    """

    sentences: tuple[Sentence, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[AnswerTable, ...] = ()
    features: Sequence[Mapping[str, Any]] = ()
    notes: tuple[Sentence, ...] = ()
    sources: tuple[Mapping[str, str], ...] = ()
    guarded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def outcome(self) -> Outcome:
        """Return the answer as it is stored."""
        guarded = {GUARDED: {name: list(columns) for name, columns in self.guarded.items()}} if self.guarded else {}
        return Outcome(
            {
                **guarded,
                "sentences": [sentence_json(each) for each in self.sentences],
                "figures": dict(self.figures),
                "tables": [
                    {"name": table.name, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
                    for table in self.tables
                ],
                "features": list(self.features),
                "notes": [sentence_json(each) for each in self.notes],
                "sources": [dict(each) for each in self.sources],
            }
        )


def features(frame: "gpd.GeoDataFrame", columns: Iterable[str]) -> list[dict[str, Any]]:
    """Return GeoJSON features of a frame on WGS 84, positions to four decimals (11 m), with columns as properties."""
    import shapely  # every server loads a question that holds its answer

    shapes = [shapely.geometry.mapping(shape) for shape in shapely.set_precision(frame.geometry.to_numpy(), 1e-4)]
    wanted = frame[list(columns)].astype(object).to_dict("records")
    return [
        {"type": "Feature", "geometry": shape, "properties": row} for shape, row in zip(shapes, wanted, strict=True)
    ]


def source_of(layer: EventLayer) -> dict[str, str]:
    """Return the attribution of a layer, to be shown with everything derived from it."""
    return {
        "name": layer.name,
        "source": layer.source,
        "licence": layer.licence,
        "accuracy": layer.accuracy or f"{layer.accuracy_m:g} m",
        "first": layer.period_from.isoformat(),
        "last": layer.period_to.isoformat(),
    }
