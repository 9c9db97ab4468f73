"""A page as a browser has it open, without a browser: its components, the callbacks that they call, what comes of it.

What a browser would send and do with the answer is found in the application's own list of callbacks.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import dash
from plotly.io.json import to_json_plotly

from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.pulse_socket import PULSE, PULSE_ASKS
from tests.dashboard import pushed

Props = dict[str, Any]
Place = tuple[str, str]
"""The id of a component, as `canonical` writes it, and the name of a property."""


@cache
def parsed(name: str) -> Any:
    """The id that a text stands for; the same at each call, so nobody changes it."""
    return json.loads(name)


def canonical(identifier: Any) -> str:
    """An id as a key: texts as they are, patterns with their names in order."""
    if isinstance(identifier, str) and identifier.startswith("{"):
        identifier = parsed(identifier)
    return identifier if isinstance(identifier, str) else json.dumps(identifier, sort_keys=True)


def components(part: Any) -> Iterator[Props]:
    """The properties of every component with an id in a part of a page."""
    if isinstance(part, list):
        for each in part:
            yield from components(each)
    elif isinstance(part, dict):
        props = part.get("props")
        if isinstance(props, dict) and "namespace" in part:
            if "id" in props:
                yield props
            part = props
        for each in part.values():
            if isinstance(each, dict | list):
                yield from components(each)


def matching(pattern: dict[str, Any], pool: dict[str, Props]) -> list[str]:
    """Keys of the components that an id with ALL or MATCH in it means."""
    fixed = [(name, value) for name, value in pattern.items() if not isinstance(value, list)]
    found = []
    for key in pool:
        named = parsed(key) if key.startswith("{") else None
        if named and named.keys() == pattern.keys() and all(named[name] == value for name, value in fixed):
            found.append(key)
    return found


def _first(inputs: list[Any]) -> list[Place]:
    first = next(iter(inputs), None)
    first = next(iter(first), None) if isinstance(first, list) else first
    return [(canonical(first["id"]), first["property"])] if first else []


def bodies(callback: Props, pool: dict[str, Props], changed: Iterable[Place] | None = None) -> list[Props]:
    """What a browser sends for a callback: once, or once for each thing that MATCH means; nothing where one misses.

    `changed`: what the browser says has changed; where nothing is given, the first input.
    """

    def named(key: str) -> Any:
        return parsed(key) if key.startswith("{") else key

    def meant(name: str, match: Props) -> Props:
        return {at: match.get(at, value) if value == ["MATCH"] else value for at, value in parsed(name).items()}

    def filled(side: list[Props], match: Props) -> list[Any] | None:
        values: list[Any] = []
        for each in side:
            name, prop = each["id"], each["property"]
            if not name.startswith("{"):
                if name not in pool:
                    return None
                values.append({"id": name, "property": prop, "value": pool[name].get(prop)})
                continue
            pattern = meant(name, match)
            keys = matching(pattern, pool)
            several = any(isinstance(value, list) and value != ["MATCH"] for value in pattern.values())
            if not several and not keys:
                return None
            got = [{"id": named(key), "property": prop, "value": pool[key].get(prop)} for key in keys]
            values.append(got if several else got[0])
        return values

    def outputs(match: Props) -> list[Props]:
        found = callback["output"]
        several = found[2:-2].split("...") if found.startswith("..") else [found]
        made = []
        for each in several:
            name, prop = each.rsplit(".", 1)
            given = {"property": prop.split("@")[0]}
            if not name.startswith("{"):
                made.append({"id": name, **given})
                continue
            pattern = meant(name, match)
            keys = [{"id": named(key), **given} for key in matching(pattern, pool)]
            several = any(isinstance(value, list) for value in pattern.values())
            made.append(keys if several else {"id": pattern, **given})
        return made

    first = next((parsed(each["id"]) for each in callback["inputs"] if '["MATCH"]' in each["id"]), None)
    matches: list[Props] = [{}]
    if first is not None:
        wanted = [name for name, value in first.items() if value == ["MATCH"]]
        matches = [{name: parsed(key)[name] for name in wanted} for key in matching(first, pool)]
    made = []
    for match in matches:
        inputs, state = filled(callback["inputs"], match), filled(callback.get("state", []), match)
        if inputs is None or state is None:
            continue
        flat = [one for each in inputs for one in (each if isinstance(each, list) else [each])]
        places = {(canonical(each["id"]), each["property"]) for each in flat}
        moved = [place for place in changed if place in places] if changed is not None else _first(inputs)
        if not moved:
            continue
        targets = outputs(match)
        made.append(
            {
                "output": callback["output"],
                "outputs": targets if callback["output"].startswith("..") else targets[0],
                "inputs": inputs,
                "state": state,
                "changedPropIds": [f"{name}.{prop}" for name, prop in moved],
            }
        )
    return made


class Browser:
    """One person's browser at the application `inner`; `relays` are scripts of pages that only hand a value on."""

    def __init__(self, inner: dash.Dash, relays: Mapping[str, Callable[..., Any]]) -> None:
        self.inner, self.relays = inner, relays
        with inner.server.test_request_context("/_dash-dependencies"):
            self.callbacks = [each for each in json.loads(inner.dependencies().get_data()) if not each["no_output"]]
        self.client = inner.server.test_client()
        self.listening = defaultdict[Any, list[Props]](list)
        for callback in self.callbacks:
            for each in callback["inputs"]:
                name = each["id"]
                key = frozenset(parsed(name)) if name.startswith("{") else name
                if callback not in self.listening[key, each["property"]]:
                    self.listening[key, each["property"]].append(callback)

    def hearing(self, changed: Iterable[Place]) -> list[Props]:
        """The callbacks that may listen to what has changed."""
        found = []
        for name, prop in changed:
            key = frozenset(parsed(name)) if name.startswith("{") else name
            found += [each for each in self.listening[key, prop] if each not in found]
        return found

    def asks(self, asking: RequestContext, body: Props) -> Props:
        """What a callback answers."""
        environ = {"asgi.scope": {SCOPE: asking}}
        answer = self.client.post("/_dash-update-component", json=body, environ_overrides=environ)
        assert answer.status_code in (200, 204), (body["output"], answer.status_code, answer.get_data(as_text=True))
        return answer.get_json() if answer.status_code == 200 else {}

    def loads(self, asking: RequestContext, module: str, values: Props) -> "OpenPage":
        """A page as it is drawn now."""
        with self.inner.server.test_request_context("/", environ_overrides={"asgi.scope": {SCOPE: asking}}):
            drawn = dash.page_registry[module]["layout"](**values)
        return OpenPage(self, json.loads(to_json_plotly(drawn)), asking)


class OpenPage:
    """A page that is open: `tree` is what it shows, `told` what it was told beside it, such as notices."""

    def __init__(self, browser: Browser, tree: Props, asking: RequestContext) -> None:
        self.browser, self.tree, self.told = browser, tree, list[Any]()
        self.pool = {canonical(each["id"]): each for each in components(tree)}
        self.pool |= {store: {"id": store, "data": 0} for store in (PULSE, PULSE_ASKS)}
        for callback in browser.callbacks:
            if not callback["prevent_initial_call"]:
                for body in bodies(callback, self.pool):
                    self._settles(asking, self._came(asking, callback, body | {"changedPropIds": []}))

    def hears(self, asking: RequestContext, operation: str | None = None) -> None:
        """The pulse moves, and with it comes what differs on boards of the page, which is one of `operation`."""
        for watch in list(pushed.on_page(self.browser.callbacks, self.pool)):
            came = pushed.differing(watch, asking)
            if came is None:
                self.sets(asking, PULSE_ASKS, data=self.pool[PULSE_ASKS]["data"] + 1)
                continue
            changed = [(part.element, part.prop) for part in came[1]]
            for part in came[1]:
                props = self.pool[part.element]
                self._put(props, part.prop, pushed.patched(props.get(part.prop), part.value))
            self._settles(asking, [*changed, *pushed.keep(self.pool, came[1])])
        self.sets(asking, PULSE, data=self.pool[PULSE]["data"] + 1)

    def sets(self, asking: RequestContext, identifier: str, **values: Any) -> None:
        """Something on the page changes, and with it whatever listens to it."""
        self.pool[identifier].update(values)
        self._settles(asking, [(identifier, name) for name in values])

    def _settles(self, asking: RequestContext, changed: list[Place]) -> None:
        waiting = deque([changed])
        while waiting:
            changed = waiting.popleft()
            for callback in self.browser.hearing(changed):
                for body in bodies(callback, self.pool, changed):
                    waiting.append(self._came(asking, callback, body))

    def _came(self, asking: RequestContext, callback: Props, body: Props) -> list[Place]:
        """Call a callback and put its answer on the page; what changed with it."""
        if callback["clientside_function"]:
            relay = self.browser.relays.get(callback["clientside_function"]["function_name"])
            response = relay(body) if relay else {}
        else:
            answer = self.browser.asks(asking, body)
            self.told += [list(answer["sideUpdate"].values())] if answer.get("sideUpdate") else []
            response = answer.get("response", {})
        changed = []
        for name, values in response.items():
            props = self.pool.get(canonical(name))
            if props is None:
                continue
            for prop, value in values.items():
                self._put(props, prop, value)
                changed.append((canonical(name), prop))
        return changed

    def _put(self, props: Props, prop: str, value: Any) -> None:
        for gone in components(props.get(prop)):
            self.pool.pop(canonical(gone["id"]), None)
        props[prop] = value
        self.pool.update((canonical(each["id"]), each) for each in components(value))
