"""Backfill of map marks for layers imported before marks were stored, one by one, when a worker is idle."""

import logging
from collections.abc import Iterator

from operations.analyses.events import counted, positions
from operations.core.errors import Conflict
from operations.core.people import System
from operations.core.store import Store
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers

_log = logging.getLogger("muster.analyses")


def catch_up(store: Store) -> Iterator[bool]:
    """Compute the marks of one layer at each step, and yield whether they are stored now. A failure is logged, once."""
    with store.reading(System()) as session:
        waiting = layers.uncounted(session)
    for content_id in waiting:
        try:
            with store.reading(System()) as session:
                if layers.counted(session, content_id):
                    continue  # another worker was quicker
                data = layers.content_of(session, content_id)
            marks = counted(*positions(data))
            with store.unit_of_work(System()) as session:
                layer_imports.keep_marks(session, content_id, marks)
        except Conflict:
            yield False  # another worker was just now quicker
        except Exception:  # noqa: BLE001 - a map then counts it at every view; the worker goes on
            _log.exception("The events of layer version %s could not be counted.", content_id)
            yield False
        else:
            yield True
