"""A workspace with at least one row of everything, for walks over all models and routes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.apps import apps
from django.db import models

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.services import identify, merge, suppress
from cxm.kpis.models import FulfilmentComponent
from cxm.workspaces.models import Membership, Workspace
from demo.services import load_demo
from journeys.maps.models import (
    JourneyMap,
    Operation,
    Presence,
    ShareLink,
    Step,
    StepLink,
    UnusedPicture,
    Version,
)
from surveys.invitations.models import Campaign, CampaignText
from tests.make import PASSWORD, make_api_key
from touchpoints.campaigns.models import Campaign as MarketingCampaign
from touchpoints.campaigns.models import Placement, PlanLine, Spend
from touchpoints.catalogue.models import ChannelWord, IgnoredGroup, MatchingRule, Touchpoint
from touchpoints.interactions.models import (
    FileImport,
    ImportMapping,
    Reassignment,
    Retry,
    Source,
    StaffContact,
)
from touchpoints.interactions.records import Refused
from touchpoints.interactions.services import ingest, salt_of
from touchpoints.tracking.models import PagePicture

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


def fill() -> Workspace:
    """Return a small demo workspace, with a bad row in quarantine, a key and a suppression."""
    workspace = load_demo(
        now=NOW, email="ida@filled.example", password=PASSWORD, days=12, scale=0.03
    )
    make_api_key(workspace)
    with workspace_scope(workspace.pk):
        suppress(channel="email", address="never@customers.example", reason="complaint")
        source = Source.objects.earliest("created_at")
        bad = Refused("bad:1", "no_event", "There is no name.", {"type": "track"}, "segment")
        ingest(source=source, records=[bad], received_at=NOW)
        salt_of(workspace.pk, NOW.date())
        PagePicture.objects.create(workspace=workspace, path="/", device="desktop", picture="gone")
        ImportMapping.objects.create(workspace=workspace, name="shop", content={})
        CampaignText.objects.create(
            workspace=workspace,
            campaign=Campaign.objects.earliest("created_at"),
            language="en",
            subject="One question",
            occasion="Thank you for your order.",
        )
        FulfilmentComponent.objects.create(
            workspace=workspace,
            subject_kind="touchpoint",
            subject_id=Touchpoint.objects.earliest("created_at").pk,
            component="views",
            floor=0,
            target=3,
            weight=1,
        )
        _fill_campaigns(workspace)
        _fill_merges()
        _fill_contacts(workspace)
        _fill_catalogue(workspace)
        _fill_maps(workspace)
    return workspace


def _fill_maps(workspace: Workspace) -> None:
    journey = JourneyMap.objects.earliest("created_at")
    draft = journey.versions.get(status=Version.Status.DRAFT)
    member = Membership.objects.earliest("created_at")
    one, two = Step.objects.filter(stage__version=draft).in_order()[:2]
    StepLink.objects.create(workspace=workspace, step=two, to=one)
    ShareLink.objects.create(workspace=workspace, map=journey, name="Agency", token_hash="0" * 64)
    Operation.objects.create(workspace=workspace, version=draft, number=1, content={}, by=member)
    Presence.objects.create(
        workspace=workspace, version=draft, member=member, client="window", seen_at=NOW
    )
    UnusedPicture.objects.create(workspace=workspace, name=f"{'0' * 32}.png")


def _fill_catalogue(workspace: Workspace) -> None:
    place = Touchpoint.objects.earliest("created_at")
    ChannelWord.objects.create(
        workspace=workspace, channel=place.channel, field="medium", text="newsletter"
    )
    MatchingRule.objects.create(
        workspace=workspace,
        touchpoint=place,
        name="Carts",
        position=1,
        conditions=[{"field": "event", "name": "", "operator": "is", "value": "Cart seen"}],
    )
    IgnoredGroup.objects.create(workspace=workspace, basis="event", value="heartbeat")
    Reassignment.objects.create(workspace=workspace, to_day=NOW.date(), status="done")


def _fill_contacts(workspace: Workspace) -> None:
    source = Source.objects.earliest("created_at")
    Retry.objects.create(workspace=workspace, reason="no_event", source=source)
    FileImport.objects.create(workspace=workspace, file_name="visits.csv", content=b"day\n")
    StaffContact.objects.create(
        workspace=workspace,
        occurred_at=NOW,
        interaction_id=workspace.pk,
        source=source,
        touchpoint=Touchpoint.objects.earliest("created_at"),
    )


def _fill_merges() -> None:
    one, two, three = (crm_key("till", str(n)) for n in range(3))
    merge(winner=identify(keys=[one]), loser=identify(keys=[two]))
    identify(keys=[three])
    identify(keys=[one, three])


def _fill_campaigns(workspace: Workspace) -> None:
    campaign = MarketingCampaign.objects.create(
        workspace=workspace, key="filled", name="Filled", starts_on=NOW.date()
    )
    placement = Placement.objects.create(
        workspace=workspace, campaign=campaign, name="Mail", target_url="https://shop.example/"
    )
    line = PlanLine.objects.create(workspace=workspace, campaign=campaign, budget=100)
    Spend.objects.create(
        workspace=workspace,
        campaign=campaign,
        placement=placement,
        line=line,
        day=NOW.date(),
        amount=20,
    )


def ids_of(workspace: Workspace, packages: set[str]) -> dict[str, str]:
    """Return the id of one row of each model that has rows with one UUID as their key."""
    found = {}
    with workspace_scope(workspace.pk):
        for model in apps.get_models():
            if model.__module__.split(".")[0] not in packages or model is Workspace:
                continue
            if isinstance(model._meta.pk, models.UUIDField) and any(
                f.name == "workspace" for f in model._meta.fields
            ):
                key: UUID | None = model._default_manager.values_list("pk", flat=True).first()
                if key is not None:
                    found[model._meta.label] = str(key)
    return found
