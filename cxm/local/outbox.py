"""Read the mails that the mail catcher has stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from functools import lru_cache
from pathlib import Path

_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6})Z-[0-9a-f]{8}")
_HEADER_BYTES = 64 * 1024
# Written by whoever composes a mail; tells whose outbox it belongs to.
WORKSPACE_HEADER = "X-CXM-Workspace"
_WORKSPACE = re.compile(rb"(?im)^X-CXM-Workspace:[ \t]*([0-9a-f-]{36})[ \t]*\r?$")


@dataclass(frozen=True)
class Summary:
    """One line of the list; `name` identifies the mail."""

    name: str
    at: datetime
    sender: str
    recipients: str
    subject: str


@dataclass(frozen=True)
class Mail:
    """A whole mail as a reader sees it; `html` is "" when it has only text."""

    summary: Summary
    text: str
    html: str


def names(folder: Path, workspace: str | None = None) -> list[str]:
    """Return the names of the stored mails, the newest first; of one workspace or of all."""
    found = sorted(
        (file.stem for file in folder.glob("*.eml") if _NAME.fullmatch(file.stem)), reverse=True
    )
    if workspace is None:
        return found
    return [name for name in found if _workspace_of(folder / f"{name}.eml") == workspace]


def summaries(folder: Path, chosen: Sequence[str]) -> list[Summary]:
    """Return what the list shows of each mail in `chosen`; one that has vanished is left out."""
    found = []
    parser = BytesHeaderParser(policy=policy.default)
    for name in chosen:
        path = _path(folder, name)
        if path is not None:
            with path.open("rb") as file:
                found.append(_summary(name, parser.parsebytes(file.read(_HEADER_BYTES))))
    return found


def read(folder: Path, name: str, workspace: str | None = None) -> Mail | None:
    """Return one mail, or None when there is none of this name in the workspace."""
    path = _path(folder, name)
    if path is None or workspace not in (None, _workspace_of(path)):
        return None
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    return Mail(_summary(name, message), _body(message, "plain"), _body(message, "html"))


def _path(folder: Path, name: str) -> Path | None:
    """Names come from addresses: only those that the catcher gives are looked up."""
    path = folder / f"{name}.eml"
    return path if _NAME.fullmatch(name) and path.is_file() else None


@lru_cache(maxsize=20_000)
def _workspace_of(path: Path) -> str:
    """Return the workspace that a mail says it is of, or ""; a stored mail never changes."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except OSError:
        return ""
    found = _WORKSPACE.search(re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0])
    return found[1].decode() if found else ""


def _summary(name: str, message: EmailMessage) -> Summary:
    return Summary(
        name=name,
        at=datetime.strptime(name.partition("Z")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC),
        sender=str(message.get("From", "")),
        recipients=", ".join(str(value) for value in message.get_all("Delivered-To", [])),
        subject=str(message.get("Subject", "")),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
