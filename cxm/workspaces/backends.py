"""Permissions follow from the role in the current workspace."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from cxm.workspaces.access import current_access
from cxm.workspaces.roles import may


class RoleBackend(ModelBackend):
    """Logs in by e-mail and password, and answers Django's permission checks by role."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Say whether the user may do ``perm`` ("kpis.change_kpi") in the current workspace."""
        access = current_access()
        if not user_obj.is_active or access is None or access.membership is None:
            return False
        if access.membership.user_id != user_obj.pk:
            return False
        room, _, codename = perm.partition(".")
        return may(access.membership.role, room, codename.partition("_")[0])

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Say whether the user may see anything of a room."""
        return self.has_perm(user_obj, f"{app_label}.view_")
