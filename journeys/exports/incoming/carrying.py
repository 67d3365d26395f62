"""A file that was read, carried by the page from the preview to the making of the map.

Signed, so that nobody changes it on the way, and bound to the workspace.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final
from uuid import UUID

from django.core import signing

from journeys.exports.incoming.problems import Problem, Where
from journeys.exports.incoming.raw import Raw, RawCard, RawLane, RawStage, RawStep

LONGEST_WAY: Final = 24 * 60 * 60


def pack(raw: Raw, workspace_id: UUID) -> str:
    """Return a file as a text for a hidden field; its pictures are kept elsewhere by now."""
    return signing.dumps(asdict(replace(raw, pictures={})), salt=_salt(workspace_id), compress=True)


def unpack(text: str, workspace_id: UUID) -> Raw | None:
    """Return the file; None when the text was changed, is another workspace's, or too old."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=_salt(workspace_id), max_age=LONGEST_WAY)
    except signing.BadSignature:
        return None
    return Raw(
        **{
            **found,
            "stages": tuple(RawStage(**_placed(row)) for row in found["stages"]),
            "steps": tuple(
                RawStep(**{**_placed(row), "next": tuple((to, word) for to, word in row["next"])})
                for row in found["steps"]
            ),
            "lanes": tuple(RawLane(**_placed(row)) for row in found["lanes"]),
            "cards": tuple(RawCard(**_placed(row)) for row in found["cards"]),
            "personas": tuple(found["personas"]),
            "problems": tuple(Problem(**_placed(row)) for row in found["problems"]),
        }
    )


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "where": Where(**row["where"])}


def _salt(workspace_id: UUID) -> str:
    return f"journeys.exports.import.{workspace_id}"
