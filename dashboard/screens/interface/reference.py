"""What the interface takes and tells: its description (OpenAPI) as a page, without a request to any other host."""

from collections.abc import Iterable, Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.api.application import ABOUT, REFUSALS, description
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.markup import Markup
from dashboard.parts.panel import panel
from dashboard.places import REFERENCE
from dashboard.server.gate import DESCRIPTION
from dashboard.wording import N_, _, joined
from operations.core.sign_in import API

NAV = REFERENCE
AUDIENCE = same_for_role
_MOST_CODES = 12
_TAGS = {
    "reports": N_("Reports"),
    "operations": N_("Operations"),
    "plan": N_("Plan"),
    "code lists": N_("Code lists"),
    "key figures": N_("Key figures"),
    "tables": N_("Tables"),
    "teams": N_("Teams"),
    "leads": N_("Leads"),
}

ANOTHER = (
    N_("Make its token with its public key: what it writes then has to be signed by that key."),
    N_("The signature (Ed25519, base64) stands in the header `Muster-Signature`."),
    N_("Signed are the method, a space, the path, a line feed and the body: `POST /api/v1/reports`, and so on."),
)
HOOKS = (
    N_("The national coordinator makes a webhook, on the page of connected systems."),
    N_("Each step of a report of your country is posted to it as JSON."),
    N_("Its fields: `id`, `number`, `type`, `timestamp`, `operation`, `report` and `version`."),
    N_("The type is the step, such as `report.submit` or `report.verify`. Ask for the report itself with a token."),
    N_("It is signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`."),
    N_("Answer with 2xx within 10 seconds. Otherwise it comes again under the same `id`, and the next one waits."),
)


def layout(**_query: str) -> Component:
    """Return what holds for all routes, each route, and each object that they take or return."""
    found = description()
    routes = [(method, path, about) for path, methods in found["paths"].items() for method, about in methods.items()]
    parts = [
        panel(
            _("For all routes"), html.Ul([html.Li(_coded(_(words))) for words in ABOUT], className="interface-about")
        ),
        *(
            panel(_(words), *(_route(*each) for each in routes if tag in each[2]["tags"]))
            for tag, words in _TAGS.items()
        ),
        panel(_("Webhooks"), html.Ul([html.Li(_coded(_(words))) for words in HOOKS], className="interface-about")),
        panel(
            _("Another Muster"), html.Ul([html.Li(_coded(_(each))) for each in ANOTHER], className="interface-about")
        ),
        panel(
            _("Refusals"),
            _table([_("Status"), _("Meaning")], [[str(code), _coded(_(words))] for code, words in REFUSALS.items()]),
        ),
        panel(
            _("Objects"),
            *(_schema(name, about) for name, about in found["components"]["schemas"].items() if "properties" in about),
        ),
    ]
    return page(
        _("What the interface takes"),
        html.Div(Markup(parts), className="m-stack"),
        lead=_("Everything below is under {address} on this server.", address=API),
        actions=[
            html.A(
                [icon("file-text", 16), _("OpenAPI 3.1")],
                href=DESCRIPTION,
                download="muster-openapi.json",
                className="interface-link",
            )
        ],
        wide=True,
    )


def _route(method: str, path: str, about: Mapping[str, Any]) -> Component:
    asked = [
        [each["name"], _type(each["schema"]), _needed(each.get("required")), _words(each, "description")]
        for each in about.get("parameters", ())
    ]
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    told: dict[str, Any] = next((each for code, each in about["responses"].items() if code.startswith("2")), {})
    answer = next((each["schema"] for each in told.get("content", {}).values()), None)
    return html.Article(
        [
            html.H3([html.Code(method.upper(), className="interface-method"), html.Code(path, dir="ltr")]),
            html.P(
                [
                    html.Strong(_words(about, "summary")),
                    *([" · ", *said] if (said := _words(about, "description")) else []),
                ]
            ),
            *([_table([_("Parameter"), _("Type"), "", _("Meaning")], asked)] if asked else []),
            *([html.P([_("Takes"), " ", *_type(body)])] if body else []),
            *([html.P([_("Answers"), " ", *_type(answer)])] if answer else []),
        ],
        className="interface-route",
    )


def _schema(name: str, about: Mapping[str, Any]) -> Component:
    needed = about.get("required", ())
    rows = [
        [field, _words(said, "title"), _type(said), _needed(field in needed), _rule(said)]
        for field, said in about["properties"].items()
    ]
    head = [_("Field"), _("Label"), _("Type"), "", _("Meaning")]
    return html.Details(
        [html.Summary(html.Code(name)), _table(head, rows)], id=f"interface-{name}", className="interface-schema"
    )


def _table(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Component:
    return tags.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(each) for each in head])),
                html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows]),
            ],
            className="interface-fields",
        ),
        className="interface-scroll",
    )


def _needed(needed: object) -> str:
    return _("needed") if needed else ""


def _words(about: Mapping[str, Any], key: str) -> list[Any]:
    """Return a text of the description in the reader's language."""
    words: str = about.get(key, "")
    return _coded(_(words)) if words else []


def _coded(words: str) -> list[Any]:
    """Return words in which what stands between backticks is code."""
    return [html.Code(part, dir="ltr") if at % 2 else part for at, part in enumerate(words.split("`"))]


def _rule(said: Mapping[str, Any]) -> list[Any]:
    """Return the hint of a field, its list of codes and its limits."""
    parts: list[Any] = _words(said, "description")
    for about in (said, *said.get("anyOf", ()), said.get("items", {})):
        if listed := about.get("x-code-list"):
            parts += [" ", html.Code(listed)]
        if len(about.get("enum", ())) in range(1, _MOST_CODES + 1):
            parts += [" (", html.Span(joined(map(str, about["enum"])), dir="ltr"), ")"]
        for limit, words in (("minimum", "≥ {n}"), ("maximum", "≤ {n}"), ("maxLength", "≤ {n}")):
            if limit in about:
                parts += [" ", html.Bdi(words.format(n=about[limit]))]
    return parts


def _type(said: Mapping[str, Any]) -> list[Any]:
    """Return the type of a schema: a link where it is an object of its own."""
    if "$ref" in said:
        name = said["$ref"].rpartition("/")[2]
        return [html.A(html.Code(name), href=f"#interface-{name}")]
    several = said.get("anyOf") or said.get("oneOf")
    if several:
        kinds = [_type(each) for each in several if each.get("type") != "null"]
        return [part for at, kind in enumerate(kinds) for part in ((" | ", *kind) if at else kind)]
    if said.get("type") == "array":
        return [*_type(said.get("items", {})), "[]"]
    if "const" in said:
        return [html.Code(f'"{said["const"]}"')]
    return [html.Code(said.get("format") or said.get("type", "object"))]
