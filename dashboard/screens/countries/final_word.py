"""Final word of a country on its figures: given, taken back, or closed by the coordinator."""

from sqlmodel import Session

from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.undo import undoes, way_back
from dashboard.parts.steps import StepIds
from dashboard.server.access import known_id
from dashboard.wording import _, coded
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import ParticipationState
from operations.policing.operation import participations, plan

STEPS = StepIds("country")


@does(STEPS.buttons, act=Act.PARTICIPATION_READ, operation=OPERATION)
def say_final(press: Press) -> Done:
    """Give a final word, take it back, or close the country."""
    to, country = ParticipationState(press.subject["to"]), press.subject["of"]
    before = rows.one(press.session, plan.Participation, press.operation_id, country).state
    made = participations.final_word(press.session, press.operation_id, country, to, press.by)
    offers = participations.LIFE.offers(made, press.operation, press.by)
    back = way_back("final word", before, offers, country, press.operation_id)
    return Done(_("It is now: {state}.", state=coded("CL-PARTSTATE", to)), undo=back)


@undoes("final word")
def _unsay(session: Session, by: Actor, back: Undo) -> None:
    """Take the last word of a country on its figures back."""
    to = ParticipationState(back.to)
    participations.final_word(session, known_id(back.operation), back.of, to, by)
