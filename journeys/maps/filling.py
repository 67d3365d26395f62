"""A plan becomes rows: stages, steps, lanes and cards of an empty draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.workspaces.models import Membership, Workspace
from journeys.maps.lanes import lane_kind
from journeys.maps.models import (
    Card,
    JourneyMap,
    Lane,
    Opportunity,
    PainPoint,
    Stage,
    Step,
    StepLink,
    Version,
)
from journeys.maps.pictures import is_stored
from journeys.maps.plans import NOTHING_SAID, CardPlan, FindingPlan, MapPlan
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Phase, PhaseModel, Touchpoint


def phase_model_of(workspace: Workspace, plan: MapPlan) -> PhaseModel | None:
    """Return the phase model that a plan names, else the one that the workspace uses first.

    None where the plan's stages name no phase: such a journey is free.
    """
    if not any(stage.phase for stage in plan.stages):
        return None
    found = PhaseModel.objects.for_workspace(workspace).order_by("-is_default", "pk")
    if plan.phase_model:
        found = found.filter(key=plan.phase_model)
    return found.first()


def fill_version(version: Version, plan: MapPlan) -> None:
    """Write a plan's columns, rows and cards into an empty draft; a constant number of queries.

    Raises:
        DomainError: the plan names a touchpoint ("unknown_touchpoint"), persona
            ("unknown_persona"), journey ("unknown_map"), member ("unknown_member") or picture
            ("unknown_picture") that the workspace does not have.
    """
    owner = version.workspace_id
    phases = {
        phase.key: phase for phase in Phase.objects.filter(model_id=version.map.phase_model_id)
    }
    lanes = _lanes(version, plan)
    stages: list[Stage] = []
    steps: dict[str, Step] = {}
    cards: list[Card] = []
    findings: dict[UUID, FindingPlan] = {}
    following: list[tuple[Step, str, str]] = []
    for stage_position, stage_plan in enumerate(plan.stages):
        stage = Stage(
            workspace_id=owner,
            version=version,
            name=str(stage_plan.name),
            phase=phases.get(stage_plan.phase),
            position=stage_position,
        )
        stages.append(stage)
        for step_position, step_plan in enumerate(stage_plan.steps):
            step = Step(
                workspace_id=owner,
                stage=stage,
                name=str(step_plan.name),
                position=step_position,
                metric=step_plan.metric,
            )
            steps[step_plan.ref or str(len(steps))] = step
            following += [(step, ref, str(label)) for ref, label in step_plan.next]
            for name, plans in step_plan.cards.items():
                for position, card_plan in enumerate(plans):
                    cards.append(_planned_card(lanes[name], step, position, card_plan))
                    findings[cards[-1].pk] = card_plan.finding
    _require(Touchpoint, {c.touchpoint_id for c in cards}, "unknown_touchpoint")
    _require(Persona, {c.persona_id for c in cards}, "unknown_persona")
    _require(JourneyMap, {c.linked_map_id for c in cards}, "unknown_map")
    _require_pictures(owner, {card.picture for card in cards if card.picture})
    _require(Membership, {finding.owner for finding in findings.values()}, "unknown_member")
    give_findings(owner, cards, findings)
    Stage.objects.bulk_create(stages)
    Step.objects.bulk_create(steps.values())
    StepLink.objects.bulk_create(
        StepLink(workspace_id=owner, step=step, to=steps[ref], label=label)
        for step, ref, label in following
    )
    Card.objects.bulk_create(cards)


def give_findings(
    owner: UUID, cards: Iterable[Card], said: Mapping[UUID, FindingPlan] | None = None
) -> None:
    """Make the pain points and opportunities that new cards speak of and that have no row yet.

    Cards that say the same share one row; 2 queries. A card of which nothing more is said stands
    for the first of its title.

    Args:
        owner: the workspace.
        cards: in their order.
        said: what the rows say besides what the cards say, by the id of the card.
    """
    wanted = [
        (card, card.lane.entry.shape, (said or {}).get(card.pk, NOTHING_SAID)) for card in cards
    ]
    first: dict[tuple[str, str], FindingPlan] = {}
    for card, shape, finding in wanted:
        if finding != NOTHING_SAID:
            first.setdefault((shape, card.text), finding)
    pains: dict[tuple[str, FindingPlan], PainPoint] = {}
    ideas: dict[tuple[str, FindingPlan], Opportunity] = {}
    for card, shape, own in wanted:
        finding = own if own != NOTHING_SAID else first.get((shape, card.text), own)
        if shape == "pain" and card.pain_point_id is None:
            pain = PainPoint(
                workspace_id=owner,
                title=card.text,
                severity=card.severity,
                description=finding.description,
            )
            card.pain_point = pains.setdefault((card.text, finding), pain)
        elif shape == "opportunity" and card.opportunity_id is None:
            idea = Opportunity(
                workspace_id=owner,
                title=card.text,
                status=card.status or "idea",
                description=finding.description,
                impact=finding.impact,
                effort=finding.effort,
                owner_id=finding.owner,
            )
            card.opportunity = ideas.setdefault((card.text, finding), idea)
    PainPoint.objects.bulk_create(pains.values())
    Opportunity.objects.bulk_create(ideas.values())


def _lanes(version: Version, plan: MapPlan) -> dict[str, Lane]:
    """Make the lanes; cards name them by their name, or by their kind where that is unique."""
    made = [
        Lane(
            workspace_id=version.workspace_id,
            version=version,
            kind=lane_kind(lane.kind).key,
            name=str(lane.name),
            position=position,
            hidden=lane.hidden,
            collapsed=lane.collapsed,
        )
        for position, lane in enumerate(plan.lane_plans)
    ]
    Lane.objects.bulk_create(made)
    found: dict[str, Lane] = {}
    for lane, lane_plan in zip(made, plan.lane_plans, strict=True):
        found.setdefault(lane_plan.ref or lane_plan.kind, lane)
    return found


def _planned_card(lane: Lane, step: Step, position: int, plan: CardPlan) -> Card:
    return Card(
        workspace_id=lane.workspace_id,
        lane=lane,
        step=step,
        position=position,
        span=plan.span,
        text=str(plan.text),
        touchpoint_id=plan.touchpoint,
        valence=None if plan.valence is None else Decimal(str(plan.valence)),
        severity=plan.severity,
        status=plan.status,
        persona_id=plan.persona,
        answer=str(plan.answer),
        response_id=plan.response_id,
        linked_map_id=plan.linked_map,
        picture=plan.picture,
    )


def _require(
    model: type[Touchpoint] | type[Persona] | type[JourneyMap] | type[Membership],
    ids: Iterable[UUID | None],
    code: str,
) -> None:
    """Refuse ids that this workspace does not have; one query, none without ids."""
    wanted = {found for found in ids if found is not None}
    if wanted and wanted - set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise DomainError(
            _("There is no such %(what)s.") % {"what": model._meta.verbose_name}, code=code
        )


def _require_pictures(owner: UUID, names: Iterable[str]) -> None:
    if not all(is_stored(owner, name) for name in names):
        raise DomainError(_("There is no such picture."), code="unknown_picture")
