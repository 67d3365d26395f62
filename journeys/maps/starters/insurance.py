"""Insurance: taking out a policy, a claim, and the yearly renewal."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from journeys.maps.plans import CardPlan, MapPlan, StagePlan
from journeys.maps.starters.building import Starter, lanes_with, step

_STAGES = (
    StagePlan(
        _("Awareness"),
        phase="awareness",
        steps=(
            step(
                _("Notices a risk"),
                does=_("Buys a car, becomes a parent, hears of a burglary next door"),
                thinks=_("What if that happens to us?"),
                feels=-0.5,
                need=("partly", _("Know which risks are real for me")),
                behind=_("Follows life events, plans campaigns"),
                systems=_("Customer file, campaign tool"),
                department=_("Marketing"),
                idea=_("A short check: what you need, and what you do not"),
            ),
        ),
    ),
    StagePlan(
        _("Consideration"),
        phase="consideration",
        steps=(
            step(
                _("Gets quotes"),
                does=_("Enters the same data on three portals"),
                thinks=_("Why are the prices so far apart?"),
                feels=-0.2,
                asks=_("What is not covered?"),
                need=("unmet", _("Compare cover, not only prices")),
                behind=_("Works out risk and price"),
                systems=_("Rating engine, portal feeds"),
                department=_("Product"),
                pain=(2, _("20 questions before the first price")),
                idea=_("A price range after three questions"),
            ),
            step(
                _("Asks somebody who knows"),
                does=_("Calls an agent or a friend in the trade"),
                thinks=_("What would you take?"),
                feels=0.7,
                need=("met", _("A clear recommendation with reasons")),
                behind=_("Agents prepare offers, note what was said"),
                systems=_("Agent's portal"),
                department=_("Agencies"),
                pain=(1, _("The agent cannot see my quote from the website")),
                moment=_("The agent advises against something needless"),
                idea=_("Agents see quotes with the customer's consent"),
            ),
        ),
    ),
    StagePlan(
        _("Taking out"),
        phase="purchase",
        steps=(
            step(
                _("Answers the questions"),
                does=_("Declares health, house or mileage"),
                thinks=_("If I get this wrong, will they pay?"),
                feels=-0.6,
                need=("partly", _("Understand each question and its effect")),
                behind=_("Accepts, asks back or refuses"),
                systems=_("Underwriting system"),
                department=_("Underwriting"),
                pain=(3, _("Questions in the language of lawyers")),
                idea=_("An example beside each question"),
            ),
            step(
                _("Signs"),
                does=_("Reads the summary, signs on the phone"),
                thinks=_("Am I covered from now on?"),
                feels=0.6,
                need=("partly", _("Know the hour from which I am covered")),
                behind=_("Issues the policy, sets up payment"),
                systems=_("Policy system, signature service"),
                department=_("Operations"),
                moment=_("Cover begins, and the customer knows it"),
            ),
        ),
    ),
    StagePlan(
        _("Policy"),
        phase="delivery",
        steps=(
            step(
                _("Receives the papers"),
                does=_("Looks at the envelope, puts it into a folder"),
                thinks=_("I will never read that."),
                feels=-0.1,
                need=("unmet", _("One page: what is covered, what to do")),
                behind=_("Prints and sends conditions"),
                systems=_("Document system, portal"),
                department=_("Operations"),
                pain=(1, _("60 pages that nobody reads")),
                idea=_("A card for the wallet with number and first steps"),
                more={"content": CardPlan(_("Policy, conditions, short summary"))},
            ),
        ),
    ),
    StagePlan(
        _("Claim"),
        phase="use",
        steps=(
            step(
                _("Reports damage"),
                does=_("Calls from the roadside, takes pictures"),
                thinks=_("What do I have to do now?"),
                feels=-1.6,
                asks=_("May I have it repaired already?"),
                need=("partly", _("A calm voice and the next three steps")),
                behind=_("Opens the claim, checks cover, sends help"),
                systems=_("Claims system, emergency line"),
                department=_("Claims"),
                pain=(2, _("Asked for the policy number at the roadside")),
                moment=_("The first call after the damage"),
                idea=_("Find the customer by phone number or number plate"),
                more={"content": CardPlan(_("First steps after damage"))},
            ),
            step(
                _("Waits for the decision"),
                does=_("Sends bills, calls to ask, waits"),
                thinks=_("Do they look for a reason not to pay?"),
                feels=-1.2,
                asks=_("Where is my claim, and who has it?"),
                need=("unmet", _("Know the state without calling")),
                behind=_("Examines, asks an expert, decides"),
                systems=_("Claims system, network of experts"),
                department=_("Claims"),
                pain=(3, _("No word for two weeks")),
                idea=_("Each step of the claim by message, with a date for the next"),
            ),
            step(
                _("Is paid"),
                does=_("Sees the money, has it repaired"),
                thinks=_("That was fair."),
                feels=0.9,
                need=("met", _("Understand how the sum came about")),
                behind=_("Pays, explains what was left out"),
                systems=_("Payments, letters"),
                department=_("Claims"),
                pain=(2, _("A lower sum without a reason")),
                moment=_("The sum and its reason"),
                idea=_("Call before paying less than was asked for"),
            ),
        ),
    ),
    StagePlan(
        _("Renewal"),
        phase="loyalty",
        steps=(
            step(
                _("Gets the yearly bill"),
                does=_("Compares with last year, opens a portal"),
                thinks=_("More again, and nothing happened."),
                feels=-0.8,
                asks=_("Why does it cost more than for new customers?"),
                need=("unmet", _("Know why the price changed")),
                behind=_("Works out next year's prices, sends bills"),
                systems=_("Billing, rating engine"),
                department=_("Product"),
                pain=(3, _("The price rises without a word")),
                idea=_("Write the reason and two ways to save on the bill"),
                more={"content": CardPlan(_("Yearly bill with its reasons"))},
            ),
            step(
                _("Stays or leaves"),
                does=_("Calls to cancel, or does nothing"),
                thinks=_("Make me an offer."),
                feels=0.2,
                need=("partly", _("A fair offer without having to threaten")),
                behind=_("Win-back team calls"),
                systems=_("Call centre, offers"),
                department=_("Service"),
                moment=_("What happens when a loyal customer wants to go"),
                idea=_("Check cover together each second year"),
            ),
        ),
    ),
)

INSURANCE: Final = Starter(
    "insurance",
    _("Insurance"),
    _("Taking out a policy, reporting damage, being paid, and the yearly bill."),
    _("From a policy to a claim"),
    MapPlan(
        stages=_STAGES,
        lanes=lanes_with(("content", "touchpoints")),
        cyclic=True,
        cycle_name=_("renews yearly"),
        phase_model="customer-lifecycle",
    ),
)
