"""Shape of what the pages are asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.daysums import LONGEST, Period
from touchpoints.interactions.models import Quarantined
from touchpoints.interactions.reports import Asked, Criteria, Live

NONE = "none"


class CriteriaForm(forms.Form):
    """Reads the address's query; what cannot be read counts as not asked for."""

    touchpoint = forms.CharField(required=False, max_length=40)
    source = forms.UUIDField(required=False)
    event = forms.CharField(required=False, max_length=200)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    after = forms.UUIDField(required=False)

    def criteria(self) -> tuple[Criteria, UUID | None]:
        """Return what is asked for, and after which interaction the page begins."""
        self.is_valid()
        data = self.cleaned_data
        place: str = data.get("touchpoint") or ""
        try:
            touchpoint = UUID(place) if place and place != NONE else None
        except ValueError:
            touchpoint = None
        criteria = Criteria(
            touchpoint=touchpoint,
            unmatched=place == NONE,
            source=data.get("source"),
            event=data.get("event") or "",
            since=data.get("since"),
            until=data.get("until"),
        )
        return criteria, data.get("after")


class PeriodForm(forms.Form):
    """Reads the days that a page is asked for; what cannot be read counts as not asked for."""

    window = forms.ChoiceField(
        required=False, choices=[(key, key) for key in ("7d", "30d", "90d", "365d")]
    )
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def period(self, today: date, usual: str) -> Period:
        """Return the days; own days end today at the latest and are at most three years."""
        self.is_valid()
        data = self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since or until:
            end = min(until or today, today)
            start = min(since or end, end)
            return Period(max(start, end - timedelta(days=LONGEST - 1)), end)
        key: str = data.get("window") or usual
        return Period.ending(today, int(key.removesuffix("d")))


class PlacesForm(forms.Form):
    """Reads which touchpoints are asked for; what cannot be read counts as not asked for."""

    q = forms.CharField(required=False, max_length=100)
    phase = forms.UUIDField(required=False)
    channel = forms.UUIDField(required=False)
    owner = forms.UUIDField(required=False)
    status = forms.ChoiceField(required=False, choices=Touchpoint.Status.choices)
    order = forms.ChoiceField(
        required=False, choices=[(key, key) for key in ("visits", "name", "importance")]
    )

    def asked(self) -> dict[str, Any]:
        """Return what is asked for by name; "" or None where nothing is."""
        self.is_valid()
        data = self.cleaned_data
        found = {name: data.get(name) for name in self.fields}
        return {**found, "q": data.get("q") or "", "order": data.get("order") or "visits"}


class LiveForm(forms.Form):
    """Reads which contacts the live page shows, and which it shows already."""

    touchpoint = forms.UUIDField(required=False)
    channel = forms.UUIDField(required=False)
    source = forms.UUIDField(required=False)
    seen = forms.RegexField(r"^[0-9a-f]{0,800}$", required=False, max_length=800)

    def asked(self) -> tuple[Live, frozenset[str]]:
        """Return what is asked for, and the tags of what is seen."""
        self.is_valid()
        data = self.cleaned_data
        seen: str = data.get("seen") or ""
        tags = frozenset(seen[place : place + 8] for place in range(0, len(seen), 8))
        return Live(data.get("touchpoint"), data.get("channel"), data.get("source")), tags


class AskedForm(forms.Form):
    """Reads which rows of the quarantine are asked for."""

    source = forms.UUIDField(required=False)
    day = forms.DateField(required=False)
    outcome = forms.ChoiceField(required=False, choices=Quarantined.Outcome.choices)

    def asked(self) -> Asked:
        """Return what is asked for; without a state, what waits."""
        self.is_valid()
        data = self.cleaned_data
        outcome: str = data.get("outcome") or Quarantined.Outcome.OPEN
        return Asked(data.get("source"), data.get("day"), outcome)
