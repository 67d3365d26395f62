"""Personas to start from, written for this product: typical ways of being a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Archetype:
    """A persona to be; the lists have one entry on each line."""

    key: str
    title: Text
    description: Text
    color: str
    role: Text
    quote: Text
    demographics: Text
    goals: Text
    needs: Text
    fears: Text
    expectations: Text
    channels: Text
    devices: Text
    brand_attitude: Text
    tags: tuple[Text, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return the fields of a persona in the reader's language."""
        texts = (
            "role",
            "quote",
            "demographics",
            "goals",
            "needs",
            "fears",
            "expectations",
            "channels",
            "devices",
            "brand_attitude",
        )
        return {
            "name": str(self.title),
            "color": self.color,
            "tags": [str(tag) for tag in self.tags],
            **{name: str(getattr(self, name)) for name in texts},
        }

    @property
    def face(self) -> str:
        """Return the letters of its portrait."""
        words = str(self.title).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


_ALL: Final = (
    Archetype(
        "careful-comparer",
        _("Careful Comparer"),
        _("Reads everything before deciding, and remembers what was promised."),
        "petrol",
        role=_("Engineer, 41, plans each larger purchase for weeks"),
        quote=_("I do not mind paying more, I mind not knowing why."),
        demographics=_("Age: 35–50\nHousehold: Couple, one child\nIncome: Above average"),
        goals=_("Find the best for the money\nNever regret a choice\nUnderstand how it works"),
        needs=_("Complete facts in one place\nHonest comparisons\nTime to decide"),
        fears=_("Hidden costs\nBiased reviews\nOverlooking a better offer"),
        expectations=_("Answers with figures\nPrices that stay while I think"),
        channels=_("Search engines\nReview and test sites\nE-mail"),
        devices=_("Laptop in the evening\nPhone for a second look"),
        brand_attitude=_("Respects brands that also say what they are not good at."),
        tags=(_("plans ahead"), _("facts")),
    ),
    Archetype(
        "hurried-buyer",
        _("Hurried Buyer"),
        _("Has five minutes between two appointments, and wants it done."),
        "berry",
        role=_("Team lead, 37, buys on the way"),
        quote=_("Just tell me which one and let me pay."),
        demographics=_("Age: 28–45\nHousehold: Family with small children\nHome: City"),
        goals=_("Get it done today\nThink as little as possible"),
        needs=_("One good recommendation\nPay in two taps\nDelivery on a sure day"),
        fears=_("Having to call somebody\nBeing stuck in a form"),
        expectations=_("Everything is known already\nA reply within minutes"),
        channels=_("App\nText messages\nChat"),
        devices=_("Phone"),
        brand_attitude=_("Stays with what worked last time, as long as it stays quick."),
        tags=(_("mobile"), _("convenience")),
    ),
    Archetype(
        "loyal-regular",
        _("Loyal Regular"),
        _("Has been a customer for years, and expects that you notice."),
        "bronze",
        role=_("Teacher, 58, customer for eleven years"),
        quote=_("They know me there. At least they used to."),
        demographics=_("Age: 50–68\nHousehold: Couple, children moved out\nHome: Small town"),
        goals=_("Keep what works\nBe treated as a regular"),
        needs=_("The same people to talk to\nWord before something changes\nSmall thanks"),
        fears=_("New customers get the better price\nBeing pushed to an app"),
        expectations=_("Knows my history without asking\nGenerous when something goes wrong"),
        channels=_("Store or branch\nPhone\nLetter"),
        devices=_("Phone at home\nTablet"),
        brand_attitude=_("Recommends you to friends, and is hurt more easily than others."),
        tags=(_("long-standing"), _("recommends")),
    ),
    Archetype(
        "sceptical-switcher",
        _("Sceptical Switcher"),
        _("Was let down before, and has a foot in the door."),
        "slate",
        role=_("Electrician, 46, changes provider every two years"),
        quote=_("You are all friendly until I have signed."),
        demographics=_("Age: 30–55\nHousehold: Single parent\nIncome: Average"),
        goals=_("Never pay too much again\nBe able to leave at any time"),
        needs=_("Short terms\nProof instead of promises\nA quick answer to a complaint"),
        fears=_("Small print\nPrices that rise after a year\nEndless hotlines"),
        expectations=_("The same price as new customers\nCancelling in two clicks"),
        channels=_("Comparison sites\nForums\nPhone, when angry"),
        devices=_("Phone\nComputer at work"),
        brand_attitude=_("Trusts other customers, not advertising."),
        tags=(_("at risk"), _("price-conscious")),
    ),
    Archetype(
        "first-timer",
        _("First Timer"),
        _("Does it for the first time, and does not know the words."),
        "violet",
        role=_("Trainee, 20, first flat, first contracts"),
        quote=_("Is that a stupid question?"),
        demographics=_("Age: 18–26\nHousehold: Shared flat\nIncome: Low"),
        goals=_("Get it right the first time\nNot look foolish"),
        needs=_("Plain words\nTo be led step by step\nSomebody to ask"),
        fears=_("Signing something wrong\nDebt\nHaving to phone"),
        expectations=_("A film or pictures instead of text\nHelp in the evening"),
        channels=_("Social media\nChat\nFriends and family"),
        devices=_("Phone only"),
        brand_attitude=_("No opinion yet; the first experience makes it."),
        tags=(_("new"), _("needs guidance")),
    ),
    Archetype(
        "business-buyer",
        _("Business Buyer"),
        _("Buys for others, and has to explain the choice."),
        "petrol",
        role=_("Head of purchasing in a company of 240 people"),
        quote=_("I need three quotes and a contact who answers."),
        demographics=_("Age: 38–58\nCompany: 50–500 people\nDecides with: IT, legal, board"),
        goals=_("A choice that holds before the board\nFew suppliers who deliver"),
        needs=_("Papers to pass on\nOne contact\nTerms and prices in writing"),
        fears=_("A supplier who vanishes\nCosts that nobody planned\nBlame"),
        expectations=_("A quote within a day\nInvoices that fit the order"),
        channels=_("E-mail\nVideo call\nTrade fair"),
        devices=_("Computer at work"),
        brand_attitude=_("Looks for references of the same trade and size."),
        tags=(_("business"), _("several people decide")),
    ),
    Archetype(
        "caring-relative",
        _("Caring Relative"),
        _("Buys or arranges it for somebody else, often from afar."),
        "berry",
        role=_("Nurse, 52, looks after her father of 84"),
        quote=_("It is not for me, so please explain it so that he understands."),
        demographics=_("Age: 40–62\nHousehold: Own family and a parent elsewhere"),
        goals=_("The other one is safe and content\nSave time for the two of them"),
        needs=_("Act on behalf of somebody\nSimple use for the one who uses it\nBe reachable"),
        fears=_("Something happens and nobody tells me\nBeing refused as not the customer"),
        expectations=_("Patience\nOne form for two people\nLarge print"),
        channels=_("Phone\nE-mail\nIn person with both"),
        devices=_("Phone on the go\nComputer at night"),
        brand_attitude=_("Grateful for every person who thinks along."),
        tags=(_("on behalf"), _("accessibility")),
    ),
    Archetype(
        "citizen-at-the-counter",
        _("Citizen at the Counter"),
        _("Has to come, did not choose to, and hopes it is settled today."),
        "bronze",
        role=_("Cook, 33, works in shifts, came with a child"),
        quote=_("I took a morning off for this."),
        demographics=_("Age: 25–70\nLanguage: Reads German or English as a second one"),
        goals=_("Settle it today\nUnderstand what is asked of me"),
        needs=_("One visit\nPlain language\nRespect"),
        fears=_("A paper is missing\nA fine\nBeing sent away"),
        expectations=_("Opening hours outside of work\nSomebody who decides"),
        channels=_("Counter\nPhone\nWebsite, to look up what to bring"),
        devices=_("Phone"),
        brand_attitude=_("Expects little; one friendly person changes that."),
        tags=(_("public service"), _("plain language")),
    ),
)

ARCHETYPES: Final[Mapping[str, Archetype]] = {archetype.key: archetype for archetype in _ALL}
