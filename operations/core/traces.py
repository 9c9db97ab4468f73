"""Traces of this process, for a collector of OpenTelemetry: what is measured, as spans below its request or job.

Off until `export` names a collector; the libraries are imported only then. Spans hold what metrics and logs may:
templates, codes and numbers, the number of the request that the log has, and of an exception its type. No text of a
person, no id of one, and no content is an attribute.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from structlog.contextvars import get_contextvars

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

Value = str | int | float | list[str]
PATIENCE = 2.0
"""Seconds that a span waits for the collector: one that is away must not hold up the end of a process."""
_NAMES = {"method": "http.request.method", "route": "http.route", "status": "http.response.status_code"}
_PATH = "/v1/traces"
_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")

_provider: "TracerProvider | None" = None


def installed() -> bool:
    """Return whether the libraries are here: the extra `muster[otel]`."""
    try:
        return all(find_spec(name) is not None for name in _NEEDED)
    except ModuleNotFoundError:  # of a package above it
        return False


def export(address: str, headers: Mapping[str, str], authority: str, version: str) -> None:
    """Send the spans of this process to the collector at `address` from now on, by OTLP over HTTP.

    `headers` are sent along; `authority`: a file with who signs its certificate, "" for the public authorities. Raises
    ImportError where the libraries are missing.
    """
    import requests
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    global _provider
    stop()
    asking = requests.Session()
    asking.trust_env = not authority  # REQUESTS_CA_BUNDLE of the environment would take the authority's place
    exporter = OTLPSpanExporter(
        address.rstrip("/") + _PATH,
        headers=dict(headers),
        certificate_file=authority or None,
        timeout=PATIENCE,
        session=asking,
    )
    # It stays Muster's own: what other libraries would send by the global one holds addresses and queries.
    _provider = TracerProvider(resource=Resource.create({"service.name": "muster", "service.version": version}))
    _provider.add_span_processor(BatchSpanProcessor(exporter))


def flush() -> None:
    """Send what waits, before a process ends that runs nothing at its exit."""
    if _provider is not None:
        _provider.force_flush()


def stop() -> None:
    """Send what waits, and nothing from now on."""
    global _provider
    if _provider is not None:
        _provider.shutdown()
    _provider = None


@contextmanager
def span(name: str, **attributes: Value) -> Iterator[None]:
    """The block is a span; what is measured inside it lies below. An exception that leaves it is told as its type."""
    if _provider is None:
        yield
        return
    with _provider.get_tracer("muster").start_as_current_span(
        name, attributes=_named(attributes), record_exception=False, set_status_on_exception=False
    ):
        try:
            yield
        except BaseException as error:
            failed(error)
            raise


def record(name: str, seconds: float, **attributes: Value) -> None:
    """Record a span of so many seconds that ends now."""
    if _provider is not None:
        end = time.time_ns()
        made = _provider.get_tracer("muster").start_span(
            name, attributes=_named(attributes), start_time=end - int(seconds * 1e9)
        )
        made.end(end)


def tell(name: str = "", **attributes: Value) -> None:
    """Add attributes to the span of this block, and name it anew where `name` is given."""
    if _provider is not None:
        from opentelemetry.trace import get_current_span

        current = get_current_span()
        current.set_attributes(_named(attributes))
        if name:
            current.update_name(name)


def failed(why: BaseException | str) -> None:
    """Mark the span of this block as failed, by the type of an exception or by a code."""
    if _provider is not None:
        from opentelemetry.trace import StatusCode, get_current_span

        current = get_current_span()
        current.set_attribute("error.type", why if isinstance(why, str) else type(why).__name__)
        current.set_status(StatusCode.ERROR)


def ids() -> dict[str, str]:
    """Return trace and span of this block in hexadecimal, as a collector shows them; nothing outside of one."""
    if _provider is None:
        return {}
    from opentelemetry.trace import format_span_id, format_trace_id, get_current_span

    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace": format_trace_id(context.trace_id), "span": format_span_id(context.span_id)}


def _named(attributes: Mapping[str, Value]) -> dict[str, Value]:
    """Return attributes under the names that OpenTelemetry has for them, or as Muster's own."""
    found = {_NAMES.get(name, f"muster.{name}"): value for name, value in attributes.items()}
    if (request := get_contextvars().get("request")) is not None:
        found["muster.request"] = request
    return found
