"""Sentences for sites, the plan on the map, layers and analyses."""

from dashboard.telling.names import Names, coded
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_, _, joined
from operations.analyses.questions import ASKED
from operations.core.field_labels import labels_of
from operations.core.journal import Entry
from operations.core.vocabulary import JobState
from operations.policing.map_plan.places import SiteDraft

_DRAWN = coded("CL-MAPOBJECT", "kind")
_LAYER = coded("CL-LAYERKIND", "kind")
_FUNCTION = coded("CL-OCUROLE", "function")


def _analysis(entry: Entry, _names: Names) -> str:
    asking = ASKED.get(str(entry.detail.get("kind")))
    return _(asking.name) if asking else ""


def _site(entry: Entry, names: Names) -> str:
    return names.site(entry.object_id)


def _corrected(entry: Entry, _names: Names) -> str:
    said = {name: _(each.label) for name, each in labels_of(SiteDraft).items()} | dict.fromkeys(
        ("lat", "lon"), _("Coordinate")
    )
    return joined(dict.fromkeys(said[name] for name in entry.detail["changed"] if name in said))


def _posted_to(entry: Entry, names: Names) -> str:
    return names.site_of(entry)


def _posted(entry: Entry) -> str:
    if entry.detail.get("changed"):
        return N_("{country}: the days of a posting to {site} were changed.")
    return N_("{country}: an officer was posted to {site}.")


def _drawn(entry: Entry) -> str:
    if entry.detail.get("version") == 1:
        return N_("On the plan: {kind} was drawn.")
    return N_("On the plan: {kind} was changed.")


def _imported(entry: Entry) -> str:
    if entry.detail.get("version") == 1:
        return N_("{country}: a layer was imported ({kind}). Rows kept: {accepted}, left out: {refused}.")
    return N_("{country}: a layer was imported anew ({kind}). Rows kept: {accepted}, left out: {refused}.")


def _asked(entry: Entry) -> str:
    if "resumed_from" in entry.detail:
        return N_("An analysis is continued: {kind}.")
    if "rerun_of" in entry.detail:
        return N_("An analysis was asked for again: {kind}.")
    return N_("An analysis was asked for: {kind}.")


def _cancelled(entry: Entry) -> str:
    if entry.detail.get("state") == JobState.CANCELLED:
        return N_("An analysis was cancelled before it began: {kind}.")
    return N_("An analysis was told to stop: {kind}.")


SITES = {
    "site.place": row(
        "map-pin",
        N_("{country}: {site} was added as a site ({type})."),
        site=_site,
        type=coded("CL-SITETYPE", "site_type"),
    ),
    "site.correct": row("edit", N_("{country}: {site} was corrected: {fields}."), site=_site, fields=_corrected),
    "site.close": row("map-pin", N_("{country}: {site} was taken out of the plan."), site=_site),
    "site.post": row("map-pin", _posted, site=_posted_to),
    "site.relieve": row("logout", N_("{country}: a posting to {site} was ended."), site=_posted_to),
    "unit.post": row(
        "building-community",
        N_("{country}: somebody was posted to a coordination unit ({function})."),
        function=_FUNCTION,
    ),
    "unit.relieve": row(
        "logout", N_("{country}: a posting to a coordination unit was ended ({function})."), function=_FUNCTION
    ),
}
PLAN = {
    "plan.draw": row("polygon", _drawn, kind=_DRAWN),
    "plan.delete": row("polygon", N_("On the plan: {kind} was removed."), kind=_DRAWN),
    "plan.undo": row("polygon", N_("On the plan: a change was taken back ({kind})."), kind=_DRAWN),
    "plan.freeze": row("lock", N_("Version {number} of the plan was frozen. Objects: {objects}, sites: {sites}.")),
    "plan.approve": row("rubber-stamp", N_("Version {number} of the plan was approved.")),
}
LAYERS = {
    "layer.add": row("stack-2", _imported, kind=_LAYER),
    "layer.remove": row("stack-2", N_("{country}: a layer was removed ({kind})."), kind=_LAYER),
    "layer.restore": row("stack-2", N_("{country}: a removed layer was brought back ({kind})."), kind=_LAYER),
}
ANALYSES = {
    "analysis.ask": row("chart-dots", _asked, kind=_analysis),
    "analysis.cancel": row("chart-dots", _cancelled, kind=_analysis),
    "analysis.finish": row("chart-dots", N_("An analysis came to its end: {kind}."), kind=_analysis),
    "analysis.fail": row("chart-dots", N_("An analysis failed: {kind}."), kind=_analysis),
    "analysis.stop": row("chart-dots", N_("An analysis has stopped: {kind}."), kind=_analysis),
    "analysis.adopt": row(
        "polygon",
        N_("On the plan: objects adopted from an analysis ({kind}): {count}."),
        kind=_analysis,
    ),
}
