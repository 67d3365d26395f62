"""What rooms do when a workspace is new; they enter it in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable

from cxm.workspaces.models import Workspace

on_new_workspace: dict[str, Callable[[Workspace], None]] = {}


def new_workspace(
    key: str,
) -> Callable[[Callable[[Workspace], None]], Callable[[Workspace], None]]:
    """Enter a function that sets a room up in a new workspace, inside its scope.

    Raises:
        ValueError: the key is entered already.
    """

    def enter(function: Callable[[Workspace], None]) -> Callable[[Workspace], None]:
        if key in on_new_workspace:
            raise ValueError(f"{key!r} is entered twice.")
        on_new_workspace[key] = function
        return function

    return enter
