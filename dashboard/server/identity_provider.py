"""The identity provider of this installation, for the pages of this process."""

from dashboard.settings import Settings

_here: Settings | None = None


def serve(settings: Settings) -> None:
    """Let the pages of this process know the provider, where one is set."""
    global _here
    _here = settings if settings.openid_issuer else None


def known() -> tuple[str, str]:
    """Return the issuer and the name of the provider; "" without one."""
    return (_here.openid_issuer, _here.openid_name) if _here else ("", "")
