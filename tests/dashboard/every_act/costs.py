"""Acts of costs."""

from operations.costs import costs
from operations.costs.rows import BookState, CostState
from tests import cost_stories
from tests.dashboard.every_act.base import PlayBase


class CostActs(PlayBase):
    """Acts of costs, as chapters."""

    def costs_are_written(self) -> None:
        """A cost that its country paid is corrected, by another payer too; one is taken back, and all are in."""
        of, day = self.scene.operation, self.at.date()
        made = self.does("ana", costs.write, of, cost_stories.cost_draft(day=day, country="NER"))
        again = self.does("ana", costs.correct, made.id, cost_stories.cost_draft(day=day, amount=1300, country="NER"))
        last = self.does("ana", costs.correct, again.id, cost_stories.cost_draft(day=day, amount=1300))
        self.does("ana", costs.take, last.id, CostState.TAKEN_BACK, words="Of another operation.")
        self.does("ana", costs.take_book, of, BookState.COMPLETE)
        self.does("ana", costs.take_book, of, BookState.OPEN, words="A bill came late.")
