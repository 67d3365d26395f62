"""Personas, findings and the beginning of a map in a browser: seen, used, printed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer, Segment, SegmentCondition
from cxm.workspaces.models import Membership, User, Workspace
from journeys.maps.models import JourneyMap, Opportunity
from journeys.maps.services import create_map
from journeys.personas.archetypes import ARCHETYPES
from journeys.personas.models import Persona
from tests.browser.conftest import Visit
from tests.browser.test_shell import everywhere
from tests.journeys.story import make_story
from touchpoints.catalogue.services import create_default_phases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where pictures of the pages go when somebody wants to look at them.
PICTURES = os.environ.get("CXM_PICTURES", "")


@pytest.fixture
def clara(workspace: Workspace, alice: User) -> Persona:
    """A workspace with two journeys, four personas and weighed opportunities."""
    with workspace_scope(workspace.pk):
        create_default_phases(workspace=workspace)
        journey = make_story(workspace)
        segment = Segment.objects.create(workspace=workspace, name="Commuters")
        SegmentCondition.objects.create(
            workspace=workspace, segment=segment, field="language", operator="is", value="da"
        )
        Customer.objects.bulk_create(
            Customer(workspace=workspace, number=f"C-{n}", language="da" if n < 17 else "en")
            for n in range(124)
        )
        clara = Persona.objects.filter(places__map=journey).earliest("places__position")
        for name, value in ARCHETYPES["careful-comparer"].values().items():
            if name != "name":
                setattr(clara, name, value)
        clara.segment = segment
        clara.save()
        others = [
            Persona.objects.create(workspace=workspace, **ARCHETYPES[key].values())
            for key in ("hurried-buyer", "loyal-regular", "first-timer")
        ]
        create_map(
            workspace=workspace, name="Getting a faster line", template="telecom", personas=others
        )
        owner = Membership.objects.get(user=alice)
        for place, idea in enumerate(Opportunity.objects.order_by("title")[:9]):
            idea.impact, idea.effort = 5 - place % 4, 1 + place % 5
            idea.owner = owner if place % 2 else None
            idea.save()
    return clara


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page when pictures are wanted."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def pages(clara: Persona, other: Persona, idea: Opportunity) -> dict[str, str]:
    """Return the pages by the names of their pictures."""
    return {
        "personas": "/app/personas/",
        "persona": f"/app/personas/{clara.pk}/",
        "persona-edit": f"/app/personas/{clara.pk}/edit/",
        "persona-new": "/app/personas/new/",
        "persona-compare": f"/app/personas/compare/?a={clara.pk}&b={other.pk}",
        "persona-delete": f"/app/personas/{clara.pk}/delete/",
        "journeys": "/app/journeys/",
        "journey-new": "/app/journeys/new/",
        "pain-points": "/app/journeys/pain-points/",
        "opportunities": "/app/journeys/opportunities/",
        "opportunity": f"/app/journeys/opportunities/{idea.pk}/",
    }


@pytest.mark.timeout(600)
def test_every_page_is_accessible(
    visit: Visit, alice: User, clara: Persona, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        other = Persona.objects.exclude(pk=clara.pk).earliest("name")
        idea = Opportunity.objects.exclude(impact=None).earliest("title")
    wrong = {}
    for name, path in pages(clara, other, idea).items():
        if found := everywhere(visit, path, alice):
            wrong[name] = found
        if PICTURES:
            for theme, width in (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)):
                page = visit(path, alice, theme=theme, width=width)
                picture(page, f"{name}-{theme}-{width}")
                page.close()
    assert wrong == {}


def test_empty_pages_are_accessible(visit: Visit, alice: User) -> None:
    for path in ("/app/personas/", "/app/journeys/", "/app/journeys/pain-points/"):
        assert everywhere(visit, path, alice) == [], path


def test_a_persona_is_described_from_a_template(
    visit: Visit, alice: User, workspace: Workspace
) -> None:
    page = visit("/app/personas/", alice)
    page.get_by_role("link", name="Hurried Buyer").click()
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("Just tell me which one and let me pay.")

    page.get_by_label("Name", exact=True).fill("Busy Bea")
    page.get_by_label("Tags").fill("mobile, new tag")
    expect(preview).to_contain_text("Busy Bea")
    expect(preview.locator("[data-face]")).to_have_text("BB")
    expect(preview.locator(".tag")).to_have_text(["mobile", "new tag"])
    page.get_by_role("button", name="Save persona").click()

    expect(page.get_by_role("heading", name="Busy Bea", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Goals")).to_contain_text("Get it done today")
    with workspace_scope(workspace.pk):
        assert Persona.objects.get().tags == ["mobile", "new tag"]


@pytest.mark.parametrize("lines", [0, 3, 14, 60])
def test_a_persona_is_printed_on_exactly_one_page(
    visit: Visit, bob: User, clara: Persona, workspace: Workspace, tmp_path: Path, lines: int
) -> None:
    with workspace_scope(workspace.pk):
        for name in ("goals", "needs", "fears", "expectations", "channels"):
            more = "\n".join(f"Something else that matters, number {n}" for n in range(lines))
            setattr(clara, name, f"{getattr(clara, name)}\n{more}"[:2000])
        clara.save()
    page = visit(f"/app/personas/{clara.pk}/print/", bob)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    if PICTURES:
        page.pdf(path=f"{PICTURES}/print-{lines}.pdf", prefer_css_page_size=True)
        picture(page, f"print-{lines}")

    printed = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    if lines < 60:
        # Nothing is cut off: the last block ends above the foot of the page.
        page.emulate_media(media="print")
        assert page.evaluate(
            "(() => { const foot = document.querySelector('footer').getBoundingClientRect().top;"
            "const box = document.querySelector('.blocks').getBoundingClientRect();"
            "return [...document.querySelectorAll('.block')].every((block) => {"
            "const at = block.getBoundingClientRect();"
            "return at.bottom <= foot && at.right <= box.right + 1; }); })()"
        )


def test_a_journey_is_made_with_two_clicks(visit: Visit, alice: User, workspace: Workspace) -> None:
    page = visit("/app/journeys/new/", alice)
    page.get_by_label("Telecom").check()
    page.get_by_role("button", name="Create journey").click()

    expect(page.get_by_role("heading", name="Getting a faster line", level=1)).to_be_visible()
    with workspace_scope(workspace.pk):
        assert JourneyMap.objects.get().name == "Getting a faster line"


def test_a_finding_leads_to_its_card(visit: Visit, alice: User, clara: Persona) -> None:
    page = visit("/app/journeys/pain-points/", alice)
    page.locator("select[name=severity]").select_option(label="Critical")
    row = page.get_by_role("row", name="Nobody came, and nobody called")
    row.get_by_text("Where it stands: 1 place").click()
    place = row.get_by_role("link", name="The technician comes")
    expect(place).to_have_attribute("href", re.compile(r"/app/journeys/[0-9a-f-]+/\?card="))
