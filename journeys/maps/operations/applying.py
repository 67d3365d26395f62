"""Operations are carried out: one after the other, each wholly or not at all, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.ids import uuid7
from cxm.workspaces.models import Membership
from journeys.maps.models import Operation, Version
from journeys.maps.operations.board import Applied, Board
from journeys.maps.operations.changing import Conflict, delete, move, update
from journeys.maps.operations.inserting import insert
from journeys.maps.operations.locking import lock_versions
from journeys.maps.operations.verbs import (
    Delete,
    Insert,
    Move,
    OperationRefused,
    Sent,
    Update,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one operation: its number, a refusal or a conflict."""

    id: UUID
    number: int | None = None
    error: OperationRefused | None = None
    conflict: Mapping[str, object] | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as the answer names it."""
        if self.error is not None:
            error = {"code": self.error.code, "detail": self.error.detail}
            return {"id": str(self.id), "error": error}
        if self.conflict is not None:
            return {"id": str(self.id), "conflict": self.conflict}
        return {"id": str(self.id), "number": self.number}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all of them, and the version as it is now."""

    version: Version
    results: tuple[Result, ...]
    changed: bool


@transaction.atomic
def carry_out(
    *, version_id: UUID, sent: Sequence[Sent], client: str = "", by: Membership | None = None
) -> Outcome:
    """Carry out operations on a draft, in their order.

    One that is refused does not stop those behind it; one that was carried out before answers
    its number. The version is locked from here to the end of the transaction, so that numbers
    have no gaps.

    Raises:
        DomainError: a row that the operations name went away meanwhile, or others change the
            same too quickly ("busy"). Nothing was carried out then.
    """
    versions = lock_versions(version_id, sent)
    work = _Work(versions, version_id, client, by)
    results = work.run(sent)
    if work.changed:
        for version in work.changed:
            version.save(update_fields=["revision", "updated_at"])
        _judge_now()
    return Outcome(versions[version_id], tuple(results), bool(work.changed))


class _Work:
    """Operations of one request on a version that is locked."""

    def __init__(
        self,
        versions: Mapping[UUID, Version],
        version_id: UUID,
        client: str,
        by: Membership | None,
    ) -> None:
        self.versions = versions
        self.version = versions[version_id]
        self.client = client
        self.by = by
        self.board: Board | None = None
        self.before = {pk: version.revision for pk, version in versions.items()}

    @property
    def changed(self) -> list[Version]:
        """Return the versions that have new operations, in the order of their ids."""
        return [self.versions[pk] for pk in sorted(self.before) if self._is_new(pk)]

    def run(self, sent: Sequence[Sent]) -> list[Result]:
        """Carry out all of them."""
        seen: dict[UUID, int] = dict(
            Operation.objects.filter(
                pk__in=[one.id for one in sent], version=self.version
            ).values_list("pk", "number")
        )
        results = []
        for one in sent:
            if one.id in seen:
                results.append(Result(one.id, number=seen[one.id]))
                continue
            result = self._carry_out(one)
            if result.number is not None:
                seen[one.id] = result.number
            results.append(result)
        return results

    def _carry_out(self, one: Sent) -> Result:
        if isinstance(one.verb, OperationRefused):
            return Result(one.id, error=one.verb)
        if not self.version.is_draft():
            return Result(one.id, error=frozen())
        revisions = {pk: version.revision for pk, version in self.versions.items()}
        try:
            with transaction.atomic():
                return Result(one.id, number=self._apply(one.id, one.verb))
        except OperationRefused as refused:
            result = Result(one.id, error=refused)
        except Conflict as found:
            result = Result(one.id, conflict=self._conflict(found))
        except IntegrityError as refused:
            result = Result(one.id, error=_translated(refused))
        except DataError:
            detail = _("A value lies outside of what can be.")
            result = Result(one.id, error=OperationRefused(detail, code="out_of_range"))
        # What the refused one left in memory goes too.
        for pk, revision in revisions.items():
            self.versions[pk].revision = revision
        self.board = None
        return result

    def _apply(self, op_id: UUID, verb: Verb) -> int:
        if self.board is None:
            self.board = Board(self.version)
        applied = _VERBS[type(verb)](self.board, verb)
        number = self._next(self.version.pk)
        rows = [self._row(op_id, self.version.pk, number, applied.content, self.client)]
        for version_id, content in applied.derived:
            derived = self._next(version_id)
            rows.append(self._row(uuid7(), version_id, derived, content, ""))
        Operation.objects.bulk_create(rows)
        return number

    def _next(self, version_id: UUID) -> int:
        self.versions[version_id].revision += 1
        return self.versions[version_id].revision

    def _row(
        self, pk: UUID, version_id: UUID, number: int, content: dict[str, Any], client: str
    ) -> Operation:
        return Operation(
            id=pk,
            workspace_id=self.version.workspace_id,
            version_id=version_id,
            number=number,
            content=content,
            client=client,
            by=self.by,
        )

    def _is_new(self, version_id: UUID) -> bool:
        return self.versions[version_id].revision != self.before[version_id]

    def _conflict(self, found: Conflict) -> Mapping[str, object]:
        """Say what stands there now and who wrote it, as far as that is still known."""
        last = (
            Operation.objects.filter(
                version=self.version,
                content__kind=found.kind,
                content__id=str(found.row),
                content__fields__has_key=found.field,
            )
            .select_related("by__user")
            .order_by("-number")
            .first()
        )
        return {
            "kind": found.kind,
            "id": str(found.row),
            "field": found.field,
            "theirs": found.theirs,
            "by": author(last.by if last else None),
        }


_VERBS: Final[Mapping[type[Verb], Callable[[Board, Any], Applied]]] = {
    Insert: insert,
    Update: update,
    Move: move,
    Delete: delete,
}


def author(member: Membership | None) -> dict[str, str] | None:
    """Return who it was, None where that is not known or it was no member."""
    return None if member is None else {"id": str(member.pk), "name": str(member.user)}


def frozen() -> OperationRefused:
    """Return the refusal of a version that is no draft any more."""
    return OperationRefused(
        _("This version is published and stays as it is. Start a new draft."),
        code="version_frozen",
    )


def _translated(refused: IntegrityError) -> OperationRefused:
    """Turn what the database says no to into one of our refusals."""
    name = str(getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "") or "")
    if name == "maps_card_touchpoint_once":
        detail = _("This touchpoint is in the cell already.")
        return OperationRefused(detail, code="touchpoint_twice")
    if name.endswith("_key_once"):
        detail = _("There is a row of this key already.")
        return OperationRefused(detail, code="key_taken")
    if name.endswith("_pkey"):
        detail = _("There is a row of this id already.")
        return OperationRefused(detail, code="id_taken")
    if name == "maps_version_frozen":
        return frozen()
    return OperationRefused(_("The map cannot be like that."), code="refused")


def _judge_now() -> None:
    """Let the database judge at once what it would judge at the end, while we can still answer.

    Our lists never break a rule; a touchpoint may have been deleted since we looked at it. Then
    everything goes, so that this needs no savepoint of its own.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        detail = _("Something on the map was deleted at this moment. Try again.")
        raise DomainError(detail, code="busy") from None
