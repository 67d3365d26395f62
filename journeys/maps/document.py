"""A version of a map as the editor reads it: one JSON document, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from cxm.kpis import registry
from cxm.workspaces.models import Membership
from journeys.maps.counterparts import as_is_texts
from journeys.maps.lanes import FIELDS, LANE_KINDS, SEVERITIES, STATES
from journeys.maps.models import (
    Card,
    JourneyMap,
    Lane,
    MapPersona,
    MapView,
    Stage,
    Step,
    StepLink,
    Version,
)
from journeys.maps.pictures import picture_url
from journeys.maps.quotes import quotes_of
from journeys.maps.references import ids_named, maps_json, opportunities_json, touchpoints_json
from journeys.maps.threads import discussion
from journeys.maps.words import TEXTS
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Phase

Json = dict[str, Any]
NOBODY: Final = UUID(int=0)

# Where the editor's parts ask, by the names of their addresses; all begin with the map's own.
ADDRESSES: Final[Mapping[str, str]] = {
    "sync": "map_sync",
    "scores": "map_scores",
    "read": "map_read",
    "comments": "map_comments",
    "views": "map_views",
    "publish": "map_publish",
    "draft": "map_draft",
    "versions": "map_versions",
    "touchpoints": "map_touchpoints",
    "maps": "map_search",
    "pictures": "map_pictures",
    "templates": "map_templates",
}
CARD_COLUMNS: Final = (
    "pk",
    "key",
    "lane_id",
    "step_id",
    "text",
    "span",
    "touchpoint_id",
    "valence",
    "severity",
    "status",
    "persona_id",
    "pain_point_id",
    "opportunity_id",
    "answer",
    "response_id",
    "linked_map_id",
    "picture",
)


def load_document(version: Version, *, member: Membership, may: Mapping[str, bool]) -> Json:
    """Return everything that the editor needs to draw a version and to work on it.

    Args:
        version: with its map.
        member: who looks.
        may: whether they may edit, comment, share and publish; nobody edits what is published.
    """
    journey = version.map
    cards = load_cards(version)
    return {
        "map": _map(journey),
        "version": version_json(version),
        "may": {**may, "edit": may["edit"] and version.is_draft()},
        "me": _person(member),
        "people": _people(),
        "personas": _personas(journey, cards),
        "kinds": kinds_json(),
        "severities": {str(level): str(title) for level, title in SEVERITIES.items()},
        "phases": _phases(journey),
        "stages": _stages(version),
        "steps": _steps(version),
        "lanes": _lanes(version),
        "cards": cards,
        "touchpoints": touchpoints_json(ids_named(cards, "touchpoint")),
        "opportunities": opportunities_json(ids_named(cards, "opportunity")),
        "maps": maps_json(ids_named(cards, "linked_map")),
        "quotes": quotes_of(UUID(one) for one in ids_named(cards, "response_id")),
        "as_is": as_is_texts(version),
        "views": _views(journey),
        "comments": discussion(journey),
        "metrics": _metrics(),
        "urls": urls_of(journey),
        "texts": {key: str(text) for key, text in TEXTS.items()},
    }


def version_json(version: Version) -> Json:
    """Return what the editor knows of a version."""
    window = None
    if version.window_start is not None and version.window_end is not None:
        window = [_day(version.window_start), _day(version.window_end)]
    return {
        "id": str(version.pk),
        "number": version.number,
        "status": version.status,
        "revision": version.revision,
        "published_at": _moment(version.published_at),
        "note": version.note,
        "window": window,
    }


def load_cards(version: Version) -> list[Json]:
    """Return the cards, in their order within each cell, with the fields that are set; 1 query."""
    rows = (
        Card.objects.filter(lane__version=version)
        .order_by("lane_id", "step_id", "position", "pk")
        .values_list(*CARD_COLUMNS)
    )
    return [_card(row) for row in rows]


def _card(row: tuple[Any, ...]) -> Json:
    written: Json = {
        "id": str(row[0]),
        "key": str(row[1]),
        "lane": str(row[2]),
        "step": str(row[3]),
        "text": row[4],
    }
    if row[5] > 1:
        written["span"] = row[5]
    for place, name in _IDS:
        if row[place] is not None:
            written[name] = str(row[place])
    if row[7] is not None:
        written["valence"] = float(row[7])
    for place, name in _PLAIN:
        if row[place]:
            written[name] = row[place]
    if row[16]:
        written["picture"] = picture_url(row[16])
    return written


_IDS: Final = (
    (6, "touchpoint"),
    (10, "persona"),
    (11, "pain_point"),
    (12, "opportunity"),
    (14, "response_id"),
    (15, "linked_map"),
)
_PLAIN: Final = ((8, "severity"), (9, "status"), (13, "answer"))


# --- the map and its people --------------------------------------------------------------


def urls_of(journey: JourneyMap) -> dict[str, str]:
    """Return where the editor's parts ask."""
    base = journey.get_absolute_url()
    found = {name: _address(view, journey) for name, view in ADDRESSES.items()}
    return {
        **found,
        "inspector": f"{base}steps/",
        "share": _address("map_share", journey, f"{base}share/"),
        "exports": _address("map_exports", journey, f"{base}exports/"),
        "quotes": _address("map_quotes", journey, f"{base}quotes/"),
        "settings": reverse("admin:maps_journeymap_change", args=[journey.pk]),
        "list": reverse("map_list"),
        "opportunities": reverse("opportunity-list"),
    }


def _address(view: str, journey: JourneyMap, otherwise: str = "") -> str:
    """Return an address; another room's may not be there."""
    try:
        return reverse(view, args=[journey.pk])
    except NoReverseMatch:
        return otherwise


def _map(journey: JourneyMap) -> Json:
    other = journey.counterpart
    return {
        "id": str(journey.pk),
        "name": journey.name,
        "kind": journey.kind,
        "cyclic": journey.cyclic,
        "cycle_name": journey.cycle_name,
        "url": journey.get_absolute_url(),
        "counterpart": other and {"url": other.get_absolute_url(), "kind": other.kind},
        "phase_model": journey.phase_model_id and str(journey.phase_model_id),
    }


def _person(member: Membership) -> Json:
    user = member.user
    return {"id": str(member.pk), "name": str(user), "initials": user.initials}


def _people() -> list[Json]:
    members = Membership.objects.select_related("user").order_by("user__name", "pk")
    return [{**_person(member), "title": member.title} for member in members]


def _personas(journey: JourneyMap, cards: list[Json]) -> list[Json]:
    """Return the map's personas in their order, then others whose feelings stand on it."""
    own = [p.persona for p in MapPersona.objects.filter(map=journey).select_related("persona")]
    others = set(ids_named(cards, "persona")) - {str(persona.pk) for persona in own}
    if others:
        own += Persona.objects.filter(pk__in=others).order_by("name", "pk")
    return [
        {
            "id": str(persona.pk),
            "name": persona.name,
            "face": persona.face,
            "color": persona.color,
            "given_name": persona.given_name,
            "url": _persona_url("persona", persona),
            "portrait": _persona_url("persona_portrait", persona) if persona.portrait else "",
        }
        for persona in own
    ]


def _persona_url(view: str, persona: Persona) -> str:
    try:
        return reverse(view, args=[persona.pk])
    except NoReverseMatch:
        return ""


def _phases(journey: JourneyMap) -> list[Json]:
    if journey.phase_model_id is None:
        return []
    found = Phase.objects.filter(model=journey.phase_model_id).order_by("position", "pk")
    return [
        {"id": str(pk), "key": key, "name": name}
        for pk, key, name in found.values_list("pk", "key", "name")
    ]


def _views(journey: JourneyMap) -> list[Json]:
    found = MapView.objects.filter(map=journey).order_by("position", "pk")
    return [
        {"id": str(pk), "name": name, "lanes": [str(key) for key in lanes]}
        for pk, name, lanes in found.values_list("pk", "name", "lanes")
    ]


# --- columns, rows, vocabulary -----------------------------------------------------------


def _stages(version: Version) -> list[Json]:
    found = Stage.objects.filter(version=version).order_by("position")
    return [
        {"id": str(pk), "key": str(key), "name": name, "phase": phase and str(phase)}
        for pk, key, name, phase in found.values_list("pk", "key", "name", "phase_id")
    ]


def _steps(version: Version) -> list[Json]:
    links: dict[UUID, list[Json]] = defaultdict(list)
    for step, to, label in (
        StepLink.objects.filter(step__stage__version=version)
        .order_by("pk")
        .values_list("step_id", "to_id", "label")
    ):
        links[step].append({"to": str(to), "label": label})
    found = Step.objects.filter(stage__version=version).in_order()
    return [
        {
            "id": str(pk),
            "key": str(key),
            "stage": str(stage),
            "name": name,
            "metric": metric,
            "next": links[pk],
        }
        for pk, key, stage, name, metric in found.values_list(
            "pk", "key", "stage_id", "name", "metric"
        )
    ]


def _lanes(version: Version) -> list[Json]:
    found = Lane.objects.filter(version=version).order_by("position")
    return [
        {
            "id": str(pk),
            "key": str(key),
            "kind": kind,
            "name": name,
            "hidden": hidden,
            "collapsed": collapsed,
        }
        for pk, key, kind, name, hidden, collapsed in found.values_list(
            "pk", "key", "kind", "name", "hidden", "collapsed"
        )
    ]


def kinds_json() -> list[Json]:
    """Return the kinds of lanes with the fields and states of their cards."""
    return [
        {
            "key": kind.key,
            "title": str(kind.title),
            "short": str(kind.short),
            "hint": str(kind.hint),
            "shape": kind.shape,
            "of_cards": kind.of_cards,
            "behind": kind.behind,
            "fields": list(FIELDS.get(kind.shape, ())),
            "states": {key: str(title) for key, title in STATES.get(kind.shape, {}).items()},
        }
        for kind in LANE_KINDS.values()
    ]


def _metrics() -> list[Json]:
    found = [
        {"key": entry.key, "title": str(entry.title)}
        for entry in registry.metrics.values()
        if "touchpoint" in entry.subjects
    ]
    return sorted(found, key=lambda metric: metric["title"])


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _day(day: date) -> str:
    return day.isoformat()
