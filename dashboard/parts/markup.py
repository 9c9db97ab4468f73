"""Static markup: elements that no callback reaches, as one component of Dash whose other half is `markup.js`.

Dash describes each element of a page by an object with its type, its package and its properties, and wraps each in the
browser. A table of hundreds of rows is mostly that. Here an element is a list: the number of its kind, the attributes
that few others have, and what is in it. A kind is a tag with the attributes that many elements share.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

_LINK = "Link"
_FEW = 8
"""An attribute that fewer elements share stands with each of them: else every row would have kinds of its own."""


class StaticElement(NamedTuple):
    """An element of static markup that was never a component: for tables of many rows, several times as fast."""

    tag: str
    inside: tuple[Any, ...]
    attributes: dict[str, Any]


def element(tag: str, *inside: Any, **attributes: Any) -> StaticElement:
    """Return an element of static markup; the tag of a link within the application is "Link"."""
    return StaticElement(tag, inside, attributes)


class Markup(Component):
    """Elements of `dash.html` and links that no callback reads or changes; in the browser they are what they were."""

    _namespace = "muster_components"
    _type = "Markup"
    _prop_names = ["kinds", "nodes"]  # noqa: RUF012  # as Dash declares them
    kinds: list[Any]
    nodes: list[Any]
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, elements: Iterable[Any]) -> None:
        seen: Counter[tuple[str, str]] = Counter()
        kinds: dict[str, tuple[int, list[Any]]] = {}
        read = [_read(each, seen) for each in elements]
        nodes = [_written(each, seen, kinds) for each in read]
        super().__init__(kinds=[kind for _number, kind in kinds.values()], nodes=nodes)

    def elements(self) -> list[Any]:
        """Return the elements again as components."""
        return [_component(each, self.kinds) for each in self.nodes]


def _read(each: Any, seen: "Counter[tuple[str, str]]") -> Any:
    """Return an element as its tag, its attributes and what is in it; `seen` counts how many have an attribute."""
    if isinstance(each, StaticElement):
        seen.update((name, repr(value)) for name, value in each.attributes.items())
        return each.tag, each.attributes, [_read(part, seen) for part in each.inside]
    if not isinstance(each, Component):
        return each
    told = each.to_plotly_json()
    props: dict[str, Any] = told["props"]
    if told["namespace"] != "dash_html_components" and not isinstance(each, dcc.Link):
        raise TypeError(f"{told['type']} is no element of HTML: it is no static markup.")
    if isinstance(props.get("id"), dict):
        raise TypeError("A callback may reach an element with a pattern id: it is no static markup.")
    inside = props.pop("children", None)
    seen.update((name, repr(value)) for name, value in props.items())
    parts = inside if isinstance(inside, list | tuple) else [] if inside is None else [inside]
    tag = _LINK if isinstance(each, dcc.Link) else told["type"].lower()
    return tag, props, [_read(part, seen) for part in parts]


def _written(each: Any, seen: "Counter[tuple[str, str]]", kinds: dict[str, tuple[int, list[Any]]]) -> Any:
    if not isinstance(each, tuple):
        return each
    tag, props, inside = each
    own = {name: value for name, value in props.items() if seen[name, repr(value)] < _FEW}
    kind = [tag, {name: value for name, value in props.items() if name not in own}]
    number, _kind = kinds.setdefault(repr(kind), (len(kinds), kind))
    return [number, *([own] if own else []), *(_written(part, seen, kinds) for part in inside)]


def _component(node: Any, kinds: list[list[Any]]) -> Any:
    if not isinstance(node, list):
        return node
    (tag, look), rest = kinds[node[0]], node[1:]
    own = rest.pop(0) if rest and isinstance(rest[0], dict) else {}
    made = dcc.Link if tag == _LINK else getattr(html, tag.title())
    return made([_component(part, kinds) for part in rest], **look, **own)
