"""Typed readers of the environment that refuse nonsense.

``SOME_NAME_FILE`` may hold the path of a file with the value, as secrets are mounted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class DatabaseSettings(TypedDict):
    """One entry of Django's DATABASES."""

    ENGINE: str
    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str
    CONN_MAX_AGE: int
    CONN_HEALTH_CHECKS: bool
    OPTIONS: dict[str, object]


TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})
MAIL_SERVICES = {
    "brevo": "BREVO_API_KEY",
    "mailgun": "MAILGUN_API_KEY",
    "mailjet": "MAILJET_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "resend": "RESEND_API_KEY",
    "sendgrid": "SENDGRID_API_KEY",
    "sparkpost": "SPARKPOST_API_KEY",
}


class Environment:
    """Reads settings from a mapping such as ``os.environ``.

    Every method raises ImproperlyConfigured with a sentence that says what to do.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the value, or the contents of the file that ``<name>_FILE`` points to."""
        path = self.values.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error}") from error
        return self.values.get(name, default).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self.values.get(name)
        if value is None:
            return default
        if value.strip().lower() in TRUE:
            return True
        if value.strip().lower() in FALSE:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; write true or false.")

    def whole(self, name: str, default: int, *, least: int = 0) -> int:
        """Return a whole number that is at least ``least``."""
        value = self.text(name) or str(default)
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.") from None
        if number < least:
            raise ImproperlyConfigured(f"{name} is {number}; it must be at least {least}.")
        return number

    def listed(self, name: str, default: str = "") -> list[str]:
        """Return the parts of a list separated by commas."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]


def database(url: str) -> DatabaseSettings:
    """Return Django's settings for a ``postgresql://`` address; a socket comes as ``?host=``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql://; CXM runs on PostgreSQL only."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    options: dict[str, object] = {k: v for k, v in query.items() if k != "host"}
    return DatabaseSettings(
        ENGINE="django.db.backends.postgresql",
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=query.get("host", parts.hostname or ""),
        PORT=str(parts.port or ""),
        CONN_MAX_AGE=60,
        CONN_HEALTH_CHECKS=True,
        OPTIONS=options,
    )


def mail(url: str) -> dict[str, object]:
    """Return Django's mail settings for an address.

    ``smtp://user:password@host:587?tls=true``, ``smtps://…`` (TLS from the first byte), or a
    service: ``postmark://KEY@``, ``mailgun://KEY@sender-domain``, and so on.
    """
    parts = urlsplit(url)
    user = unquote(parts.username or "")
    if parts.scheme in MAIL_SERVICES:
        service = parts.scheme
        keys: dict[str, object] = {MAIL_SERVICES[service]: user}
        if service == "mailgun" and parts.hostname:
            keys["MAILGUN_SENDER_DOMAIN"] = parts.hostname
        return {"EMAIL_BACKEND": f"anymail.backends.{service}.EmailBackend", "ANYMAIL": keys}
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(
            "EMAIL_URL must begin with smtp://, smtps:// or a service such as postmark://."
        )
    query = parse_qs(parts.query)
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if secure else 25),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": query.get("tls", ["false"])[-1].lower() in TRUE,
        "EMAIL_TIMEOUT": 20,
    }


def process_environment() -> Environment:
    """Return the environment of this process."""
    return Environment(os.environ)
