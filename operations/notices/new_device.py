"""The notice to a person about a sign-in from a network or a browser that the account has not used for a month."""

import hashlib

from sqlmodel import col, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Account, System
from operations.core.sign_in import KNOWN_SOURCE, SignIn
from operations.core.store import Store
from operations.core.vocabulary import MessageKind
from operations.notices.messages import To, tell

_ABOUT = N_(
    "Somebody signed in to your account from {source}, another network or browser. If it was not you, end that session."
)


def tell_of_newest(store: Store, username: str) -> bool:
    """Tell a person of the newest session of the account where it is from elsewhere; the first of all is none."""
    with store.unit_of_work(System()) as session:
        mine = select(SignIn).where(
            SignIn.account_id == Account.id,
            Account.username == username,
            col(SignIn.only).is_(None),
            ~col(SignIn.factor_due),
        )
        found = session.exec(mine.order_by(col(SignIn.created_at).desc()).limit(200)).all()
        if len(found) < 2:
            return False
        newest, earlier = found[0], found[1:]
        recent = [each for each in earlier if each.created_at > newest.created_at - KNOWN_SOURCE]
        if newest.source in {each.source for each in recent} and newest.agent in {each.agent for each in recent}:
            return False
        place = hashlib.sha256(f"{newest.source} {newest.agent}".encode()).hexdigest()[:16]
        key, to = f"device:{newest.account_id}:{place}:{newest.created_at:%Y-%m-%d}", To.those(newest.account_id)
        about = Flaw("", _ABOUT, {"source": newest.source or "?"})
        return tell(session, to, MessageKind.NEW_DEVICE, "/account", key=key, by=System(), about=about) > 0
