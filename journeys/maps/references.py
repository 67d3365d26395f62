"""What cards refer to, as the editor shows it: touchpoints, opportunities, journeys, quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from journeys.maps.cards import icon_of
from journeys.maps.models import JourneyMap, Opportunity
from journeys.maps.quotes import quotes_of
from touchpoints.catalogue.models import Touchpoint

Json = dict[str, Any]


def touchpoints_json(ids: Iterable[str]) -> dict[str, Json]:
    """Return touchpoints by their id; one query, none without ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = Touchpoint.objects.filter(pk__in=wanted).select_related("channel").order_by("pk")
    return {str(place.pk): touchpoint_json(place) for place in found}


def touchpoint_json(place: Touchpoint) -> Json:
    """Return what the editor shows of a touchpoint."""
    channel = place.channel
    return {
        "id": str(place.pk),
        "name": place.name,
        "channel": {"key": channel.key, "name": channel.name, "icon": channel.icon},
        "icon": icon_of(place),
        "moment": place.moment_of_truth,
        "url": place.get_absolute_url(),
    }


def opportunities_json(ids: Iterable[str]) -> dict[str, Json]:
    """Return what is known of opportunities besides their text; one query, none without ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = Opportunity.objects.filter(pk__in=wanted).order_by("pk")
    return {
        str(pk): {"impact": impact, "effort": effort, "owner": owner and str(owner)}
        for pk, impact, effort, owner in found.values_list("pk", "impact", "effort", "owner_id")
    }


def maps_json(ids: Iterable[str]) -> dict[str, Json]:
    """Return other journeys by their id; one query, none without ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = JourneyMap.objects.filter(pk__in=wanted).order_by("pk")
    return {str(other.pk): {"name": other.name, "url": other.get_absolute_url()} for other in found}


def mentioned(changes: Iterable[Mapping[str, Any]]) -> Json:
    """Return what operations name that the editor may not know yet; no query for what none names.

    The parts have the names that they have in the document; empty ones are left out.
    """
    fields = [
        row
        for change in changes
        for row in (change.get("rows", ()) if change["op"] == "insert" else (change.get("fields"),))
        if row
    ]
    found = {
        "touchpoints": touchpoints_json(ids_named(fields, "touchpoint")),
        "opportunities": opportunities_json(ids_named(fields, "opportunity")),
        "maps": maps_json(ids_named(fields, "linked_map")),
        "quotes": quotes_of(UUID(one) for one in ids_named(fields, "response_id")),
    }
    return {name: part for name, part in found.items() if part}


def ids_named(rows: Iterable[Mapping[str, Any]], field: str) -> list[str]:
    """Return the ids that rows give in a field."""
    return [row[field] for row in rows if row.get(field)]
