"""Another phase model for a map: stages keep a phase that both models have."""

from __future__ import annotations

from django.db import transaction

from journeys.maps.editing import note_change, require_draft
from journeys.maps.models import JourneyMap, Stage, Version
from touchpoints.catalogue.models import Phase, PhaseModel


@transaction.atomic
def use_phases(*, journey: JourneyMap, version: Version, model: PhaseModel | None) -> None:
    """Let a map follow a phase model, or none; 6 queries.

    A stage of the draft keeps its phase where the other model has one of the same key.
    """
    locked = require_draft(version.pk)
    journey.phase_model = model
    journey.save(update_fields=["phase_model", "updated_at"])
    there = {phase.key: phase for phase in Phase.objects.filter(model=model)} if model else {}
    stages = list(Stage.objects.filter(version=locked).select_related("phase"))
    for stage in stages:
        stage.phase = there.get(stage.phase.key) if stage.phase else None
    Stage.objects.bulk_update(stages, ["phase"])
    note_change(version.pk)
