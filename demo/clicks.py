"""What visitors clicked on the demo shop's page of beans, and how far down they came."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cxm.customers.matching import Json
from cxm.workspaces.models import Workspace
from demo import origins, story
from demo.batches import in_batches
from demo.generator import Contact, History
from touchpoints.interactions.agents import NOBODY
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import CLICKED, PAGE_LEFT, Record
from touchpoints.interactions.services import create_source, ingest

SITE: Final = "Website"
PATH: Final = "/beans"
DAYS: Final = 30
BATCH: Final = 5000
# The layout's height, by its width: on a phone everything stands below each other.
_SIZES: Final = {"Phone": (390, 4200, 760), "Tablet": (820, 3600, 1080)}
_DESKTOP: Final = (1280, 3000, 760)


@dataclass(frozen=True, slots=True)
class Element:
    """Something to click; the box in shares of the width and in shares of the height."""

    text: str
    kind: str
    href: str
    box: tuple[float, float, float, float]
    share: int


_ELEMENTS: Final = (
    Element("Add to cart", "button", "", (0.62, 0.17, 0.22, 0.02), 30),
    Element("Winter roast", "link", "/beans/winter-roast", (0.06, 0.30, 0.27, 0.085), 16),
    Element("House blend", "link", "/beans/house-blend", (0.365, 0.30, 0.27, 0.085), 13),
    Element("Decaf", "link", "/beans/decaf", (0.67, 0.30, 0.27, 0.085), 6),
    Element("Coffee", "link", "/beans", (0.10, 0.006, 0.07, 0.013), 9),
    Element("Machines", "link", "/machines", (0.19, 0.006, 0.09, 0.013), 7),
    Element("Cart", "button", "", (0.91, 0.006, 0.05, 0.014), 8),
    Element("Which grind for which pot", "download", "/grind.pdf", (0.06, 0.50, 0.2, 0.015), 6),
    Element("Subscribe", "button", "", (0.63, 0.765, 0.15, 0.014), 3),
    Element("Instagram", "outbound", "https://www.instagram.com/", (0.06, 0.94, 0.1, 0.012), 2),
)


def add_clicks(workspace: Workspace, history: History, now: datetime) -> None:
    """Add clicks and scroll depth of the last days, within visits that are there already."""
    source, _key = create_source(workspace=workspace, name=SITE, kind=Source.Kind.WEB)
    dice = random.Random(story.SEED + 2)  # noqa: S311 - a story, no secret
    for records in in_batches(list(_records(history, now, dice)), BATCH):
        received_at = min(records[-1].occurred_at + timedelta(seconds=5), now)
        ingest(source=source, records=records, received_at=received_at)


def _records(history: History, now: datetime, dice: random.Random) -> Iterator[Record]:
    since = now - timedelta(days=DAYS)
    for number, contact in enumerate(history.contacts):
        if contact.event != "product_viewed" or contact.at < since or dice.random() > 0.35:
            continue
        width, height, fold = _SIZES.get(str(contact.properties["device"]), _DESKTOP)
        reach = min(1.0, fold / height + dice.expovariate(3.2))
        shown: dict[str, Json] = {"w": width, "h": height, "path": PATH}
        for place in range(dice.choice((0, 1, 1, 2, 3))):
            clicked = _click(dice, width, height, reach)
            at = min(contact.at + timedelta(seconds=2 + 3 * place), now)
            yield _record(contact, f"click:{number}:{place}", CLICKED, at, {**shown, **clicked})
        left: dict[str, Json] = {"scroll": round(100 * reach), "fold": fold, "view": f"{number:x}"}
        at = min(contact.at + timedelta(seconds=15), now)
        yield _record(contact, f"left:{number}", PAGE_LEFT, at, {**shown, **left})


def _click(dice: random.Random, width: int, height: int, reach: float) -> dict[str, Json]:
    """Return a click on something that was seen; one in six meets nothing."""
    seen = [element for element in _ELEMENTS if element.box[1] <= reach]
    if dice.random() < 1 / 6:
        return {
            "type": "place",
            "x": round(dice.random(), 3),
            "y": int(dice.random() * reach * height),
        }
    element = dice.choices(seen, [one.share for one in seen])[0]
    left, top, wide, high = element.box
    return {
        "type": element.kind,
        "text": element.text,
        "href": element.href,
        "x": round(min(0.999, max(0.0, dice.gauss(left + wide / 2, wide / 5))), 3),
        "y": int(min(height, max(0.0, dice.gauss(top + high / 2, high / 5) * height))),
        "box": [int(left * width), int(top * height), int(wide * width), int(high * height)],
    }


def _record(
    contact: Contact, key: str, event: str, at: datetime, properties: dict[str, Json]
) -> Record:
    return Record(
        key=f"demo:{key}",
        occurred_at=at,
        kind="track",
        event=event,
        touchpoint=story.PRODUCTS,
        anonymous_id=contact.visitor,
        visit=contact.visit,
        url=f"{origins.SHOP}{PATH}",
        agent=origins.agent_of(contact) or NOBODY,
        properties=properties,
    )
