"""The one writer of the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from cxm.common.personal import PersonalData
from cxm.workspaces.access import current_access
from cxm.workspaces.models import AuditEntry

MASK = "•••"
LONGEST_VALUE = 200


def record(action: str, obj: models.Model, changes: Mapping[str, tuple[object, object]]) -> None:
    """Write down what the current actor did to ``obj``.

    Args:
        action: "added", "changed", "deleted", or a room's verb such as "sent".
        obj: the row; its name is kept, so that the entry still reads after it is gone.
        changes: name of each field with its value before and after; values of personal
            fields are masked, since the log outlives what it is about.
    """
    access = current_access()
    declared = getattr(obj, "personal_data", None)
    personal = set(declared.fields) if isinstance(declared, PersonalData) else set()
    about_customer = isinstance(declared, PersonalData) and declared.customer is not None
    AuditEntry.objects.create(
        user=access.user if access else None,
        api_key=access.api_key if access else None,
        actor_name=_actor_name()[:160],
        action=action,
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk or ""),
        object_name=MASK if about_customer and personal else str(obj)[:200],
        changes={
            name: [MASK, MASK] if name in personal else [_shown(old), _shown(new)]
            for name, (old, new) in changes.items()
        },
    )


def _actor_name() -> str:
    access = current_access()
    if access is None:
        return "system"
    return str(access.user or access.api_key or "system")


def _shown(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, (models.QuerySet, list, tuple, set)):
        return ", ".join(sorted(str(getattr(item, "pk", item)) for item in value))[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]
