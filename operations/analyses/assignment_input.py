"""Input of an assignment: teams, needs and deployments of an operation, read from the store as facts of `team_facts`.

A need for three teams becomes three needs, whose keys end in #1 to #3. Places are keyed by name and position.
Engagements in other operations only block time, and their place is hidden. `labels` holds the names for people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from geodata.ways.positions import Position
from operations.analyses.assignment.problem import AssignmentProblem, Unassignable
from operations.analyses.questions.assignment import AssignmentQuestion, TeamNeedPair
from operations.support import deployments, offers, requests, suitability_facts, team_facts
from operations.support.deployments import Deployment
from operations.support.offers import Offer
from operations.support.requests import Need, SupportRequest
from operations.support.states import AssistanceState, DeploymentState, OfferState, TeamsTogether
from operations.support.teams import Team, TeamShown

Measure = Callable[[Sequence[Position]], Sequence[Sequence[float | None]]]
"""A function that returns the hours from each of some positions to each; None where no way is known."""

PRIORITIES: Mapping[str, int] = {"routine": 1, "urgent": 3, "immediate": 5}
"""Weights of the codes of CL-PRIORITY."""
KIND = "kind:"
"""The prefix of a kind of team among specialisms."""
_MOVABLE = (DeploymentState.REQUESTED.value, DeploymentState.APPROVED.value)
_FAR = timedelta(days=3650)


@dataclass(frozen=True)
class Slot:
    """One team that a need asks for, with its labels for people."""

    key: str
    need_id: UUID
    request_id: UUID
    title: str
    place: str
    host_country: str
    specialism: str
    priority: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class AcceptedTeam:
    """A team accepted for a need. `slot` is the key of the slot it fills; `free`: whether the proposal may move it."""

    deployment_id: UUID
    team: str
    slot: str
    starts: datetime
    ends: datetime
    free: bool


@dataclass(frozen=True)
class AssignmentInput:
    """The problem as read from the store. `offered`: the pending offer, by (team, id of the need).

    `late`: titles of requests whose time is over before a team can arrive.
    """

    problem: AssignmentProblem
    slots: Mapping[str, Slot]
    accepted: tuple[AcceptedTeam, ...]
    offered: Mapping[tuple[str, UUID], UUID]
    labels: Mapping[str, str]
    late: tuple[str, ...]


def ground(
    session: Session, operation_id: UUID, zone: str, question: AssignmentQuestion, measure: Measure, at: datetime
) -> AssignmentInput:
    """Return needs and available teams as a problem. Pairs locked or ruled out that no longer exist are ignored.

    Raises Unassignable.
    """
    reader = _Reader(session, operation_id, question, at)
    if not reader.slots:
        raise Unassignable("No request for assistance is open. Raise a request first.")
    if not reader.teams:
        raise Unassignable("No country has offered a team yet: wait for their offers, or ask them again.")
    if not reader.needs:
        raise Unassignable("Every need is met or has ended. There is nothing to assign.")
    return AssignmentInput(
        reader.problem(zone, measure),
        reader.slots,
        tuple(reader.accepted),
        reader.offered,
        reader.labels,
        tuple(reader.late),
    )


def counts(session: Session, operation_id: UUID, notice_hours: int, at: datetime) -> list[tuple[str, ...]]:
    """Return values that change whenever the input does: counts by state, accepted teams, and needs that are over."""
    by_state = [
        select(model.state, func.count()).where(model.operation_id == operation_id).group_by(model.state)
        for model in (SupportRequest, Offer, Deployment)
    ]
    accepted = [select(func.count(), func.sum(Need.accepted)).where(Need.operation_id == operation_id)]
    soonest = (at + timedelta(hours=notice_hours)).replace(minute=0, second=0, microsecond=0)
    over = [accepted[0].where(Need.ends <= end) for end in (at, soonest)]
    return [
        tuple(map(str, row)) for query in (*by_state, *accepted, *over) for row in sorted(session.exec(query), key=str)
    ]


class _Reader:
    """Reads the input from the store, once."""

    def __init__(self, session: Session, operation_id: UUID, question: AssignmentQuestion, at: datetime) -> None:
        self.session, self.operation_id, self.question, self.at = session, operation_id, question, at
        self.positions: dict[str, Position] = {}
        self.labels: dict[str, str] = {}
        self.slots: dict[str, Slot] = {}
        self.needs: list[team_facts.NeedFacts] = []
        self.teams: list[team_facts.TeamFacts] = []
        self.blocks: list[team_facts.TeamEngagement] = []
        self.accepted: list[AcceptedTeam] = []
        self.in_force: list[team_facts.TeamEngagement] = []
        self.late: list[str] = []
        self.bases: dict[UUID, str] = {}
        shown = self._shown()
        self.offered, self.declined = self._offers()
        self._needs({str(team.id): team for team in shown})
        for team in shown:
            self._team(team)

    def problem(self, zone: str, measure: Measure) -> AssignmentProblem:
        """Return the facts as a problem."""
        keys = sorted(self.positions)
        hours = measure([self.positions[key] for key in keys])
        table = {
            (a, b): duration
            for a, row in zip(keys, hours, strict=True)
            for b, duration in zip(keys, row, strict=True)
            if duration is not None
        }
        teams = {each.id: each for each in self.teams}
        needs = {each.id: each for each in self.needs}
        locked = [
            team_facts.TeamEngagement.of(teams[pair.team], needs[pair.need], needs[pair.need].windows[0].start)
            for pair in self._known(self.question.locked, teams, needs)
        ]
        return AssignmentProblem(
            tuple(self.teams),
            tuple(self.needs),
            team_facts.Hours(table),
            replace(suitability_facts.RULES, zone=zone),
            self.question.budget,
            (*self.blocks, *locked),
            frozenset(self._forbidden(teams, needs)),
            tuple(self.in_force),
            frozenset(
                (team, key) for key in needs for team in teams if (team, self.slots[key].need_id) in self.offered
            ),
        )

    def _known(
        self,
        pairs: Sequence[TeamNeedPair],
        teams: Mapping[str, team_facts.TeamFacts],
        needs: Mapping[str, team_facts.NeedFacts],
    ) -> list[TeamNeedPair]:
        return [each for each in pairs if each.team in teams and each.need in needs]

    def _forbidden(
        self, teams: Mapping[str, team_facts.TeamFacts], needs: Mapping[str, team_facts.NeedFacts]
    ) -> set[tuple[str, str]]:
        """Return the forbidden pairs: ruled out, declined before, or not offered where only offers count."""
        found = {(each.team, each.need) for each in self._known(self.question.ruled_out, teams, needs)}
        kept = {(each.team, each.need) for each in self.in_force}
        for need in needs:
            for team in teams:
                pair = team, self.slots[need].need_id
                unoffered = self.question.offered_only and pair not in self.offered
                if (pair in self.declined or unoffered) and (team, need) not in kept:
                    found.add((team, need))
        return found

    def _shown(self) -> list[Team]:
        """Return the teams that their countries show to the coordination of this operation."""
        query = select(Team).where(
            col(Team.id).in_(select(TeamShown.team_id).where(TeamShown.operation_id == self.operation_id)),
            col(Team.closed_at).is_(None),
        )
        return list(self.session.exec(query.order_by(Team.country, Team.call_sign)))

    def _offers(self) -> tuple[dict[tuple[str, UUID], UUID], set[tuple[str, UUID]]]:
        """Return pending offers, and pairs declined and not offered again."""
        waiting, declined = {}, set()
        for need_id, made in offers.offers(self.session, self.operation_id).items():
            for offer in made:
                pair = str(offer.team_id), need_id
                if offer.state == OfferState.OFFERED:
                    waiting[pair] = offer.id
                elif offer.state == OfferState.DECLINED:
                    declined.add(pair)
        return waiting, declined - waiting.keys()

    def _place(self, name: str, lat: float, lon: float, label: str | None = None) -> str:
        key = f"{name}|{lat:g}|{lon:g}"
        self.positions[key] = (lon, lat)
        self.labels[key] = name if label is None else label
        return key

    # -------------------------------------------------------------------------------------------------------- needs

    def _needs(self, shown: Mapping[str, Team]) -> None:
        sent: dict[UUID, list[Deployment]] = {}
        for each in deployments.deployments(self.session, self.operation_id):
            if each.bound:
                sent.setdefault(each.need_id, []).append(each)
        needs = requests.needs(self.session, self.operation_id)
        for asked in requests.requests(self.session, self.operation_id):
            if asked.state == AssistanceState.ASKED:
                for need in needs.get(asked.id, []):
                    self._need(need, asked, sent.get(need.id, []), shown)

    def _need(self, need: Need, asked: SupportRequest, sent: Sequence[Deployment], shown: Mapping[str, Team]) -> None:
        """Add the needs of one row: those with accepted teams, and open ones."""
        if need.ends <= self.at:
            return
        for number in range(max(need.teams, len(sent))):
            slot = self._slot(need, asked, number + 1)
            if number < len(sent):
                self._accepted(sent[number], need, asked, slot, shown)
            else:
                self._open(need, asked, slot)

    def _slot(self, need: Need, asked: SupportRequest, number: int) -> Slot:
        key = f"{need.id}#{number}"
        slot = Slot(
            key,
            need.id,
            asked.id,
            asked.title,
            asked.place,
            asked.host_country,
            need.specialism,
            asked.priority,
            need.starts,
            need.ends,
        )
        self.slots[key] = slot
        self.labels[key] = asked.title if need.teams == 1 else f"{asked.title} #{number}"
        return slot

    def _accepted(
        self, each: Deployment, need: Need, asked: SupportRequest, slot: Slot, shown: Mapping[str, Team]
    ) -> None:
        """Add an accepted team: fixed, or free where the question allows changes and the team has not left yet."""
        team = str(each.team_id)
        free = not self.question.keep_accepted and each.state in _MOVABLE and team in shown
        self.accepted.append(AcceptedTeam(each.id, team, slot.key, each.starts, each.until, free))
        self.labels.setdefault(team, each.call_sign)
        if not free and team in shown and need.together == TeamsTogether.ONE_BASE:
            self.bases[need.id] = self._home(shown[team])
        if free and self._open(need, asked, slot):
            made = self.needs[-1]
            start = made.windows[0].start
            self.in_force.append(
                team_facts.TeamEngagement(start, start + timedelta(hours=made.hours), team, slot.key, made.site)
            )

    def _open(self, need: Need, asked: SupportRequest, slot: Slot) -> bool:
        """Add an open need, from the earliest arrival on; return False where its time is over by then."""
        soonest = (self.at + timedelta(hours=self.question.notice_hours)).replace(minute=0, second=0, microsecond=0)
        starts = max(need.starts, soonest)
        if starts >= need.ends:
            self.late.append(self.labels[slot.key])
            return False
        made = suitability_facts.need_facts(need, asked, starts, need.ends, self.bases.get(need.id, ""))
        kind = {KIND + need.team_kind} if need.team_kind else set()
        self.needs.append(
            replace(
                made,
                id=slot.key,
                site=self._place(asked.place, asked.lat, asked.lon),
                windows=(team_facts.TimeWindow(starts, need.ends),),
                specialisms=made.specialisms | kind,
                priority=PRIORITIES.get(asked.priority, 1),
                beside=frozenset(f"{need.id}#{n}" for n in range(1, need.teams + 1)) if made.beside else frozenset(),
            )
        )
        return True

    # --------------------------------------------------------------------------------------------------------- teams

    def _home(self, team: Team) -> str:
        return self._place(team.base, team.lat, team.lon)

    def _team(self, team: Team) -> None:
        known = suitability_facts.team_facts(self.session, team, self.at)
        away = known.unavailable
        if team.out_of_service:
            away = (*away, team_facts.TimeWindow(self.at, self.at + _FAR))
        self.labels[known.id] = team.call_sign
        self.teams.append(
            replace(
                known,
                home=self._home(team),
                specialisms=known.specialisms | {KIND + team.kind},
                unavailable=away,
                cost_per_day=team.persons * self.question.per_person_day,
                cost_per_travel_hour=self.question.per_travel_hour,
            )
        )
        free = {each.deployment_id for each in self.accepted if each.free}
        for engagement in suitability_facts.engagements(self.session, team.id):
            if engagement.id not in free and engagement.until > self.at - timedelta(days=7):
                hidden = engagement.operation_id != self.operation_id
                place = self._place(
                    suitability_facts.HIDDEN if hidden else engagement.place, engagement.lat, engagement.lon
                )
                self.blocks.append(
                    team_facts.TeamEngagement(
                        engagement.starts, engagement.until, known.id, f"deployment {engagement.id}", place
                    )
                )
