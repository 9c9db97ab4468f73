"""Layers from before the map's marks were kept are counted by the worker, once, and what cannot be is passed over."""

from threading import Event, Thread

from sqlmodel import select

from operations.analyses import worker
from operations.analyses.events import packed
from operations.analyses.tile_backfill import catch_up
from operations.core.people import System
from operations.policing.layers import layers
from operations.policing.layers.imports import PackedEvents
from operations.policing.layers.layers import LayerMarks
from tests.makers import Running, add_layer
from tests.operations.analyses.test_events import layer


def older(content: PackedEvents) -> PackedEvents:
    """The content as it was kept before."""
    return PackedEvents(**vars(content) | {"marks": ()})


def kept(scene: Running) -> list[LayerMarks]:
    with scene.store.reading(System()) as session:
        return list(session.exec(select(LayerMarks).order_by(LayerMarks.content_id)))


def test_what_came_in_before_is_counted_as_it_would_be_now(scene: Running) -> None:
    made = add_layer(scene, content=older(packed(layer())))
    assert list(catch_up(scene.store)) == [True]
    (found,) = kept(scene)
    (expected,) = packed(layer()).marks
    assert (found.content_id, found.zoom, found.marks, found.data) == (made.id, 30, 2, expected.data)
    assert list(catch_up(scene.store)) == []


def test_a_layer_that_cannot_be_counted_does_not_keep_others_from_it(scene: Running) -> None:
    add_layer(scene)  # its content is no table
    good = add_layer(scene, content=older(packed(layer())))
    assert sorted(catch_up(scene.store)) == [False, True]
    assert {each.content_id for each in kept(scene)} == {good.id}


def test_two_workers_count_each_layer_once(scene: Running) -> None:
    for _time in range(2):
        add_layer(scene, content=older(packed(layer())))
    one, other = catch_up(scene.store), catch_up(scene.store)
    assert [next(one), next(other)] == [True, True]
    assert list(one) == []  # what it was to count next, the other has counted
    assert len(kept(scene)) == 2


def test_a_worker_that_waits_counts_what_was_never_counted(scene: Running) -> None:
    made = add_layer(scene, content=older(packed(layer())))
    stop = Event()
    working = Thread(target=worker.work, args=(scene.store, stop))
    working.start()
    try:
        for _time in range(200):
            with scene.store.reading(scene["dov"]) as session:
                if layers.counted(session, made.id):
                    break
            stop.wait(0.05)
    finally:
        stop.set()
        working.join(20)
    assert len(kept(scene)) == 1
