"""Sources: who may send, and with which key."""

from __future__ import annotations

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.scope import token_scope, workspace_scope
from cxm.common.tokens import hash_token, make_token
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Source
from touchpoints.interactions.services.ingest import Sender

PREFIX = "cxw_"
SHOWN = 10


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
        return Sender.of(source)
