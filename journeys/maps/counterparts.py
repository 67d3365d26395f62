"""What the journey of today says where the journey of tomorrow is drawn."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Value, When

from journeys.maps.models import Card, JourneyMap, Version


def as_is_texts(version: Version) -> dict[str, str]:
    """Return the text of each card of the as-is journey, by the card's key; one query.

    Of that journey it is the published version, or the newest where none is. Empty unless the
    version is one of a to-be journey that has a counterpart.
    """
    journey = version.map
    if journey.kind != JourneyMap.Kind.TO_BE or journey.counterpart_id is None:
        return {}
    published_first = Case(
        When(status=Version.Status.PUBLISHED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    as_is = (
        Version.objects.filter(map=journey.counterpart_id)
        .order_by(published_first, "-number")
        .values("pk")[:1]
    )
    texts = Card.objects.filter(lane__version__in=as_is).exclude(text="")
    return {str(key): text for key, text in texts.order_by().values_list("key", "text")}
