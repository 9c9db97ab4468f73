"""The identity provider at which people sign on: OpenID Connect, by the authorization code flow with PKCE.

What belongs to one sign-on travels in a sealed cookie of its browser, so that no process keeps any of it, and whoever
holds a code of another browser opens nothing. Of the answer Muster takes the subject alone, and only from an ID token
that the provider signed for this sign-on.
"""

import hmac
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from operations.core import installation_key
from operations.core.clock import now
from operations.core.errors import MusterError, RuleBroken
from operations.core.field_labels import N_
from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    import joserfc.errors as jose_errors
    from authlib.integrations import base_client, requests_client
    from authlib.oidc import core as oidc
    from joserfc import jwk, jwt
else:  # only who signs on needs them
    requests_client, base_client, oidc, jwk, jwt, jose_errors = (
        lazy_module(name, ahead=False)
        for name in (
            "authlib.integrations.requests_client",
            "authlib.integrations.base_client",
            "authlib.oidc.core",
            "joserfc.jwk",
            "joserfc.jwt",
            "joserfc.errors",
        )
    )

WITHIN = 600
"""Seconds that a sign-on may take."""
PATIENCE = 5
"""Seconds that the provider has to answer."""
_KEPT = 3600.0
"""Seconds for which its addresses and keys are known."""
_AGAIN = 30.0
"""Seconds after which its keys are asked for again where a token names one that is not known."""
_SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_LEEWAY = 60
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_WITHIN = 120
"""Seconds after which a logout token is too old, beside the leeway of clocks."""
_PURPOSE = "sign-on"
_log = logging.getLogger("muster.operations")

_TOO_LATE = N_("This sign-on took too long, or began in another browser. Begin again.")
_CANCELLED = N_("The sign-on at {name} was cancelled. Begin again, or sign in with your password.")
_DENIED = N_("{name} did not sign you on ({reason}). Ask whoever keeps your account there.")
_AWAY = N_("{name} cannot be reached just now. Try again in a minute, or sign in with your password.")
_WRONG = N_(
    "{name} gave an answer that Muster does not accept. Tell your administrator, or sign in with your password."
)


class ProviderAway(MusterError):
    """The provider does not answer, or not as one."""


class SignOn(NamedTuple):
    """The beginning of a sign-on: where its browser goes, and what it keeps meanwhile."""

    address: str
    kept: str


class OpenIdClient(NamedTuple):
    """What Muster is at a provider: its client there, and the secret, "" for a public one.

    `name` is what people call the provider; `ca` a file with who signs its certificate, "" for the public authorities.
    """

    issuer: str
    client: str
    secret: str
    name: str
    ca: str = ""


class OpenIdProvider:
    """A provider, asked as one client."""

    def __init__(self, of: OpenIdClient) -> None:
        self.issuer, self.name = of.issuer, of.name
        self._client, self._secret, self._trusted = of.client, of.secret, of.ca or True
        self._known: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()
        self._drift = timedelta(0)

    def begin(self, back: str, target: str) -> SignOn:
        """Begin a sign-on that ends at the address `back` and goes on to `target`. Raises ProviderAway."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _secret in range(3))
        with self._session(back) as session:
            address, _state = session.create_authorization_url(
                self._metadata()["authorization_endpoint"], state, verifier, nonce=nonce
            )
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "to": target, "at": int(time.time())}
        return SignOn(address, installation_key.sealed(_PURPOSE, json.dumps(kept), self.issuer))

    def finish(self, back: str, kept: str, answer: Mapping[str, str]) -> tuple[str, str]:
        """Return the subject whom the provider signed on, and where they wanted to go.

        `kept` is what the browser kept, `answer` what the provider sent with it. Raises RuleBroken for whatever is not
        the answer to what this browser began, and ProviderAway.
        """
        begun = self._begun(kept, answer.get("state", ""))
        if answer.get("iss", self.issuer) != self.issuer:
            raise RuleBroken("", _WRONG, name=self.name)
        if error := answer.get("error", ""):
            reason = error if re.fullmatch(r"[a-z_]{1,40}", error) else "?"
            said = {"access_denied": _CANCELLED}.get(error, _DENIED)
            raise RuleBroken("", said, name=self.name, reason=reason)
        try:
            return self._subject(back, begun, answer.get("code", "")), str(begun["to"])
        except (base_client.OAuthError, jose_errors.JoseError, ValueError, KeyError, TypeError) as refused:
            _log.warning("An answer of the identity provider was refused: %s.", type(refused).__name__)
            raise RuleBroken("", _WRONG, name=self.name) from None

    def sign_out_address(self, back: str) -> str:
        """Return where people sign out of the provider as well; "" where it says no such address."""
        end = str(self._metadata().get("end_session_endpoint", ""))
        return f"{end}?{urlencode({'client_id': self._client, 'post_logout_redirect_uri': back})}" if end else ""

    def ended(self, token: str) -> tuple[str, datetime]:
        """Return the subject whose sessions the provider ends by a logout token, and when it did.

        As OpenID Connect Back-Channel Logout 1.0 says (2.6); a token that names a session alone is refused, for Muster
        keeps none of the provider's. Raises RuleBroken, ProviderAway.
        """
        told: dict[str, Any] = {name: {"essential": True} for name in ("iat", "jti", "sub")}
        told |= {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._client}}
        try:
            read = self._claims(token)
            claims: dict[str, Any] = read.claims
            jwt.JWTClaimsRegistry(leeway=_LEEWAY, **told).validate(claims)
            at = datetime.fromtimestamp(claims["iat"], UTC)
            kind = str(read.header.get("typ")).casefold().removeprefix("application/")
            old = at < now() - timedelta(seconds=_LOGOUT_WITHIN + _LEEWAY)
            if kind != "logout+jwt" or "nonce" in claims or old or not isinstance(claims["events"][_LOGOUT], dict):
                raise ValueError("no logout token")
            return str(claims["sub"]), at
        except (jose_errors.JoseError, ValueError, KeyError, TypeError, OverflowError) as refused:
            _log.warning("A logout of the identity provider was refused: %s.", type(refused).__name__)
            raise RuleBroken("", _WRONG, name=self.name) from None

    def drift(self) -> timedelta:
        """Return by how much the provider's clock differs from ours, as it said last. Raises ProviderAway."""
        self._metadata()
        return self._drift

    # ------------------------------------------------------------------------------------------------- inside

    def _begun(self, kept: str, state: str) -> dict[str, Any]:
        try:
            begun: dict[str, Any] = json.loads(installation_key.opened(_PURPOSE, kept, self.issuer))
        except (RuleBroken, ValueError):
            raise RuleBroken("", _TOO_LATE) from None
        if begun["at"] < time.time() - WITHIN or not hmac.compare_digest(begun["state"].encode(), state.encode()):
            raise RuleBroken("", _TOO_LATE)
        return begun

    def _subject(self, back: str, begun: Mapping[str, Any], code: str) -> str:
        with self._session(back) as session:
            said = {"code": code, "code_verifier": begun["verifier"], "allow_redirects": False}
            address = self._metadata()["token_endpoint"]
            token = self._asked(lambda: session.fetch_token(address, grant_type="authorization_code", **said))
        claims = self._claims(token["id_token"])
        judged = oidc.CodeIDToken(
            claims.claims,
            claims.header,
            {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._client}},
            {"nonce": begun["nonce"], "client_id": self._client, "access_token": token.get("access_token")},
        )
        judged.validate(leeway=_LEEWAY)
        subject = judged["sub"]
        if not isinstance(subject, str) or not subject:
            raise ValueError("no subject")
        return subject

    def _claims(self, token: str) -> Any:
        for since in (_KEPT, _AGAIN):  # a key that is not known may be new
            told: Any = self._document(self._metadata()["jwks_uri"], since)
            keys = jwk.KeySet.import_key_set(told)
            try:
                return jwt.decode(token, keys, algorithms=_SIGNED_BY)
            except (jose_errors.JoseError, ValueError) as unknown:
                refused = unknown
        raise refused

    def _metadata(self) -> dict[str, Any]:
        found = self._document(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", _KEPT)
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        addresses = [urlsplit(str(found.get(name, ""))) for name in needed]
        open_ = [place for place in addresses if place.scheme != "https" and not self.issuer.startswith("http:")]
        if found.get("issuer") != self.issuer or open_:
            raise ProviderAway(_AWAY, name=self.name)
        return found

    def _document(self, address: str, since: float) -> dict[str, Any]:
        """Return a document of the provider, which is asked for where the one that is known is older than `since`."""
        with self._lock:
            at, found = self._known.get(address, (-_KEPT, {}))
            if time.monotonic() - at < (since if found else PATIENCE):
                return self._whole(found)
            self._known[address] = time.monotonic(), {}  # until it answers, nobody else waits for it
            with self._session("") as session:
                answer = self._asked(lambda: session.get(address, withhold_token=True, allow_redirects=False))
            with suppress(ValueError, KeyError):
                self._drift = parsedate_to_datetime(answer.headers["Date"]) - now()
            with suppress(ValueError):
                if answer.status_code == 200:
                    self._known[address] = time.monotonic(), answer.json()
            return self._whole(self._known[address][1])

    def _whole(self, found: Any) -> dict[str, Any]:
        if not found or not isinstance(found, dict):
            raise ProviderAway(_AWAY, name=self.name)
        return dict(found)

    def _session(self, back: str) -> Any:
        session = requests_client.OAuth2Session(
            self._client,
            self._secret or None,
            token_endpoint_auth_method=self._method() if back else None,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )
        session.trust_env, session.verify = False, self._trusted
        return session

    def _method(self) -> str:
        """Return how Muster proves to the provider that it is the client."""
        if not self._secret:
            return "none"
        offered = self._metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """Return the answer of the provider. Raises ProviderAway where there is none."""
        try:
            return ask()
        except OSError as broken:  # whatever `requests` raises is one
            _log.warning("The identity provider cannot be reached: %s.", type(broken).__name__)
            raise ProviderAway(_AWAY, name=self.name) from None
