"""The REST interface in front of a scene: its application behind the real gate, and programs that hold tokens."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.api.application import application
from dashboard.frame.sign_in import PUBLIC
from dashboard.server.gate import Gate
from dashboard.server.rate_limits import open_doors
from dashboard.settings import Settings
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.permissions import may
from operations.core.vocabulary import ApiScope
from operations.exchange import api_tokens
from tests.makers import Running
from tests.servers import free_port

ORIGIN = "http://127.0.0.1:8060"


def token(scene: Running, by: str, *scopes: str, **changes: Any) -> api_tokens.NewToken:
    """A token that one of the cast makes, with all that they may unless some are named."""
    allowed = [scope for scope, act in api_tokens.SCOPES.items() if may(scene[by], act)]
    content = {"id": new_id(), "system": "Border entry", "scopes": list(scopes or allowed or ApiScope)}
    content["expires_on"] = clock.now().date() + timedelta(days=30)
    with scene.store.unit_of_work(scene[by]) as session:
        return api_tokens.make(session, parse(api_tokens.TokenDraft, content | changes), scene[by])


@dataclass(frozen=True)
class Interface:
    """The interface of a scene."""

    scene: Running
    gate: Gate

    def program(self, key: str = "", language: str = "") -> TestClient:
        """A program that holds a key, or none."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        headers |= {"accept-language": language} if language else {}
        origin = self.gate.settings.public_origin or ORIGIN
        return TestClient(self.gate, base_url=f"{origin}/api/v1", headers=headers, follow_redirects=False)

    def of(self, name: str, *scopes: str, language: str = "") -> TestClient:
        """A program of one of the cast, with a new token."""
        return self.program(token(self.scene, name, *scopes).key, language)


def interface(scene: Running, **settings: Any) -> Interface:
    """Put the interface in front of a scene."""
    chosen, outer = Settings(**settings), FastAPI(openapi_url=None)
    outer.mount("/api/v1", application(scene.store, chosen.public_origin))
    return Interface(scene, Gate(outer, scene.store, chosen, PUBLIC, lambda: "", open_doors(chosen)))


@contextmanager
def served(door: Interface) -> Iterator[str]:
    """The interface on a port of loopback, for clients that speak HTTP themselves: its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(door.gate, port=port, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=copy_context().run, args=(server.run,))  # the clock of the test
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        server.should_exit = True
        thread.join(20)
