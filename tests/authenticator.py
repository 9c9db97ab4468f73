"""A security key in software, for tests: it makes a passkey and answers challenges as a browser hands them on."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class SecurityKey:
    """One passkey on one key. `verifies`: it asks for a PIN; `uses` goes up with each answer."""

    origin: str
    site: str
    verifies: bool = True
    uses: int = 0
    ident: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _data(self, also: bytes = b"", flags: int = 0) -> bytes:
        known = PRESENT | (VERIFIED if self.verifies else 0) | flags
        return hashlib.sha256(self.site.encode()).digest() + bytes([known]) + struct.pack(">I", self.uses) + also

    def _said(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        whole: dict[str, Any] = {"id": text(self.ident), "rawId": text(self.ident), "type": "public-key"}
        return json.dumps(whole | {"response": {name: text(content) for name, content in response.items()}})

    def makes(self, options: str) -> str:
        """What the browser answers to options that ask for a new passkey."""
        point = self.private.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + struct.pack(">H", len(self.ident)) + self.ident + public
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(attested, ATTESTED)}
        said = self._said("webauthn.create", options)
        return self._answer(clientDataJSON=said, attestationObject=cbor2.dumps(statement))

    def answers(self, options: str) -> str:
        """What the browser answers to options that ask for this passkey."""
        self.uses += 1
        said, data = self._said("webauthn.get", options), self._data()
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)
