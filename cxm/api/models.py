"""What the API remembers between requests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cxm.common.ids import uuid7
from cxm.common.personal import PersonalData, PersonalField


class IdempotentRequest(models.Model):
    """A POST with an Idempotency-Key and, once it is done, its answer.

    The workspace is a bare id: this room stands below the workspaces.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "body": PersonalField(
                "answer a repeated request as the first time", "24 hours", export=False
            )
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("key", "request_hash", "content_type")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace_id = models.UUIDField()
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "key"], name="api_idempotentrequest_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


class RateWindow(models.Model):
    """Requests of one caller in one minute. Of no worth after it: the table is unlogged."""

    not_personal: ClassVar[tuple[str, ...]] = ("caller",)

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=80)
    starts_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "starts_at"], name="api_ratewindow_once")
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.starts_at:%H:%M}"
