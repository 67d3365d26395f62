"""The environment is read strictly; nonsense is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cxm.env import Environment, database, mail


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from the file\n")
    env = Environment({"SECRET_KEY_FILE": str(path), "SECRET_KEY": "from the variable"})
    assert env.text("SECRET_KEY") == "from the file"


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE: cannot read /nowhere"):
        Environment({"SECRET_KEY_FILE": "/nowhere"}).text("SECRET_KEY")


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_flags(value: str, meant: bool) -> None:
    assert Environment({"DEBUG": value}).flag("DEBUG") is meant


def test_a_flag_is_yes_or_no() -> None:
    with pytest.raises(ImproperlyConfigured, match="write true or false"):
        Environment({"DEBUG": "maybe"}).flag("DEBUG")


@pytest.mark.parametrize(("value", "says"), [("many", "whole number"), ("-1", "at least 0")])
def test_a_number_is_a_number(value: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        Environment({"TRUSTED_PROXIES": value}).whole("TRUSTED_PROXIES", 0)


def test_a_list_has_no_empty_parts() -> None:
    assert Environment({"HOSTS": "a.example, ,b.example,"}).listed("HOSTS") == [
        "a.example",
        "b.example",
    ]


def test_a_database_by_network_and_by_socket() -> None:
    found = database("postgresql://cxm:p%40ss@db.example:5433/shop?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("cxm", "p@ss", "db.example")
    assert (found["NAME"], found["PORT"], found["OPTIONS"]) == (
        "shop",
        "5433",
        {"sslmode": "require"},
    )
    assert database("postgresql://cxm@/shop?host=/run/pg")["HOST"] == "/run/pg"


def test_only_postgresql() -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        database("sqlite:///db")


def test_mail_by_smtp_and_by_service() -> None:
    found = mail("smtp://me:secret@mail.example:587?tls=true")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )
    assert mail("smtps://mail.example")["EMAIL_PORT"] == 465
    service = mail("mailgun://KEY@mg.example")
    assert service["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert service["ANYMAIL"] == {
        "MAILGUN_API_KEY": "KEY",
        "MAILGUN_SENDER_DOMAIN": "mg.example",
    }


def test_an_unknown_way_of_mail_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="smtp://"):
        mail("pigeon://coop")
