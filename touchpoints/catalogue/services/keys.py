"""Keys made from names."""

from __future__ import annotations

from django.db import models
from django.utils.text import slugify


def free_key(model: type[models.Model], name: str, instance: object = None) -> str:
    """Return a key made from a name that no row of the workspace has; "" from no name."""
    base = slugify(name)[:50].strip("-_")
    if not base:
        return ""
    taken = set(
        model._default_manager.filter(key__startswith=base)
        .exclude(pk=instance)
        .values_list("key", flat=True)
    )
    return next(
        key
        for number in range(1, len(taken) + 2)
        if (key := base if number == 1 else f"{base}-{number}") not in taken
    )
