"""A persona's journeys on its page, which stands a room below: `{% load persona_journeys %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from journeys.personas.models import Persona
from journeys.scores.personas import journeys_of

register = template.Library()


@register.inclusion_tag("scores/_persona_journeys.html", takes_context=True)
def persona_journeys(context: RequestContext, persona: Persona) -> dict[str, Any]:
    """Draw the journeys that a persona is on: `{% persona_journeys persona %}`."""
    request: Any = context.request
    if not request.user.has_perm("maps.view_journeymap"):
        return {"entries": None}
    editor = request.user.has_perm("maps.change_card")
    return {
        "entries": journeys_of(persona, workspace=request.workspace, editor=editor),
        "persona": persona,
        "may_add": request.user.has_perm("maps.add_journeymap"),
    }
