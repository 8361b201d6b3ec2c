"""The settings, read from the environment in one place.

Every other module receives a `Config`; nothing else looks at `os.environ`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENVIRONMENTS = ("development", "production", "testing")
LOCALES = ("id", "en")
LOG_FORMATS = ("text", "json")


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one line that names it."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. `database_url` and the folders are absolute."""

    environment: str
    data_dir: Path
    database_url: str
    secret_key: str
    audit_key: str
    base_url: str
    default_locale: str
    timezone: str
    smtp_url: str | None
    redis_url: str | None
    log_format: str

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS, which decides cookies and HSTS."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def is_testing(self) -> bool:
        return self.environment == "testing"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read and check `POLICYFORUM_*`; raise `ConfigError` naming the first wrong one."""
        read = _Reader(os.environ if environ is None else environ)
        environment = read.choice("ENV", ENVIRONMENTS, "development")
        data_dir = Path(read.text("DATA_DIR", "var")).resolve()
        base_url = read.url("BASE_URL", ("http", "https"), "http://127.0.0.1:8000").rstrip("/")
        if environment == "production" and not base_url.startswith("https://"):
            raise ConfigError("POLICYFORUM_BASE_URL must begin with https:// in production")
        secret_key = read.secret_key(environment, data_dir)
        return cls(
            environment=environment,
            data_dir=data_dir,
            database_url=read.database_url(data_dir),
            secret_key=secret_key,
            audit_key=read.audit_key(secret_key),
            base_url=base_url,
            default_locale=read.choice("DEFAULT_LOCALE", LOCALES, "id"),
            timezone=read.timezone("TIMEZONE", "Asia/Jakarta"),
            smtp_url=read.optional_url("SMTP_URL", ("smtp", "smtps", "smtp+starttls")),
            redis_url=read.optional_url("REDIS_URL", ("redis", "rediss", "unix")),
            log_format=read.choice("LOG_FORMAT", LOG_FORMATS, "text"),
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(f"POLICYFORUM_{name}", "").strip() or default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise ConfigError(f"POLICYFORUM_{name} must be one of {', '.join(allowed)}")
        return value

    def url(self, name: str, schemes: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "unix"):
            raise ConfigError(f"POLICYFORUM_{name} must be a URL with {' or '.join(schemes)}")
        return value

    def optional_url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        return self.url(name, schemes, "") if self.text(name, "") else None

    def timezone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigError(
                f"POLICYFORUM_{name} must name a time zone such as {default}"
            ) from None
        return value

    def database_url(self, data_dir: Path) -> str:
        value = self.text("DATABASE_URL", f"sqlite:///{data_dir / 'policyforum.sqlite3'}")
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        scheme = value.split(":", 1)[0].split("+", 1)[0]
        if scheme not in ("sqlite", "postgresql"):
            raise ConfigError("POLICYFORUM_DATABASE_URL must be a sqlite or postgresql URL")
        return value

    def secret_key(self, environment: str, data_dir: Path) -> str:
        value = self.text("SECRET_KEY", "")
        if value:
            if len(value) < 32:
                raise ConfigError("POLICYFORUM_SECRET_KEY must have at least 32 characters")
            return value
        if environment == "production":
            raise ConfigError("POLICYFORUM_SECRET_KEY must be set in production")
        return _kept_secret(data_dir)

    def audit_key(self, secret_key: str) -> str:
        """Its own setting lets the secret key change while heads are signed as before."""
        value = self.text("AUDIT_KEY", secret_key)
        if len(value) < 32:
            raise ConfigError("POLICYFORUM_AUDIT_KEY must have at least 32 characters")
        return value


def _kept_secret(data_dir: Path) -> str:
    """The development key: made once, kept readable for its owner only."""
    path = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"POLICYFORUM_DATA_DIR cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
