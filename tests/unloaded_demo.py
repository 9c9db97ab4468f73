"""The stories of the demo without those that it loads first, which take half a minute to be played."""

from multiprocessing.synchronize import Event

from dashboard.server import demo


def perform(database_url: str, named: Event, loaded: Event) -> None:
    """What the process of the stories does instead: `dashboard.server.demo` is imported anew there."""
    demo.load = lambda _store, _stopped: None
    demo.perform(database_url, named, loaded)
