"""Shape of what the pages are asked for."""

from __future__ import annotations

from uuid import UUID

from django import forms

from touchpoints.interactions.reports import Criteria

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
