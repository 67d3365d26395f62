"""Who counts history: told when goals change, since what was counted then follows from them.

The catalogue does not know where interactions are kept. The room above registers in its
`AppConfig.ready()` what has to be done, and it is done in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable

# Returns the address of a page that shows how far it is, None where there is nothing to do.
Recounter = Callable[[], str | None]
_recounters: dict[str, Recounter] = {}


def recounts_goals(key: str) -> Callable[[Recounter], Recounter]:
    """Enter a function that has history counted by the goals of today, in the workspace's scope.

    Raises:
        ValueError: the key is entered already.
    """

    def enter(function: Recounter) -> Recounter:
        if key in _recounters:
            raise ValueError(f"{key!r} is entered twice.")
        _recounters[key] = function
        return function

    return enter


def goals_changed() -> str | None:
    """Have history counted anew; return the page that shows how far it is, if there is one."""
    pages = [recount() for recount in _recounters.values()]
    return next((page for page in pages if page), None)
