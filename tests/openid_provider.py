"""A provider of OpenID Connect on loopback, in a process of its own: oidc-provider-mock, which also judges PKCE here.

It signs in whoever a test names. Claims of its next ID tokens can be made wrong, as a hostile provider would.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Provider:
    """A provider that runs, and the client that Muster is there."""

    issuer: str
    client: str
    secret: str

    def person(self, address: str, subject: str = "", **form: str) -> str:
        """Whoever follows `address` signs in as `subject`; returns where the provider sends them back to."""
        answer = httpx.post(address, data={"sub": subject, **form} if subject else form, follow_redirects=False)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["location"]

    def lie(self, **claims: Any) -> None:
        """Let claims of the next ID tokens be these; `alg`: the algorithm by which they are signed."""
        assert httpx.put(f"{self.issuer}/lie", json=claims).status_code == 204

    def logout_token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that the provider signs; `header` and `claims` are those of it, None for none of that name."""
        token: str = httpx.post(f"{self.issuer}/sign", json={"header": header or {}, "claims": claims}).text
        return token


@contextmanager
def serving(back: str) -> Iterator[Provider]:
    """A provider that knows one client, who comes back to the address `back`."""
    program = [sys.executable, "-W", "ignore", "-m", "tests.openid_provider"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            asked = {"redirect_uris": [back], "token_endpoint_auth_method": "client_secret_basic"}
            client = httpx.post(f"{issuer}/oauth2/clients", json=asked).json()
            yield Provider(issuer, client["client_id"], client["client_secret"])
        finally:
            process.kill()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def main() -> None:
    """Serve until this process is ended; the first line says where."""
    warnings.simplefilter("ignore")
    import flask
    from authlib import jose
    from oidc_provider_mock import app as provider
    from werkzeug.serving import make_server

    app, challenges, lies = provider(require_nonce=True, require_client_registration=True), {}, {}

    @app.put("/lie")
    def lie() -> tuple[str, int]:
        lies.clear()
        lies.update(flask.request.get_json())
        return "", 204

    @app.post("/sign")
    def sign() -> str:
        asked, key = flask.request.get_json(), flask.g.oidc_provider_mock_storage.jwk
        header = {name: value for name, value in ({"alg": "RS256"} | asked["header"]).items() if value is not None}
        if header["alg"] == "none":
            return ".".join(_encoded(json.dumps(part).encode()) for part in (header, asked["claims"])) + "."
        signed: bytes = jose.JsonWebSignature().serialize_compact(header, json.dumps(asked["claims"]).encode(), key)
        return signed.decode()

    @app.before_request
    def judge_verifier() -> Any:
        if flask.request.path != "/oauth2/token":
            return None
        digest = hashlib.sha256(flask.request.form.get("code_verifier", "").encode()).digest()
        if challenges.pop(flask.request.form.get("code"), None) != ("S256", _encoded(digest)):
            return flask.jsonify(error="invalid_grant"), 400
        return None

    @app.after_request
    def answer(response: flask.Response) -> flask.Response:
        asked = flask.request.args
        code = parse_qs(urlsplit(response.headers.get("location", "")).query).get("code")
        if code:
            challenges[code[0]] = asked.get("code_challenge_method"), asked.get("code_challenge")
        if flask.request.path == "/oauth2/token" and response.status_code == 200 and lies:
            body = response.get_json()
            _head, claims, _seal = body["id_token"].split(".")
            said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))) | lies
            algorithm = said.pop("alg", "RS256")
            said = {name: value for name, value in said.items() if value is not None}
            key = flask.g.oidc_provider_mock_storage.jwk
            if algorithm == "RS256":
                token = (
                    jose.JsonWebSignature()
                    .serialize_compact({"alg": algorithm}, json.dumps(said).encode(), key)
                    .decode()
                )
            else:  # unsigned, or sealed with what everybody knows
                signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": algorithm}, said))
                seal = hmac.digest(key.as_pem(), signed.encode(), "sha256") if algorithm == "HS256" else b""
                token = f"{signed}.{_encoded(seal)}"
            response.set_data(json.dumps(body | {"id_token": token}))
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
