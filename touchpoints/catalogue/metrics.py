"""Touchpoints as subjects of figures."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cxm.kpis.registry import subject
from touchpoints.catalogue.models import Touchpoint


@subject(key="touchpoint", title=_("Touchpoint"))
def touchpoint_names() -> Mapping[UUID, str]:
    """Return the touchpoints of the workspace by id."""
    return dict(Touchpoint.objects.values_list("pk", "name"))
