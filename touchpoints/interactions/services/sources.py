"""Sources: who may send, and with which key."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, date
from uuid import UUID

from django.db import Error, connection, transaction

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.scope import token_scope, workspace_scope
from cxm.common.tokens import hash_token, make_token
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Source, VisitSalt

logger = logging.getLogger(__name__)

PREFIX = "cxw_"
SHOWN = 10
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sender:
    """What must be known of a source to take what it sends.

    Attributes:
        timezone: of the workspace; its days are counted.
        name: the source's, for rules that ask for it.
        salt: for websites, today's salt for visitors without consent; else empty.
    """

    source_id: UUID
    workspace_id: UUID
    timezone: str
    name: str = ""
    salt: bytes = b""

    @classmethod
    def of(cls, source: Source) -> Sender:
        """Return the sender that a source is; reads its workspace."""
        return cls(source.pk, source.workspace_id, source.workspace.timezone, source.name)


@transaction.atomic
def create_source(
    *, workspace: Workspace, name: str, kind: str = Source.Kind.SEGMENT
) -> tuple[Source, str]:
    """Create a source that sends with a key; its text is returned this once and never again.

    Raises:
        DomainError: another source has this name (code "name_taken").
    """
    if Source.objects.for_workspace(workspace).filter(name=name).exists():
        raise DomainError(f"Another source is called “{name}”.", code="name_taken")
    source = Source(workspace=workspace, name=name, kind=kind)
    token = give_key(source=source)
    audit.record("added", source, {})
    return source, token


def give_key(*, source: Source) -> str:
    """Give a source a new key, which takes the place of the one it had, and return its text."""
    token = make_token(PREFIX)
    source.prefix = token[:SHOWN]
    source.token_hash = hash_token(token)
    source.public_key = token if source.kind == Source.Kind.WEB else ""
    source.save()
    return token


def source_called(*, workspace: Workspace, name: str, kind: str) -> Source:
    """Return the source with this name, made without a key when there is none."""
    source, _made = Source.objects.for_workspace(workspace).get_or_create(
        name=name, defaults={"workspace": workspace, "kind": kind}
    )
    # The caller's workspace is at hand; without this its time zone would cost a query.
    source.workspace = workspace
    return source


@transaction.atomic
def revoke_source(*, source: Source) -> None:
    """Close the door to a source's key for good; what it sent stays."""
    if source.revoked_at is None:
        source.revoked_at = now()
        source.save(update_fields=["revoked_at", "updated_at"])
        audit.record("revoked", source, {})


def find_sender(token: str) -> Sender | None:
    """Return who sends with a key; None for a key that is unknown or revoked."""
    digest = hash_token(token)
    with token_scope(digest):
        source = Source.objects.filter(token_hash=digest, revoked_at=None).first()
    if source is None:
        return None
    with workspace_scope(source.workspace_id):
        salt = b""
        if source.kind == Source.Kind.WEB:
            salt = salt_of(source.workspace_id, now().astimezone(UTC).date())
        return Sender(source.pk, source.workspace_id, source.workspace.timezone, source.name, salt)


def salt_of(workspace_id: UUID, day: date) -> bytes:
    """Return the salt of a day, made when it is asked for first."""
    row, _made = VisitSalt.objects.get_or_create(
        workspace_id=workspace_id, day=day, defaults={"salt": secrets.token_bytes(SALT_BYTES)}
    )
    return bytes(row.salt)


def forget_salts(*, workspace: Workspace, today: date) -> int:
    """Delete the salts of days that are over, and return how many."""
    return VisitSalt.objects.for_workspace(workspace).filter(day__lt=today).delete()[0]


def close() -> None:
    """Give the thread's connection back."""
    try:
        connection.close()
    except Error:
        logger.warning("The connection could not be closed", exc_info=True)
