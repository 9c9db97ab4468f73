"""Acts of the exchange with others: deconfliction, dispatches, centres, partners, products, the directory."""

from datetime import timedelta

from operations.core import clock
from operations.exchange import (
    centre_conflicts,
    centre_delivery,
    centre_sites,
    centres,
    deconfliction,
    directory,
    dispatches,
    partners,
    product_drafts,
    products,
)
from operations.exchange.deconfliction_rows import SideState
from operations.exchange.directory import MemberState
from operations.exchange.dispatch_rows import PassingState
from operations.exchange.partner_rows import AdmissionState
from operations.exchange.product_rows import ProductState, ShareState
from tests import centres as centre_stories
from tests import deconfliction_rooms as deconflicted
from tests import directory as networked
from tests import messages
from tests import partners as partnered
from tests.dashboard.every_act.base import DAY, PlayBase
from tests.makers import START


class ExchangeActs(PlayBase):
    """Acts of the exchange with others, as chapters."""

    def countries_deconflict(self) -> None:
        """A match of which both say one thing and the other, an entry that is withdrawn, and the end of the room."""
        for of in (None, self.scene.operation):
            room = self.does(
                "chaima",
                deconfliction.open_room,
                deconflicted.room_draft(countries=["MLI"], operation_id=of, until=(self.at + 90 * DAY).date()),
            )
            for name in ("chaima", "moussa"):
                values = deconflicted.entries_draft(room, [("route", "Dirkou > Toummo")])
                self.does(name, deconfliction.enter, room.id, values)
            [(shown, _other)] = self.asks(
                "chaima", lambda session, room=room: deconfliction.sides(session, room.id, self.scene["chaima"])
            )
            for name in ("chaima", "moussa"):
                for to in (SideState.SPOKEN, SideState.NOTHING):
                    self.does(name, deconfliction.say, shown.side.match_id, to)
            entries = self.asks("chaima", lambda session, room=room: deconfliction.entries(session, room.id))
            self.does("chaima", deconfliction.withdraw, entries[0].id)
            self.does("chaima", deconfliction.close, room.id)

    def countries_write_to_each_other(self) -> None:
        """A message that is read, answered and passed on; of its answer one country is refused and one consented to."""
        made = self.does("chaima", dispatches.send, messages.dispatch_draft())
        self.does("moussa", dispatches.confirm, made.id)
        self.does("moussa", dispatches.pass_on, made.id, messages.passing_draft("TCD"))
        answer = self.does("moussa", dispatches.answer, made.id, messages.answer_draft())
        for to, words in ((PassingState.REFUSED, "Our case is open."), (PassingState.CONSENTED, "")):
            asked = self.does("chaima", dispatches.pass_on, answer.id, messages.passing_draft("TCD"))
            self.does("moussa", dispatches.decide, asked.id, to, words=words)

    def figures_go_to_a_centre(self) -> None:
        """It is connected, answers what its operation is, takes a report, and the connection ends."""
        made = self.does("chaima", centres.connect, centre_stories.connection_draft(self.scene))
        renewal = centres.TokenRenewal(token="muster_" + "y" * 43)
        self.does("chaima", centres.renew, made.id, renewal)
        store, centre = self.scene.store, centre_stories.AnsweringCentre(self.scene, self.at)
        with clock.at(self.at):
            centre_delivery.deliver(store, made.id, centre, self.at)
        here, there, *_others = self.scene.sites.values()
        match = centre_sites.SiteMatchDraft(site_id=here, centre_site=there)
        self.does("chaima", centre_sites.match_site, made.id, match)
        period = centres.PeriodDraft(first=START.date(), last=self.at.date())
        shown = self.asks("chaima", lambda session: centres.preview(session, made.id, period, self.scene["chaima"]))
        sharing = centres.SharingDraft(first=shown.first, last=shown.last, seen=shown.seen)
        self.does("chaima", centres.send, made.id, sharing)
        for hours in (0, 2):
            centre.corrects = hours > 0
            with clock.at(self.at):
                centre_delivery.deliver(store, made.id, centre, self.at + timedelta(hours=hours))
        corrected, *_others = self.asks("chaima", lambda session: centre_conflicts.conflicts(session, made.id))
        self.does("chaima", centre_conflicts.leave_there, corrected.id)
        self.does("chaima", centres.end, made.id)

    def partners_are_admitted(self) -> None:
        """One to its end and one that is not admitted; a country withholds from the first, and lifts it again."""
        until = (self.at + 30 * DAY).date()
        made, other = (
            self.does(
                "ana",
                partners.propose,
                partnered.admission_draft(
                    self.scene, partner=name, starts=self.at.date(), until=until, sees=["products"], sections=[]
                ),
            )
            for name in ("europol", "iom")
        )
        self.does("lena", partners.take, made.id, AdmissionState.ADMITTED)
        self.does("lena", partners.take, other.id, AdmissionState.DECLINED, words="Nothing to compare.")
        self.does("chaima", partners.object_to, made.id)
        self.does("chaima", partners.lift, made.id)
        self.products_are_made()
        self.does("ana", partners.take, made.id, AdmissionState.ENDED, words="It is compared.")

    def products_are_made(self) -> None:
        """Every step of a product: refused, withdrawn, not used, and one under the consent of an originator."""
        to, due = ProductState, (self.at + 7 * DAY).date()
        refused, withdrawn, unused, used = (
            self.does("chaima", products.ask, partnered.ask_draft(self.scene, due=due)) for _each in range(4)
        )
        self.does("dov", products.take, refused.id, to.REFUSED, words="It is known already.")
        self.does("chaima", products.take, withdrawn.id, to.WITHDRAWN, words="It came by another way.")
        for each in (unused, used):
            self.does("dov", products.take, each.id, to.ACCEPTED)
        first = self.does("dov", products.write, unused.id, partnered.product_draft(partners=["europol"]))
        self.does("chaima", products.take, unused.id, to.NOT_USED, words="It came too late.")
        given = product_drafts.ProductShareDraft(countries=("MLI",), purpose="They cross there next.")
        self.does("dov", products.share, first.id, given)
        held = partnered.product_draft(handling="h2", originators=["MLI"], countries=[])
        self.does("dov", products.write, used.id, held)
        [asked] = self.asks(
            "moussa",
            lambda session: [each for each in products.shares(session, held.id) if each.state == ShareState.ASKED],
        )
        self.does("moussa", products.decide, asked.id, ShareState.CONSENTED)
        self.does("chaima", products.take, used.id, to.RECEIVED)
        self.does("chaima", products.use, used.id, product_drafts.UseDraft(led_to="check"))
        again = self.does("moussa", products.ask, partnered.ask_draft(self.scene, due=due))
        self.does("dov", products.take, again.id, to.ACCEPTED)
        own = partnered.product_draft(handling="h3", originators=["NER"])
        self.does("dov", products.write, again.id, own)
        [asked] = self.asks("chaima", lambda session: products.shares(session, own.id))
        self.does("chaima", products.decide, asked.id, ShareState.REFUSED, words="Our case is open.")

    def network_is_kept(self) -> None:
        member = self.does("chaima", directory.enter, networked.member_draft())
        self.does("chaima", directory.record_activity, member.id, networked.activity_draft(held_on=self.at.date()))
        for to, words in ((MemberState.LEFT, "It is merged."), (MemberState.MEMBER, "")):
            self.does("chaima", directory.take, member.id, to, words=words)
