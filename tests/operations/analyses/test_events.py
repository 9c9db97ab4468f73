"""Events of a layer: kept packed, and brought back as they were."""

from datetime import date

import pytest

from geodata.events.points import UnfitEvents
from geodata.events.pyramid import unpacked as unpacked_marks
from geodata.intake import events, files, mapping
from geodata.intake.provenance import Provenance
from operations.analyses.events import counted, layer_events, packed, positions, unpacked
from operations.core.people import System
from tests.dashboard.desks import open_scene
from tests.makers import add_layer, layer_draft

SOURCE = Provenance("Invented for tests", "CC0 1.0", "2025", "500 m", date(2026, 1, 15))
ROWS = b"lat,lon,date,persons,kind\n16.97,7.99,2025-03-01,3,boat\n13.51,2.11,2025-03-02,,road\n0,0,2025-03-03,1,road\n"


def layer() -> events.ImportedEvents:
    table = files.read(ROWS, "rows.csv")
    return events.accept(table, mapping.proposed(table), SOURCE, today=date(2026, 11, 24))


def test_events_come_back_as_they_were_kept() -> None:
    kept = packed(layer())
    back = unpacked(kept.data)
    assert (kept.accepted, kept.refused) == (2, 1)
    assert kept.bounds == (2.11, 13.51, 7.99, 16.97)
    assert back["lat"].tolist() == [16.97, 13.51]
    assert back["day"].dt.date.tolist() == [date(2025, 3, 1), date(2025, 3, 2)]
    assert back["kind"].tolist() == ["boat", "road"]
    assert back["quantity"].isna().tolist() == [False, True]
    assert list(back.geometry.x) == [7.99, 2.11]


def test_events_are_counted_for_the_map_as_they_are_packed() -> None:
    kept = packed(layer())
    read = unpacked_marks([(each.marks, each.data) for each in kept.marks])
    assert sorted(zip(read.lon, read.lat, strict=True)) == [(2.11, 13.51), (7.99, 16.97)]
    assert kept.marks == counted(*positions(kept.data))


def test_no_free_text_of_a_row_is_kept() -> None:
    table = files.read(b"lat,lon,date,note\n16.97,7.99,2025-03-01,Somebody Known\n", "rows.csv")
    read = events.accept(table, mapping.proposed(table), SOURCE, today=date(2026, 11, 24))
    assert b"Somebody" not in packed(read).data
    assert "note" not in unpacked(packed(read).data).columns


def test_layers_are_gathered_and_a_mixture_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = open_scene(tmp_path_factory.mktemp("scene"))
    content = packed(layer())
    first, second = (add_layer(scene, layer_draft(name=name), content) for name in ("North", "South"))
    totals = add_layer(scene, layer_draft(name="Totals", kind="indicators"), content)
    with scene.store.reading(System()) as session:
        assert len(layer_events(session, [first, second])) == 4
        with pytest.raises(UnfitEvents, match="cannot be mixed"):
            layer_events(session, [first, totals])
        with pytest.raises(UnfitEvents, match="at least one layer"):
            layer_events(session, [])
    scene.store.dispose()
