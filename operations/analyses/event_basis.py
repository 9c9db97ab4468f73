"""The events of a question: from the layers it names, or from the operation's own results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import geopandas as gpd

from geodata.events.points import Note
from operations.analyses import own_results as own
from operations.analyses.answer import Answer, source_of
from operations.analyses.events import layer_events
from operations.analyses.question import EventQuestion
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import LineKind
from operations.policing.analyses import Analysis
from operations.policing.layers import layers
from operations.policing.operation import plan
from operations.policing.reports.own_results import own_results


@dataclass(frozen=True)
class EventBasis:
    """Events on WGS 84, with their sources and notes.

    `persons`: they count persons of the operation's own results. `fitting` selects the notes about points that apply.
    """

    events: gpd.GeoDataFrame
    sources: tuple[Mapping[str, str], ...]
    notes: tuple[Note, ...] = ()
    persons: bool = False
    fitting: Callable[[Note], bool] = lambda note: True

    def signed(self, answer: Answer) -> Answer:
        """Return the answer with the sources and notes of the events."""
        notes = tuple(each for each in answer.notes if not isinstance(each, Note) or self.fitting(each))
        return replace(answer, sources=(*self.sources, *answer.sources), notes=(*self.notes, *notes))


def basis_of(store: Store, asked: Analysis, question: EventQuestion) -> EventBasis:
    """Return the events of an analysis. Raises `UnfitEvents` where there are none."""
    with store.reading(System()) as session:
        if question.own is not None:
            found = own_results(session, asked.operation_id, LineKind(question.own))
            operation = session.get(plan.Operation, asked.operation_id)
            name = "" if operation is None else operation.code_name
            events = own.events_of(found)
            return EventBasis(
                events, (own.source_of_own(found, name),), own.notes_on(found), found.persons, own.fitting
            )
        versions = [layers.version(session, UUID(each)) for each in asked.layer_versions]
        return EventBasis(layer_events(session, versions), tuple(source_of(each) for each in versions))
