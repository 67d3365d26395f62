"""Templates that a new map can start from, written for this product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from journeys.maps.plans import CardPlan, MapPlan, StagePlan, StepPlan, Text


@dataclass(frozen=True, slots=True)
class Starter:
    """A template with the words under which it is offered."""

    key: str
    title: Text
    description: Text
    plan: MapPlan


def _step(
    name: Text,
    *,
    does: Text,
    thinks: Text,
    feels: float,
    need: Text,
    behind: Text,
    department: Text,
    pain: tuple[int, Text] | None = None,
    idea: Text = "",
) -> StepPlan:
    cards: dict[str, list[CardPlan]] = {
        "actions": [CardPlan(does)],
        "thoughts": [CardPlan(thinks)],
        "feelings": [CardPlan(valence=feels)],
        "needs": [CardPlan(need, status="partly")],
        "backstage": [CardPlan(behind)],
        "responsible": [CardPlan(department)],
    }
    if pain is not None:
        cards["pain_points"] = [CardPlan(pain[1], severity=pain[0])]
    if idea:
        cards["opportunities"] = [CardPlan(idea, status="idea")]
    return StepPlan(name, cards)


_E_COMMERCE = MapPlan(
    cyclic=True,
    cycle_name=_("begins again"),
    stages=(
        StagePlan(
            _("Awareness"),
            phase="awareness",
            steps=(
                _step(
                    _("Notices a need"),
                    does=_("Sees the product with a friend or in an ad"),
                    thinks=_("Would that make my life easier?"),
                    feels=0.4,
                    need=_("Be inspired"),
                    behind=_("Campaign planning, social media"),
                    department=_("Marketing"),
                    idea=_("Show it in a real home"),
                ),
            ),
        ),
        StagePlan(
            _("Consideration"),
            phase="consideration",
            steps=(
                _step(
                    _("Looks around"),
                    does=_("Searches, opens a few products"),
                    thinks=_("Do they have what I have in mind?"),
                    feels=0.6,
                    need=_("Find it fast"),
                    behind=_("Search index, product data"),
                    department=_("Marketing"),
                    pain=(1, _("Search does not know my words")),
                ),
                _step(
                    _("Compares"),
                    does=_("Reads reviews, asks a question"),
                    thinks=_("Who do I trust? Will it fit?"),
                    feels=0.8,
                    need=_("Honest facts"),
                    behind=_("Reviews, advice by chat and phone"),
                    department=_("Product"),
                    pain=(2, _("Sizes differ between brands")),
                    idea=_("Answer questions on the product page"),
                ),
            ),
        ),
        StagePlan(
            _("Purchase"),
            phase="purchase",
            steps=(
                _step(
                    _("Fills the cart"),
                    does=_("Chooses a variant, looks at the total"),
                    thinks=_("What does it cost in the end?"),
                    feels=0.5,
                    need=_("Know the price"),
                    behind=_("Price engine, stock"),
                    department=_("Sales"),
                    pain=(2, _("Shipping cost shows up late")),
                    idea=_("Show the total from the start"),
                ),
                _step(
                    _("Pays"),
                    does=_("Enters address and payment, orders"),
                    thinks=_("Did that work?"),
                    feels=0.9,
                    need=_("Be certain"),
                    behind=_("Payment provider, order system"),
                    department=_("Sales"),
                    pain=(1, _("Must create an account")),
                ),
            ),
        ),
        StagePlan(
            _("Delivery"),
            phase="delivery",
            steps=(
                _step(
                    _("Waits for the parcel"),
                    does=_("Follows the parcel, stays at home"),
                    thinks=_("When does it come, and to whom?"),
                    feels=0.2,
                    need=_("Know the day"),
                    behind=_("Warehouse, carrier"),
                    department=_("Logistics"),
                    pain=(2, _("The delivery day is a guess")),
                    idea=_("Let customers choose the day"),
                ),
            ),
        ),
        StagePlan(
            _("Use and service"),
            phase="use",
            steps=(
                _step(
                    _("Unpacks and tries it"),
                    does=_("Sets it up; keeps it or sends it back"),
                    thinks=_("Is it what I expected?"),
                    feels=1.2,
                    need=_("Use it with ease"),
                    behind=_("Manuals, service desk, returns"),
                    department=_("Service"),
                    pain=(1, _("The return label is missing")),
                    idea=_("A short film for the first hour"),
                ),
            ),
        ),
        StagePlan(
            _("Loyalty"),
            phase="loyalty",
            steps=(
                _step(
                    _("Comes back"),
                    does=_("Recommends us, orders again"),
                    thinks=_("They know what I like."),
                    feels=1.0,
                    need=_("Be recognised"),
                    behind=_("Customer account, newsletter"),
                    department=_("Service"),
                    idea=_("Thank people who recommend us"),
                ),
            ),
        ),
    ),
)

_ALL: Final = (
    Starter(
        "e-commerce",
        _("Online shop"),
        _(
            "Six stages from the first look to coming back, "
            "with typical thoughts, needs and pain points to change."
        ),
        _E_COMMERCE,
    ),
    Starter(
        "blank",
        _("Blank"),
        _("The usual lanes and nothing in them. Start with what the customer does first."),
        MapPlan(),
    ),
)

STARTERS: Final[Mapping[str, Starter]] = {starter.key: starter for starter in _ALL}
