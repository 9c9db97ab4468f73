"""Acts of data protection and of accounts: requests of data subjects, holds, erasure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from operations.core import account_admin, accounts, clock, invitations
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.second_factor import SecondFactor
from operations.data_protection import holds
from operations.data_protection import requests as data_requests
from operations.data_protection.rows import CopyState, SubjectRequestState
from operations.policing.calendar import tasks
from operations.policing.operation.legal_holds import HoldState
from tests.dashboard.every_act.base import DAY, HOUR, PlayBase
from tests.makers import still_there, task_draft
from tests.people import actor


class DataProtectionActs(PlayBase):
    """Acts of data protection and of accounts, as chapters."""

    def data_are_asked_for(self) -> None:
        """By persons: requests of each kind, one for each decision; the last two are refused and take longer."""
        desk = {"country": None, "role": "ocu_analyst", "due": self.at + DAY}
        asked_of = self.does("ana", tasks.add, self.scene.operation, task_draft(title="Ask in Agadez", **desk))
        wanted = {"corrected": "ask in agadez"}
        decided = {"given": "access", "withheld": "access", "kept": "correction", "corrected": "correction"}
        for decision, asked in {**decided, "erased": "deletion"}.items():
            made = self._asks_for(asked)
            look = data_requests.SearchDraft(wanted=wanted.get(decision, "one group brings people"))
            found = self.asks(
                "ana",
                lambda session, made=made, look=look: data_requests.find_copies(
                    session, made.id, look, self.scene["ana"]
                ),
            )
            self.does("ana", data_requests.search, made.id, found)
            [copy] = self.asks("ana", lambda session, made=made: data_requests.copies(session, made.id))
            if decision == "corrected":
                draft = task_draft(id=asked_of.id, title="Ask there", **desk)
                self.does("ana", lambda session, by, draft=draft: tasks.edit(session, draft, by, asked_of.version))
            self.does("ana", self._decides(data_requests.decide, copy.id, CopyState(decision)))
            self.does("ana", self._decides(data_requests.take, made.id, SubjectRequestState.ANSWERED))
        late = self._asks_for("access")
        longer = {"until": late.until + 9 * DAY, "extended": "Many files."}
        self.does("ana", data_requests.extend, late.id, parse(data_requests.ExtensionDraft, longer))
        self.does("ana", self._decides(data_requests.take, late.id, SubjectRequestState.REFUSED))
        held = {"id": new_id(), "operation_id": self.scene.operation, "authority": "Court", "file_ref": "RG 1"}
        hold = self.does("ana", holds.set_hold, parse(holds.HoldDraft, held | {"why": "It is not decided."}))
        self.does("frida", self._decides(holds.take, hold.id, HoldState.LIFTED))

    def _asks_for(self, asked: str) -> Any:
        content = {"id": new_id(), "asked": asked, "file_ref": "HQ/7", "received": self.at.date()}
        return self.does("ana", data_requests.receive, parse(data_requests.SubjectRequestDraft, content))

    def _decides(self, verb: Any, ident: Any, to: Any) -> Callable[..., Any]:
        return lambda session, by: verb(session, ident, to, by, "By law.")

    def accounts_come_and_go(self) -> None:
        content = {
            "id": new_id(),
            "username": "aisha",
            "name": "Aisha Seydou",
            "role": "national_officer",
            "country": "NER",
            "password": "harbour, quick tide 5",
        }
        self.does("system", accounts.add_account, parse(accounts.AccountDraft, content))
        asked = {"id": new_id(), "name": "Omar Idi", "role": "national_officer", "country": "NER"}
        made = self.does("ada", invitations.invite, parse(invitations.InvitationDraft, asked)).account
        urgent = asked | {"id": new_id(), "emergency": True, "reason": "The officer was taken ill."}
        self.does("ada", invitations.invite, parse(invitations.InvitationDraft, urgent))
        link = self.does("ada", invitations.renew, made.id)
        with clock.at(self.at):
            invitations.accept(self.scene.store, link.secret, "harbour, quick tide 5", "en")
        self.does("chaima", account_admin.confirm, made.id)
        for changes in ({"unit": "Gao"}, {"clearance": "restricted"}, {"role": "team_leader"}):
            now = self.asks("ada", lambda session: session.get_one(Account, made.id))
            said = {"role": now.role, "country": "NER", "clearance": now.clearance, "unit": now.unit, **changes}
            why = {} if "unit" in changes else {"reason": "A new post."}
            draft = parse(account_admin.ChangeDraft, said | why)
            self.does("ada", account_admin.change, made.id, draft, seen=now.version)
        self.does("ada", account_admin.end_sessions, made.id)
        with self.scene.store.unit_of_work(System()) as session:
            session.add(SecondFactor(account_id=made.id, sealed="sealed", made_at=self.at, confirmed_at=self.at))
        self.does("ada", account_admin.reset_factor, made.id)
        self.does("ada", account_admin.bind_identity, made.id, "https://id.example", "omar")
        self.does("ada", account_admin.unbind_identity, made.id)
        self.does("ada", account_admin.close, made.id, why="Left the service.")
        self.does("ada", account_admin.reopen, made.id)
        self.does("system", account_admin.close, made.id, unused=True)
        self.does("ada", account_admin.end_country, "SEN", why="A laptop was stolen.")
        self.does("ada", account_admin.end_country, "SEN", why="The operation is over.", close_all=True)
        with self.scene.store.unit_of_work(System()) as session:
            session.get_one(Account, actor("otto").account_id).expires_at = self.at + HOUR
        self.ticks(self.at + 2 * HOUR)

    def words_are_erased(self) -> None:
        for at in (
            datetime.combine(date(year, month, 3), time(1), UTC) for year in range(2027, 2032) for month in (1, 5, 9)
        ):
            still_there(self.scene, at)
            self.ticks(at)
