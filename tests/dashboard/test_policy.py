"""Every callback has a policy, every page one too, and ids that callbacks name exist where they are named by hand."""

from collections.abc import Iterator, Mapping
from typing import Any

import dash
import pytest
from dash import Input, Output

from dashboard import screens
from dashboard.frame import policy
from dashboard.navigation import Nav, operation_in
from dashboard.server.access import RequestContext, acting_as, actor
from operations.core.errors import NotPermitted, Stale, Taken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import Classification, Role


def _person(role: Role, country: str | None = None) -> Actor:
    from operations.core.ids import new_id

    return Actor(new_id(), "Ana Lima", role, country, Classification.FOR_OFFICIAL_USE)


OWN_OF_DASH = ("_pages_content.children", "_pages_store.data", "_pages_dummy.children")


def _unguarded(callback_map: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield the outputs of server callbacks without a policy. Dash's own pages callback, which has none, is left out.

    Page layouts are guarded where pages are registered.
    """
    for output, entry in callback_map.items():
        function = entry.get("callback")
        if function is None or any(own in output for own in OWN_OF_DASH):
            continue
        if not hasattr(getattr(function, "__wrapped__", function), "_act"):
            yield output


@pytest.mark.requirement("ASVS 8.2.1", "R13")
def test_every_server_callback_has_a_policy(site):
    callbacks = site.app.inside.dash.callback_map
    served = [output for output, entry in callbacks.items() if entry.get("callback")]
    assert len(served) > 5
    assert list(_unguarded(callbacks)) == []


@pytest.mark.requirement("R13")
def test_a_callback_without_a_policy_would_be_found(site):
    found = {**site.app.inside.dash.callback_map, "x.children": {"callback": lambda: None}}
    assert list(_unguarded(found)) == ["x.children"]


def test_callbacks_of_the_browser_are_named_functions(site):
    """Inline ones would need a hash for each; Dash's own one, which sets the title, is the exception."""
    named = [
        entry["clientside_function"]
        for entry in site.app.inside.dash._callback_list
        if entry.get("clientside_function")
    ]
    assert named
    assert {
        each["namespace"].partition("_")[0] for each in named if not each["namespace"].startswith("_dashprivate_")
    } == {"muster"}
    private = [each for each in named if each["namespace"].startswith("_dashprivate_")]
    assert len(private) <= 1


@pytest.mark.requirement("ASVS 8.3.1", "R14")
def test_the_role_is_asked_before_the_function_runs(site):
    asked = []
    seen = dict(dash._callback.GLOBAL_CALLBACK_MAP)

    @policy.screen(Output("policy-x", "children"), Input("policy-y", "n_clicks"), act=Act.OPERATION_CREATE)
    def make(clicks):
        asked.append(actor().role)
        return clicks

    (entry,) = [value for key, value in dash._callback.GLOBAL_CALLBACK_MAP.items() if key not in seen]
    guarded = entry["callback"].__wrapped__
    dash._callback.GLOBAL_CALLBACK_MAP.pop("policy-x.children")
    dash._callback.GLOBAL_CALLBACK_LIST[:] = [
        e for e in dash._callback.GLOBAL_CALLBACK_LIST if e["output"] != "policy-x.children"
    ]
    with acting_as(_person(Role.AUDITOR), site.store), pytest.raises(NotPermitted):
        guarded(1)
    assert asked == []
    with acting_as(_person(Role.OPERATION_COORDINATOR), site.store):
        assert guarded(1) == 1
    assert asked == [Role.OPERATION_COORDINATOR]


@pytest.mark.requirement("R16")
def test_nobody_asks_outside_a_request():
    with pytest.raises(NotPermitted):
        actor()


@pytest.mark.requirement("R13")
def test_every_page_says_what_it_needs(site):
    for module in screens.pages():
        assert isinstance(module.NAV, Nav)
        assert (module.NAV.path is None) != (module.NAV.path_template is None)
        assert callable(module.layout)


def test_a_page_that_a_role_does_not_have_looks_as_if_it_were_not_there(site):
    (entry,) = [page for page in dash.page_registry.values() if page["module"] == "dashboard.screens.verify.page"]
    with acting_as(_person(Role.ADMINISTRATOR), site.store) as asking:
        assert isinstance(asking, RequestContext)
        refused = entry["layout"](operation_id="699e1a57-151b-48bf-8288-62ded3164d55")
    assert "There is nothing here that you can see." in str(refused)


@pytest.mark.parametrize("path", [None, "/", "/account", "/operations/", "/operations/not-an-id/plan"])
def test_addresses_without_an_operation(path):
    assert operation_in(path) is None


def test_who_was_slower_is_answered_with_what_is_there():
    """Two presses at one moment: the second is done again, once, and finds what the first made."""
    made: dict[str, str] = {}

    @policy.once_more
    def keep(ident: str) -> str:
        if ident not in made:
            made[ident] = "ALFA"  # somebody was faster
            raise Taken("Somebody saved the same thing at the same moment. Nothing changed: reload the page.")
        return made[ident]

    assert keep("1") == "ALFA"

    @policy.once_more
    def never() -> None:
        made["times"] = made.get("times", "") + "x"
        raise Taken("Somebody saved the same thing at the same moment. Nothing changed: reload the page.")

    with pytest.raises(Taken):
        never()
    assert made["times"] == "xx"

    @policy.once_more
    def other() -> None:
        made["other"] = made.get("other", "") + "x"
        raise Stale

    with pytest.raises(Stale):
        other()
    assert made["other"] == "x", "a version that somebody replaced is nothing to try again"
