"""Bank: from the wish for another account to a relation that lasts."""

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
                _("Thinks of changing"),
                does=_("Is annoyed by a new fee, hears of another bank at work"),
                thinks=_("What do I pay them for, really?"),
                feels=-0.4,
                need=("partly", _("See what I would gain by changing")),
                behind=_("Watches prices of competitors, plans campaigns"),
                systems=_("Market research, ad accounts"),
                department=_("Marketing"),
                idea=_("A calculator that compares all costs of a year"),
                more={"emotions": CardPlan(_("Trust"), valence=-0.3)},
            ),
        ),
    ),
    StagePlan(
        _("Consideration"),
        phase="consideration",
        steps=(
            step(
                _("Compares accounts"),
                does=_("Reads price lists and a comparison portal"),
                thinks=_("Where is the catch?"),
                feels=0.1,
                asks=_("What does it cost after the first year?"),
                need=("unmet", _("All prices on one page, in plain words")),
                behind=_("Keeps price lists, feeds comparison portals"),
                systems=_("Website, portal feeds"),
                department=_("Product"),
                pain=(2, _("The price list has 40 pages")),
                idea=_("One page with the ten prices that matter"),
                more={"emotions": CardPlan(_("Trust"), valence=0.1)},
            ),
            step(
                _("Asks for advice"),
                does=_("Calls, writes in the chat or books a talk"),
                thinks=_("Do they listen, or do they sell?"),
                feels=0.6,
                need=("partly", _("Advice that fits my life")),
                behind=_("Plans appointments, trains advisers"),
                systems=_("Calendar, customer file"),
                department=_("Branches"),
                pain=(2, _("The next free appointment is in three weeks")),
                moment=_("The first ten minutes with an adviser"),
                idea=_("Talks by video until 20:00"),
                more={"emotions": CardPlan(_("Trust"), valence=0.8)},
            ),
        ),
    ),
    StagePlan(
        _("Opening"),
        phase="purchase",
        steps=(
            step(
                _("Applies"),
                does=_("Fills in the form on the phone in the evening"),
                thinks=_("Why do they need to know that?"),
                feels=0.2,
                need=("partly", _("Finish in ten minutes, go on later if need be")),
                behind=_("Checks credit record and rules on money laundering"),
                systems=_("Application form, credit agency"),
                department=_("Operations"),
                pain=(3, _("The form forgets everything after a pause")),
                idea=_("Save after each page and send a link to go on"),
            ),
            step(
                _("Proves who they are"),
                does=_("Shows an identity card to the camera"),
                thinks=_("Is this safe?"),
                feels=-0.7,
                asks=_("What happens to the film of my face?"),
                need=("partly", _("Get it right at the first try")),
                behind=_("Identity check by a partner"),
                systems=_("Identity provider"),
                department=_("Operations"),
                pain=(3, _("Refused twice because of the light")),
                moment=_("The identity check works, or the customer is gone"),
                idea=_("Offer the branch as a second way, at once"),
                more={"emotions": CardPlan(_("Trust"), valence=-0.5)},
            ),
        ),
    ),
    StagePlan(
        _("Getting started"),
        phase="delivery",
        steps=(
            step(
                _("Receives card and access"),
                does=_("Waits for four letters, sets up the app"),
                thinks=_("Which of these codes goes where?"),
                feels=0.0,
                need=("unmet", _("Pay with it on the first day")),
                behind=_("Prints cards and letters, sends them one by one"),
                systems=_("Card centre, app"),
                department=_("Operations"),
                pain=(2, _("Four letters in eight days")),
                idea=_("A card in the phone within minutes"),
            ),
            step(
                _("Moves payments over"),
                does=_("Tells employer, landlord and clubs the new account"),
                thinks=_("I hope I forget nobody."),
                feels=-0.3,
                need=("partly", _("Have somebody do it for me")),
                behind=_("Switching service reads the old account"),
                systems=_("Account switching service"),
                department=_("Operations"),
                pain=(2, _("One payment went to the old account")),
                moment=_("The first salary arrives"),
                idea=_("A list of who has been told, with dates"),
                more={"emotions": CardPlan(_("Trust"), valence=0.4)},
            ),
        ),
    ),
    StagePlan(
        _("Everyday"),
        phase="use",
        steps=(
            step(
                _("Pays and looks at the balance"),
                does=_("Opens the app twice a day, pays by phone"),
                thinks=_("How much is left this month?"),
                feels=1.0,
                need=("met", _("See it in a second")),
                behind=_("Books payments, sorts them by kind"),
                systems=_("Core banking, app"),
                department=_("Digital"),
                pain=(1, _("Shop names in the list say nothing")),
                idea=_("Show the shop's name and place"),
            ),
            step(
                _("Has a problem"),
                does=_("Sees an unknown payment, blocks the card, calls"),
                thinks=_("Is my money gone?"),
                feels=-1.6,
                asks=_("Who pays for the loss, and when do I know?"),
                need=("partly", _("A person at once, at any hour")),
                behind=_("Blocks, examines, pays back"),
                systems=_("Fraud detection, call centre"),
                department=_("Service"),
                pain=(3, _("Explains it three times to three people")),
                moment=_("What we do in the first hour after a fraud"),
                idea=_("One person who keeps the case to its end"),
                more={"emotions": CardPlan(_("Trust"), valence=-1.2)},
            ),
        ),
    ),
    StagePlan(
        _("Loyalty"),
        phase="loyalty",
        steps=(
            step(
                _("Plans something larger"),
                does=_("Thinks of a home, a car, of saving"),
                thinks=_("Would they give me a loan?"),
                feels=0.7,
                need=("partly", _("Know what I can afford, without obligation")),
                behind=_("Works out limits, invites to a talk"),
                systems=_("Credit scoring, customer file"),
                department=_("Advice"),
                pain=(1, _("An offer that ignores what I told them last year")),
                idea=_("A frame for a loan, seen in the app at any time"),
            ),
            step(
                _("Recommends us"),
                does=_("Tells a colleague, forwards a link"),
                thinks=_("With them it simply works."),
                feels=1.2,
                need=("partly", _("Be thanked, quickly and visibly")),
                behind=_("Pays the bonus for recommendations"),
                systems=_("Recommendation programme"),
                department=_("Marketing"),
                idea=_("Thank both within a day"),
                more={"emotions": CardPlan(_("Trust"), valence=1.4)},
            ),
        ),
    ),
)

BANK: Final = Starter(
    "bank",
    _("Bank"),
    _("Changing to a new account: compare, apply, prove who you are, settle in."),
    MapPlan(
        stages=_STAGES,
        lanes=lanes_with(("emotions", "feelings")),
        phase_model="customer-lifecycle",
    ),
)
