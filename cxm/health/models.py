"""Signs of life."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Heartbeat(models.Model):
    """When something was last seen alive; one row for each sender of canaries."""

    not_personal: ClassVar[tuple[str, ...]] = ("name",)

    name = models.CharField(max_length=40, primary_key=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
