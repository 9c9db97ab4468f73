"""Names of browsers, by which people recognise their own sessions."""

from dashboard.wording import _


def browser(agent: str) -> str:
    """Return the name of a browser from its user agent, enough for people to recognise their own."""
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    name = next((words for mark, words in names if mark in agent), _("Unknown browser"))
    system = next((words for mark, words in systems if mark in agent), "")
    return f"{name} · {system}" if system else name
