"""The export of spans to a collector of OpenTelemetry, where a setting names one (see `operations.core.traces`)."""

import importlib.metadata
import logging
from typing import TYPE_CHECKING

from dashboard.settings import Settings
from operations.core import traces

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig

MISSING = (
    "MUSTER_OTLP_ENDPOINT is set, but no spans are sent, because the libraries are missing: pip install muster[otel]"
)
FASTAPI: "TelemetryConfig" = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own spans and logs hold addresses, queries and the words of exceptions, and a variable of its own
(FASTAPI_OTEL_AUTO_CONFIGURE) would send them: none are made."""
_log = logging.getLogger("muster.spans")


def begin(settings: Settings) -> None:
    """Send the spans of this process where the settings say so; where the libraries are missing, log that."""
    if not settings.otlp_endpoint:
        return
    if not traces.installed():
        _log.warning(MISSING)
        return
    version = importlib.metadata.version("muster")
    traces.export(settings.otlp_endpoint, settings.otlp_header_fields, settings.otlp_ca, version)
