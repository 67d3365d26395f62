"""Permissions follow from the role in the current workspace."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cxm.api.throttling import count
from cxm.common.visitors import client_address
from cxm.workspaces.access import current_access
from cxm.workspaces.models import User
from cxm.workspaces.roles import may


class RoleBackend(ModelBackend):
    """Logs in by e-mail and password, and answers Django's permission checks by role."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the user with this address and password.

        Who tries too often in a minute, one address for all accounts or all addresses for one
        account, is refused without a look at the password.
        """
        if request is not None:
            address = client_address(request.META, settings.TRUSTED_PROXIES)
            account = (username or "").strip().lower()
            callers = (f"login-from:{address}", f"login-to:{account}")
            rates = [count(caller, settings.LOGIN_ATTEMPTS_PER_MINUTE) for caller in callers]
            if any(rate.exceeded for rate in rates):
                raise PermissionDenied
        found: User | None = super().authenticate(request, username, password, **kwargs)
        return found

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
