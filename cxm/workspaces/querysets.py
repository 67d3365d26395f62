"""Reads over rows of workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

if TYPE_CHECKING:
    from cxm.workspaces.models import User, Workspace

Row = TypeVar("Row", bound=models.Model, covariant=True)


class WorkspaceQuerySet(models.QuerySet[Row]):
    """Rows that belong to a workspace."""

    def for_workspace(self, workspace: Workspace) -> Self:
        """Keep the rows of one workspace."""
        return self.filter(workspace_id=workspace.pk)


class UserManager(BaseUserManager["User"]):
    """Makes users, whose name to log in with is their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; ``fields`` are further columns of the model.

        Raises:
            ValueError: there is no e-mail address.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create the operator of this installation, who may add workspaces."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this e-mail address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())
