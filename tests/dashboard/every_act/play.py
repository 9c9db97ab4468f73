"""A play in which every act of the journal is done at least once, through the real verbs, in chapters.

`chapters` plays on and gives, after each chapter, the moment at which the screens may be looked at.
"""

from collections.abc import Iterator
from datetime import datetime

from tests.dashboard.every_act.costs import CostActs
from tests.dashboard.every_act.data_protection import DataProtectionActs
from tests.dashboard.every_act.evaluation import EvaluationActs
from tests.dashboard.every_act.exchange import ExchangeActs
from tests.dashboard.every_act.incidents import IncidentActs
from tests.dashboard.every_act.leads import LeadActs
from tests.dashboard.every_act.operation import OperationActs
from tests.dashboard.every_act.programme import ProgrammeActs
from tests.dashboard.every_act.reports import ReportActs
from tests.dashboard.every_act.teams import TeamActs
from tests.dashboard.every_act.training import TrainingActs


class Play(
    OperationActs,
    ReportActs,
    LeadActs,
    DataProtectionActs,
    TeamActs,
    ExchangeActs,
    CostActs,
    EvaluationActs,
    IncidentActs,
    ProgrammeActs,
    TrainingActs,
):
    """The play, whose acts stand in a file for each field."""

    def chapters(self) -> Iterator[tuple[str, datetime]]:
        """Play on; after each chapter, its name and the moment."""
        for chapter in (
            self.phases_pass,
            self.training_is_a_run,
            self.operation_is_described,
            self.plan_is_drawn,
            self.papers_are_agreed,
            self.layers_and_analyses,
            self.work_is_shared_out,
            self.reports_climb,
            self.reports_fall,
            self.claims_are_settled,
            self.persons_are_pointed_to,
            self.days_are_asked_for,
            self.leads_go_out,
            self.intelligence_grows,
            self.data_are_asked_for,
            self.countries_deconflict,
            self.countries_write_to_each_other,
            self.figures_go_to_a_centre,
            self.partners_are_admitted,
            self.costs_are_written,
            self.network_is_kept,
            self.teams_are_kept,
            self.teams_are_asked_for,
            self.teams_go,
            self.fugitives_are_sought,
            self.accounts_come_and_go,
            self.templates_are_used,
            self.operation_comes_to_its_end,
            self.it_is_debriefed,
            self.figures_are_frozen,
            self.it_is_evaluated,
            self.posts_are_registered,
            self.needs_are_assessed,
            self.equipment_is_delivered,
            self.bureaus_are_modernised,
            self.posts_are_connected,
            self.officers_are_taught,
            self.it_is_judged,
            self.incidents_are_handled,
            self.words_are_erased,
            self.trainers_teach,
        ):
            chapter()
            yield chapter.__name__, self.at
