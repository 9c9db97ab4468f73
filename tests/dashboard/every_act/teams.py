"""Acts of support teams: kept, asked for, sent and back home."""

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.support import availability, certificates, deployment_acts, kit, offers, requests, teams
from tests.dashboard.every_act.base import DAY, HOUR, PlayBase
from tests.operations.test_teams import away, certify
from tests.teams import accepted, keep_team, needs_of, offer, on_site, order, raise_request, report


class TeamActs(PlayBase):
    """Acts of support teams, as chapters."""

    def teams_are_kept(self) -> None:
        with clock.at(self.at):
            team = keep_team(self.scene)
            certificate, absence = certify(self.scene, team), away(self.scene, team, starts=self.at, ends=self.at + DAY)
        self.does("chaima", certificates.revoke, certificate.id)
        self.does("chaima", availability.cancel_absence, absence.id)
        member = {"id": new_id(), "service_ref": "NE-0417", "role": "leader"}
        joined = self.does("chaima", teams.join, team.id, parse(teams.TeamMemberDraft, member))
        self.does("chaima", teams.leave, joined.id)
        car = {"id": new_id(), "kind": "patrol_car", "label": "CAR 1", "team_id": team.id}
        self.does("chaima", kit.keep, parse(kit.AssetDraft, car))
        self.does("chaima", teams.take_out, team.id, "At the garage.")
        self.does("chaima", teams.put_back, team.id)
        self.does("chaima", teams.close, team.id)

    def teams_are_asked_for(self) -> None:
        scene = self.scene
        made = [raise_request(scene, by=name, at=self.at) for name in ("chaima", "ana")]
        self.does("ana", requests.ask_countries, made[0].id)
        [need] = needs_of(scene, made[0])
        with clock.at(self.at):
            first, second = (offer(scene, need.id, keep_team(scene), at=self.at) for _each in range(2))
        self.does("ana", offers.decline, first.id, "Too far.")
        self.does("chaima", offers.take_back, second.id)
        self.does("ana", requests.close, made[1].id)

    def teams_go(self) -> None:
        scene, at = self.scene, self.at
        wanted = {"starts": at + HOUR, "ends": at + 3 * DAY}
        stays = accepted(scene, at=at, **wanted)
        order(scene, stays.id, at=at)
        self.does("ana", deployment_acts.stand_down, stays.id, "The road is closed.")
        goes = on_site(scene, at=at, **wanted)
        self.does("ana", deployment_acts.accredit, goes.id)
        report(scene, "check_in", goes.id, at=at)
        report(scene, "hand_over", goes.id, at=at, words="Keys are at the desk.")
        self.does("system", deployment_acts.lose_contact, goes.id, at=at + DAY + HOUR)
        report(scene, "check_in", goes.id, at=self.at)
        report(scene, "leave_site", goes.id, at=self.at)
        report(scene, "debrief", goes.id, at=self.at, words="All went well.")
        sent_home = on_site(scene, at=self.at, **wanted)
        self.does("ana", deployment_acts.release, sent_home.id, "The flood is over.")
