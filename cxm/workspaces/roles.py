"""What a role may do: pure rules."""

from __future__ import annotations

from typing import Final

OWNER: Final = "owner"
EDITOR: Final = "editor"
ANALYST: Final = "analyst"
COMMENTER: Final = "commenter"
VIEWER: Final = "viewer"

ROOMS: Final = (
    "customers",
    "kpis",
    "catalogue",
    "campaigns",
    "interactions",
    "questionnaires",
    "invitations",
    "responses",
    "personas",
    "maps",
    "scores",
    "dashboards",
)
# A remark is no change of a map: who may only read may still say something where it is meant.
COMMENTS: Final = frozenset({("maps", "comment")})
ANALYST_WRITES: Final = frozenset({"kpis", "catalogue", "campaigns", "interactions"})
OWNER_ROOMS: Final = frozenset({"workspaces", "django_celery_beat"})


def may(role: str, room: str, action: str) -> bool:
    """Say whether a membership with ``role`` may do ``action`` in ``room``.

    Args:
        role: one of the five roles; any other may nothing.
        room: app label of the room.
        action: "view", "add", "change", "delete", or a room's own verb such as "send".

    The owner may everything; the editor everything but the settings; the analyst reads all
    and keeps touchpoints, tracking and KPIs; the commenter reads and comments on maps; the
    viewer reads.
    """
    if role == OWNER:
        return True
    if room in OWNER_ROOMS:
        return False
    if role == EDITOR:
        return True
    if role == ANALYST:
        return action == "view" or room in ANALYST_WRITES or (room, action) in COMMENTS
    if role == COMMENTER:
        return action == "view" or (room, action) in COMMENTS
    return role == VIEWER and action == "view"
