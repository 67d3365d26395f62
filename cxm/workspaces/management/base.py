"""What commands about one workspace share."""

from __future__ import annotations

from django.core.management import CommandError

from cxm.common.scope import directory_scope
from cxm.workspaces.models import Workspace


def workspace_by_slug(slug: str) -> Workspace:
    """Return a workspace by its short name.

    Raises:
        CommandError: there is none; the sentence lists those that exist.
    """
    with directory_scope():
        found = {w.slug: w for w in Workspace.objects.all()}
    if slug not in found:
        known = ", ".join(sorted(found)) or "none; create one with manage.py create_owner"
        raise CommandError(f"There is no workspace “{slug}”. Workspaces: {known}.")
    return found[slug]
