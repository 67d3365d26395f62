"""Loads the demo shop through the doors that real data comes through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from cxm.common.clock import day_of
from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key, email_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Segment, SegmentCondition
from cxm.customers.services import ConsentEvent, identify_many, record_consents_many
from cxm.kpis.services import score_workspace
from cxm.workspaces.models import Membership, User, Workspace
from cxm.workspaces.services import create_workspace
from demo import origins, story, targets
from demo.batches import in_batches
from demo.campaigns import NO_WORDS, Told, create_campaigns
from demo.clicks import add_clicks
from demo.generator import Contact, History, Opinion, Person, generate
from demo.maps import create_journeys
from surveys.invitations.models import Campaign
from surveys.invitations.services import SentBefore, record_sent
from surveys.questionnaires.models import Survey
from surveys.questionnaires.services import create_nps_survey
from surveys.responses.services import Submission, submit_responses
from touchpoints.catalogue.models import Channel, Dimension, Goal, MatchingRule, Touchpoint
from touchpoints.catalogue.services import phases_by_key
from touchpoints.interactions.agents import NOBODY
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import Record
from touchpoints.interactions.services import ingest, source_called

BATCH = 4_000
COLLEAGUES = (
    ("Lea Sand", "lea@brightwater.example", "editor", "Marketing"),
    ("Mira Holt", "mira@brightwater.example", "editor", "Stores"),
    ("Jonas Frey", "jonas@brightwater.example", "editor", "Logistics"),
    ("Nora Beck", "nora@brightwater.example", "analyst", "Service"),
)

Say = Callable[[str], None]


@transaction.atomic
def load_demo(
    *,
    now: datetime,
    email: str,
    password: str,
    days: int = story.DAYS,
    scale: float = 1.0,
    say: Say = lambda line: None,
) -> Workspace:
    """Create the demo workspace with its history; all of it or nothing.

    Args:
        now: the moment at which the history ends.
        email, password: with which its owner logs in.
        days, scale: length and size of the history; see `generate`.
        say: gets a line for each part that is done.

    Raises:
        DomainError: the shop is there already (code "slug_taken").
    """
    owner = _user(email, "Ida Lund", password)
    workspace = create_workspace(
        name=story.NAME, owner=owner, slug=story.SLUG, timezone=story.TIMEZONE
    )
    with workspace_scope(workspace.pk):
        history = generate(today=day_of(now, story.TIMEZONE), days=days, scale=scale)
        _settings(workspace, owner)
        touchpoints = _catalogue(workspace)
        customers = _customers(workspace, history, now)
        say(f"{len(customers):,} customers")
        told = create_campaigns(
            workspace=workspace,
            history=history,
            today=day_of(now, story.TIMEZONE),
            touchpoints=touchpoints,
        )
        _interactions(workspace, history, now, told)
        add_clicks(workspace, history, now)
        say(f"{len(history.contacts):,} interactions")
        _answers(workspace, history, touchpoints, customers)
        say(f"{len(history.opinions):,} answers")
        create_journeys(workspace, {key: place.pk for key, place in touchpoints.items()})
        targets.create_targets(workspace, touchpoints, day_of(now, story.TIMEZONE))
        score_workspace(workspace=workspace, now=now)
        say("scores worked out")
    return workspace


def _user(email: str, name: str, password: str | None) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, password, name=name)


def _settings(workspace: Workspace, owner: User) -> None:
    workspace.legal_name = "Brightwater Coffee GmbH"
    workspace.address = "Hafenstraße 12, 24103 Kiel"
    workspace.contact_email = "hello@brightwater.example"
    workspace.sender_name = "Ida from Brightwater"
    workspace.sender_email = "ida@brightwater.example"
    workspace.brand_color = "#7a3b1d"
    workspace.save()
    Membership.objects.filter(user=owner).update(title="CX lead")
    for name, email, role, title in COLLEAGUES:
        Membership.objects.create(
            workspace=workspace, user=_user(email, name, None), role=role, title=title
        )


def _catalogue(workspace: Workspace) -> dict[str, Touchpoint]:
    channels = {channel.key: channel for channel in Channel.objects.for_workspace(workspace)}
    phases = phases_by_key(workspace=workspace)
    owners = {m.title: m for m in Membership.objects.for_workspace(workspace)}
    places = [
        Touchpoint(
            workspace=workspace,
            key=place.key,
            name=place.name,
            channel=channels[place.channel],
            phase=phases[place.phase],
            description=place.description,
            department=place.department,
            owner=owners.get(place.department),
            importance_customer=story.IMPORTANCE.get(place.key, (None, None))[0],
            importance_business=story.IMPORTANCE.get(place.key, (None, None))[1],
            moment_of_truth=place.moment_of_truth,
            icon=place.icon,
            event_names=list(place.events),
            goal_event=place.goal_event,
        )
        for place in story.PLACES
    ]
    Touchpoint.objects.bulk_create(places)
    MatchingRule.objects.create(
        workspace=workspace,
        touchpoint=next(place for place in places if place.key == story.PARCEL),
        name="Everything about parcels",
        conditions=[{"field": "event", "name": "", "operator": "pattern", "value": "parcel_*"}],
    )
    Goal.objects.create(
        workspace=workspace,
        key="order",
        name="Order",
        kind=Goal.Kind.PURCHASE,
        event_name="order_completed",
        is_primary=True,
    )
    Dimension.objects.bulk_create(
        Dimension(workspace=workspace, key=key, title=title, property=key)
        for key, title in (("visitor_type", "Visitor type"), ("device", "Device"))
    )
    return {place.key: place for place in places}


def _customers(workspace: Workspace, history: History, now: datetime) -> list[UUID]:
    """Find or create the customers and return their ids in the order of their numbers."""
    ids: list[UUID] = []
    for start in range(0, len(history.people), BATCH):
        people = history.people[start : start + BATCH]
        found = identify_many([_facts(p) for p in people])
        ids.extend(one.customer for one in found if one.customer)
    agreed_at = now - timedelta(days=story.DAYS + 1)
    record_consents_many(
        [
            ConsentEvent(
                customer=ids[person.number],
                purpose=purpose,
                channel="email",
                granted=person.consents,
                source="shop account",
                at=agreed_at,
            )
            for person in history.people
            for purpose in ("survey", "marketing")
        ]
    )
    _segments(workspace)
    return ids


def _segments(workspace: Workspace) -> None:
    for name, description, field, trait, value in (
        ("Machine owners", "Have bought a machine from us.", "trait", "machine", "yes"),
        ("Offices", "Buy coffee for the people they work with.", "trait", "buys_for", "office"),
        ("German speakers", "Get everything in German.", "language", "", "de"),
    ):
        segment = Segment.objects.create(workspace=workspace, name=name, description=description)
        SegmentCondition.objects.create(
            workspace=workspace,
            segment=segment,
            field=field,
            name=trait,
            operator="is",
            value=value,
        )


def _facts(person: Person) -> CustomerFacts:
    return CustomerFacts(
        keys=(crm_key("shop", person.member_number), email_key(person.email)),
        traits={
            "city": person.city,
            "machine": "yes" if person.machine else "no",
            "buys_for": "office" if person.number % 11 == 4 else "home",
        },
        name=person.name,
        language=person.language,
    )


def _interactions(workspace: Workspace, history: History, now: datetime, told: Told) -> None:
    by_source: dict[str, list[Contact]] = defaultdict(list)
    for contact in history.contacts:
        by_source[_source_of(contact)].append(contact)
    for name, contacts in by_source.items():
        source = source_called(workspace=workspace, name=name, kind=Source.Kind.DEMO)
        for number, batch in enumerate(in_batches(contacts, BATCH)):
            first = number * BATCH
            records = [
                _record(f"demo:{name}:{first + place}", contact, history.people, told)
                for place, contact in enumerate(batch)
            ]
            # Each batch came in when its last contact had just happened.
            received_at = min(batch[-1].at + timedelta(seconds=5), now)
            ingest(source=source, records=records, received_at=received_at)


def _source_of(contact: Contact) -> str:
    if contact.kind != "offline":
        return "Web shop"
    if contact.event.startswith("parcel"):
        return "Logistics"
    return "Hotline" if contact.event.startswith("call") else "Store tills"


def _record(key: str, contact: Contact, people: list[Person], told: Told) -> Record:
    words = told.get((contact.visit, contact.event), NO_WORDS)
    facts = None
    if contact.person is not None:
        facts = CustomerFacts(keys=(crm_key("shop", people[contact.person].member_number),))
    return Record(
        key=key,
        occurred_at=contact.at,
        kind=contact.kind,
        event=contact.event,
        name=story.EVENT_NAMES[contact.event],
        anonymous_id=contact.visitor,
        customer=facts,
        visit=contact.visit,
        dwell_seconds=contact.dwell,
        dwell_method="foreground" if contact.dwell is not None else "",
        value=contact.value,
        currency="EUR" if contact.value is not None else "",
        url=origins.page_of(contact),
        referrer=origins.referrer_of(contact),
        properties=dict(contact.properties),
        campaign=dict(words.campaign) or origins.words_of(contact),
        code=words.code,
        agent=origins.agent_of(contact) or NOBODY,
    )


def _answers(
    workspace: Workspace,
    history: History,
    touchpoints: dict[str, Touchpoint],
    customers: list[UUID],
) -> None:
    """Record who was asked, month by month, and what those who answered said."""
    asked: dict[str, dict[str, dict[int, datetime]]] = defaultdict(lambda: defaultdict(dict))
    said: dict[str, dict[str, list[Opinion]]] = defaultdict(lambda: defaultdict(list))
    for opinion in history.opinions:
        month = f"{opinion.asked_at:%Y-%m}"
        asked[opinion.place][month][opinion.person] = opinion.asked_at
        said[opinion.place][month].append(opinion)
    for place, person, at in history.silent:
        asked[place][f"{at:%Y-%m}"][person] = at
    for place in sorted(asked):
        survey = _survey(workspace, touchpoints.get(place))
        submissions: list[Submission] = []
        for month, people in sorted(asked[place].items()):
            campaign = Campaign.objects.create(
                workspace=workspace, survey=survey, name=f"{survey.name}, {month}"
            )
            sent = [SentBefore(customers[number], at) for number, at in people.items()]
            invitations = record_sent(campaign=campaign, sent=sent)
            submissions.extend(
                _submission(opinion, history.people[opinion.person], customers, invitations)
                for opinion in said[place][month]
            )
        submit_responses(survey=survey, submissions=submissions)


def _survey(workspace: Workspace, touchpoint: Touchpoint | None) -> Survey:
    if touchpoint is None:
        return create_nps_survey(workspace=workspace, name="Once a season", status="active")
    return create_nps_survey(
        workspace=workspace,
        name=f"After: {touchpoint.name}",
        kind=Survey.Kind.TRANSACTIONAL,
        touchpoint=touchpoint,
        status="active",
    )


def _submission(
    opinion: Opinion, person: Person, customers: list[UUID], invitations: dict[UUID, UUID]
) -> Submission:
    customer = customers[opinion.person]
    return Submission(
        submitted_at=opinion.at,
        score=opinion.score,
        comment=opinion.comment,
        wants_reply=opinion.wants_reply,
        language=person.language,
        customer_id=customer,
        invitation_id=invitations[customer],
    )
