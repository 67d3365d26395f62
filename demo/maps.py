"""The demo's personas and their journey: published once, with a draft that somebody works on."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from cxm.customers.models import Segment
from cxm.workspaces.models import Membership, Workspace
from demo import journey
from journeys.maps.models import Comment, JourneyMap, Lane, MapView, Mention, Opportunity, Step
from journeys.maps.services import create_map, publish_version, start_draft
from journeys.personas.models import Persona
from surveys.responses.models import Answer


def create_journeys(workspace: Workspace, touchpoints: Mapping[str, UUID]) -> JourneyMap:
    """Make personas, map, views and comments; `touchpoints` are ids by key."""
    personas = _personas(workspace)
    made = create_map(
        workspace=workspace,
        name=journey.MAP_NAME,
        personas=personas,
        plan=journey.plan(
            touchpoints, [persona.pk for persona in personas], _said(workspace, touchpoints)
        ),
    )
    members = {m.title: m for m in Membership.objects.for_workspace(workspace)}
    owner = members["CX lead"]
    publish_version(version=made.versions.get(), by=owner)
    start_draft(journey=made)
    _views(made)
    _comments(made, owner, members["Logistics"])
    Opportunity.objects.filter(title="Show a live delivery date").update(
        impact=5, effort=3, owner=members["Logistics"]
    )
    Opportunity.objects.filter(title="Total from the first step").update(
        impact=4, effort=2, owner=owner
    )
    Opportunity.objects.filter(title="A table to compare").update(impact=3, effort=2)
    Opportunity.objects.filter(title="Chapters in the film").update(impact=2, effort=1)
    return made


def _personas(workspace: Workspace) -> list[Persona]:
    segments = Segment.objects.for_workspace(workspace)
    hanna = Persona.objects.create(
        workspace=workspace,
        name="Home barista Hanna",
        role="34, teacher, Kiel",
        quote="I want the café at home, without a degree in it.",
        demographics="Age: 34\nLives in: Kiel, with a partner\nWorks as: Teacher\nCups a day: 3",
        goals="A good cup every morning\nTo try new roasts",
        needs="Advice that does not talk down\nTo know when the parcel comes",
        fears="Buying the wrong grinder",
        expectations="An answer on the same day\nA parcel on the day that was said",
        channels="Product pages\nStore\nInstagram",
        devices="Phone\nTablet in the kitchen",
        brand_attitude="Likes that we roast ourselves; tells friends when something goes wrong.",
        tags=["at home", "beginner"],
        segment=segments.get(name="Machine owners"),
    )
    omar = Persona.objects.create(
        workspace=workspace,
        name="Office Omar",
        role="45, office manager, Hamburg",
        quote="If the coffee is late, I hear about it from thirty people.",
        color="berry",
        demographics="Age: 45\nLives in: Hamburg\nWorks as: Office manager\nBuys for: 30 people",
        goals="Never run out of beans",
        needs="One invoice\nDelivery on the day that was said",
        fears="An empty machine on Monday",
        expectations="A person who knows the account",
        channels="Telephone\nE-mail",
        devices="Desktop",
        brand_attitude="One supplier among three; stays as long as nothing goes wrong.",
        tags=["business"],
        segment=segments.get(name="Offices"),
    )
    return [hanna, omar]


def _said(workspace: Workspace, touchpoints: Mapping[str, UUID]) -> dict[str, UUID]:
    """Return the newest answer with each of the words that the map quotes."""
    wanted = {text: touchpoints[key] for key, text in journey.quotes()}
    rows = (
        Answer.objects.for_workspace(workspace)
        .filter(text__in=wanted, response__touchpoint__in=set(wanted.values()))
        .order_by("response__submitted_at")
        .values_list("text", "response__touchpoint", "response")
    )
    return {text: response for text, place, response in rows if wanted[text] == place}


def _views(made: JourneyMap) -> None:
    keys = dict(Lane.objects.filter(version__map=made).values_list("kind", "key"))
    MapView.objects.bulk_create(
        MapView(
            workspace_id=made.workspace_id,
            map=made,
            name=name,
            lanes=[keys[kind] for kind in kinds],
            position=position,
        )
        for position, (name, kinds) in enumerate(journey.VIEWS.items())
    )


def _comments(made: JourneyMap, owner: Membership, carrier: Membership) -> None:
    step = Step.objects.filter(stage__version__map=made, name="Waits for the parcel").first()
    if step is None:
        return
    thread = Comment.objects.create(
        workspace_id=made.workspace_id,
        map=made,
        anchor=step.key,
        author=owner,
        text="@Jonas Frey when can the carrier tell us the day?",
        assigned_to=carrier,
    )
    Mention.objects.create(workspace_id=made.workspace_id, comment=thread, member=carrier)
    Comment.objects.create(
        workspace_id=made.workspace_id,
        map=made,
        thread=thread,
        author=carrier,
        text="Their interface has it since this week. I will try it with ten parcels.",
    )
