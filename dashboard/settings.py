"""Settings of a process: MUSTER_* variables, each also as MUSTER_*_FILE with the path of a file that has the value."""

import ipaddress
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from limits import parse
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from operations.core import backups, encrypted_copies, installation_key
from operations.core.errors import RuleBroken
from operations.core.openid_provider import OpenIdClient
from operations.core.permissions import PRIVILEGED_ROLES
from operations.core.sign_in import SessionLimits
from operations.core.vocabulary import Role

PREFIX = "MUSTER_"


def _readable(text: str) -> str:
    parse(text)  # raises ValueError
    return text


Rated = Annotated[str, AfterValidator(_readable)]
"""A rate limit: "100 per 10 seconds"."""


class LogFormat(StrEnum):
    """How logs are written: JSON for machines, or text for a terminal."""

    JSON = "json"
    TEXT = "text"


class SecretFiles(PydanticBaseSettingsSource):
    """Settings source for MUSTER_*_FILE variables: secrets in files appear in no process list."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Return the content of the file that the variable names, without trailing white space."""
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text(encoding="utf-8").strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return all values that are given as files."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Settings of this process. Every field is a variable: `port` is MUSTER_PORT."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8060, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=16, ge=1, le=256)
    data_dir: Path = Path("var")
    database_url: str = ""
    owner_url: str = ""
    demo: bool = False
    warm: bool = True
    secure_cookies: bool | None = None
    public_origin: str = ""
    trusted_proxies: str = ""
    # What lies outside the database: the key under which secrets are sealed, and who needs a second factor ("chosen" by
    # each person, "privileged", "everybody", or roles, such as "administrator, auditor").
    # Keys of before, oldest first, one a line: they open what was sealed under them, and seal nothing.
    key: SecretStr = SecretStr("")
    old_keys: SecretStr = SecretStr("")
    second_factor: str = "chosen"
    # The identity provider (OpenID Connect) at which bound accounts may sign on: its issuer, the client that Muster is
    # there, the name on the button, and who signs its certificate where the system does not know them.
    openid_issuer: str = ""
    openid_client: str = ""
    openid_secret: SecretStr = SecretStr("")
    openid_name: str = "OpenID Connect"
    openid_ca: str = ""
    idle_minutes: int = Field(default=30, ge=1, le=240)
    session_hours: int = Field(default=12, ge=1, le=24)
    body_limit: int = Field(default=1024 * 1024, ge=1024)
    backup_dir: Path | None = None
    backup_minutes: int = Field(default=15, ge=1, le=1440)
    # Public keys (age) for which copies are encrypted, those of second persons without whom none is opened, and of how
    # many days and weeks one copy each is kept; and where that lies which leads to the moments between two copies.
    backup_recipients: str = ""
    backup_second_recipients: str = ""
    archive_dir: Path | None = None
    backup_days: int = Field(default=backups.DAYS, ge=1, le=366)
    backup_weeks: int = Field(default=backups.WEEKS, ge=0, le=520)
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_ca: str = ""
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "muster@localhost"
    log: LogFormat = LogFormat.JSON
    # Whoever has this token reads /metrics from elsewhere than this machine; "" for nobody.
    metrics_token: SecretStr = SecretStr("")
    # The collector of OpenTelemetry (OTLP over HTTP) that spans are sent to, such as https://collector.example:4318,
    # what is sent along ("authorization=Bearer TOKEN"), and who signs its certificate.
    otlp_endpoint: str = ""
    otlp_headers: SecretStr = SecretStr("")
    otlp_ca: str = ""
    # Where alerts are posted as JSON, and the secret that signs them.
    alert_webhook: str = ""
    alert_secret: SecretStr = SecretStr("")
    # Networks of one's own in which webhooks of countries may lie, such as "10.1.0.0/16, fd00::/8", and who signs their
    # certificates; without the first, they are told on the open internet alone.
    webhook_networks: str = ""
    webhook_ca: str = ""
    # Where signed heads of the journal leave this machine once a day.
    evidence_dir: Path | None = None
    evidence_webhook: str = ""
    evidence_mail: str = ""
    import_limit: int = Field(default=64 * 1024 * 1024, ge=1024, le=256 * 1024 * 1024)
    # Rate limits of one person in a process, and of failed sign-ins from one network: see
    # dashboard.server.rate_limits.
    writes: Rated = "100 per 10 seconds"
    exports: Rated = "60 per 5 minutes"
    analyses: Rated = "60 per 10 minutes"
    files: Rated = "30 per 10 minutes"
    boards: Rated = "300 per minute"
    api: Rated = "300 per minute"
    sign_in_failures: Rated = "60 per 15 minutes"
    sockets: int = Field(default=20, ge=1)

    @model_validator(mode="after")
    def _known_origin(self) -> "Settings":
        if self.public_origin and not self.public_origin.startswith(("http://", "https://")):
            raise ValueError("MUSTER_PUBLIC_ORIGIN is an address such as https://muster.example")
        try:
            self.demands  # noqa: B018 - it raises for a role that is none
        except ValueError:
            raise ValueError("MUSTER_SECOND_FACTOR is chosen, privileged, everybody, or names of roles") from None
        try:
            self.inside  # noqa: B018 - it raises for a network that is none
        except ValueError:
            raise ValueError('MUSTER_WEBHOOK_NETWORKS is a list such as "10.1.0.0/16, fd00::/8"') from None
        try:
            groups = self.backup_keys
        except RuleBroken as refusal:
            raise ValueError(f"MUSTER_BACKUP_RECIPIENTS: {refusal}") from None
        if self.backup_second_recipients and (len(groups) < 2 or {*groups[0]} & {*groups[1]}):
            raise ValueError("MUSTER_BACKUP_SECOND_RECIPIENTS are other keys than those of MUSTER_BACKUP_RECIPIENTS")
        if self.openid_issuer:
            place = urlsplit(self.openid_issuer)
            if not (place.scheme == "https" or (place.scheme == "http" and loopback(place.hostname or ""))):
                raise ValueError("MUSTER_OPENID_ISSUER is an address such as https://id.example")
            if not self.openid_client:
                raise ValueError("MUSTER_OPENID_CLIENT is what the provider calls Muster: set it with the issuer")
        for name in ("alert_webhook", "evidence_webhook"):
            if (address := getattr(self, name)) and not address.startswith(("http://", "https://")):
                raise ValueError(f"MUSTER_{name.upper()} is an address such as https://alerts.example/muster")
        if self.otlp_endpoint and not self.otlp_endpoint.startswith(("http://", "https://")):
            raise ValueError("MUSTER_OTLP_ENDPOINT is an address such as https://collector.example:4318")
        if not all(self.otlp_header_fields.values()):
            raise ValueError('MUSTER_OTLP_HEADERS is a list such as "authorization=Bearer TOKEN"')
        return self

    @property
    def demands(self) -> frozenset[Role]:
        """The roles that need a second factor."""
        named = {"chosen": frozenset[Role](), "privileged": PRIVILEGED_ROLES, "everybody": frozenset(Role)}
        return named.get(self.second_factor) or frozenset(
            Role(word.strip()) for word in self.second_factor.split(",") if self.second_factor not in named
        )

    @property
    def openid(self) -> OpenIdClient:
        """What Muster is at the identity provider."""
        secret = self.openid_secret.get_secret_value()
        return OpenIdClient(self.openid_issuer, self.openid_client, secret, self.openid_name, self.openid_ca)

    @property
    def otlp_header_fields(self) -> dict[str, str]:
        """What is sent to the collector with each request; "" for a field without a value."""
        fields = (part.partition("=") for part in self.otlp_headers.get_secret_value().split(",") if part.strip())
        return {name.strip().lower(): value.strip() for name, _equals, value in fields}

    @property
    def inside(self) -> list[IPv4Network | IPv6Network]:
        """The networks of one's own in which webhooks may lie."""
        return [ip_network(part.strip()) for part in self.webhook_networks.split(",") if part.strip()]

    def installation_key(self) -> bytes:
        """Return the key: the one given, or that of a file in the data folder, made once; b"" without either."""
        if given := self.key.get_secret_value():
            return given.encode()
        try:
            with (
                suppress(FileExistsError),
                os.fdopen(os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made,
            ):
                made.write(secrets.token_hex(32))
            return self.key_file.read_bytes()
        except OSError:
            return b""

    def older_keys(self) -> list[bytes]:
        """Return the keys of before, oldest first."""
        return [key.encode() for key in self.old_keys.get_secret_value().split()]

    def use_keys(self) -> None:
        """Let this process seal and sign by the key of the installation."""
        installation_key.use(self.installation_key, self.older_keys)

    @property
    def key_file(self) -> Path:
        """The file of the key where none is given."""
        return self.data_dir / "installation.key"

    @property
    def spool(self) -> Path | None:
        """Where what is on its way in lies, in files without a name; None for the system's own folder for them."""
        return self.data_dir if os.access(self.data_dir, os.W_OK) else None

    @property
    def refusal(self) -> str:
        """Why nothing is served with these settings; "" where it may be."""
        if loopback(self.host) or (self.public_origin and self.trusted_proxies):
            return ""
        return (
            f"Muster does not listen on {self.host} before it knows its address and its proxies: set "
            'MUSTER_PUBLIC_ORIGIN, and MUSTER_TRUSTED_PROXIES ("none" where people reach it directly).'
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, then the environment, then files."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @property
    def database(self) -> str:
        """The URL of the database: the one given, or an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'muster.sqlite'}"

    @property
    def owner(self) -> str:
        """The URL by which the schema is made and upgraded: on PostgreSQL that of the role that owns the tables."""
        return self.owner_url or self.database

    @property
    def backups(self) -> Path:
        """The folder of backups. It should be on another disk than the data folder."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def archive(self) -> Path:
        """The folder of changes between copies: of pages on SQLite, and the archive of the server on PostgreSQL."""
        return self.archive_dir or self.backups / "changes"

    @property
    def backup_keys(self) -> tuple[tuple[str, ...], ...]:
        """The public keys for which copies are encrypted, one group a person who is needed; none where they are not."""
        groups = (encrypted_copies.recipients(text) for text in (self.backup_recipients, self.backup_second_recipients))
        return tuple(filter(None, groups))

    @property
    def maps(self) -> Path:
        """The folder of maps that operators add: each `.pmtiles` file in it is drawn over the bundled ground."""
        return self.data_dir / "maps"

    @property
    def address(self) -> str:
        """The public address of Muster, for links in mail."""
        return self.public_origin.rstrip("/") or f"http{'s' if self.secure else ''}://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether cookies are sent over TLS only: always, except where Muster is served on loopback without TLS."""
        if self.secure_cookies is not None:
            return self.secure_cookies
        if self.public_origin:
            return self.public_origin.startswith("https://")
        return not loopback(self.host)

    @property
    def limits(self) -> SessionLimits:
        """The idle and absolute limits of a session."""
        return SessionLimits(idle=timedelta(minutes=self.idle_minutes), absolute=timedelta(hours=self.session_hours))


def loopback(host: str) -> bool:
    """Return whether a host name or address is loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
