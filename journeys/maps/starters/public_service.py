"""Public service: an application to an office, from the life event to the notice."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from journeys.maps.plans import CardPlan, MapPlan, StagePlan
from journeys.maps.starters.building import Starter, lanes_with, step

_STAGES = (
    StagePlan(
        _("Life event"),
        phase="awareness",
        steps=(
            step(
                _("Something changes"),
                does=_("Moves, has a child, opens a shop, loses a job"),
                thinks=_("Do I have to tell somebody?"),
                feels=-0.2,
                need=("unmet", _("Be told what applies to me")),
                behind=_("Plans information by life event"),
                systems=_("Website, registers"),
                department=_("Communications"),
                pain=(2, _("Learns of a deadline when it is over")),
                idea=_("One letter for each life event with all duties"),
            ),
        ),
    ),
    StagePlan(
        _("Finding out"),
        phase="consideration",
        steps=(
            step(
                _("Looks for the right office"),
                does=_("Searches the web, asks neighbours, calls"),
                thinks=_("Who is responsible for that?"),
                feels=-0.6,
                asks=_("Which office, which form?"),
                need=("unmet", _("One place that knows where to go")),
                behind=_("Keeps the catalogue of services"),
                systems=_("Service catalogue, public hotline"),
                department=_("Citizens' service"),
                pain=(2, _("Sent from one office to the next")),
                idea=_("Search in everyday words, not by law"),
                more={"content": CardPlan(_("Pages by life event"))},
            ),
            step(
                _("Checks the conditions"),
                does=_("Reads a leaflet, works out what is due"),
                thinks=_("Does that hold for me?"),
                feels=-0.7,
                need=("partly", _("A plain yes or no before I begin")),
                behind=_("Writes leaflets along the law"),
                systems=_("Website, legal database"),
                department=_("Department"),
                pain=(2, _("Words that only officials understand")),
                idea=_("Five questions that answer: you can apply"),
                more={"content": CardPlan(_("Leaflet in plain language, other languages"))},
            ),
        ),
    ),
    StagePlan(
        _("Preparing"),
        phase="consideration",
        steps=(
            step(
                _("Collects documents"),
                does=_("Orders certificates, copies bills"),
                thinks=_("They have that already!"),
                feels=-0.9,
                need=("unmet", _("Hand in once what the state already knows")),
                behind=_("Other offices issue certificates"),
                systems=_("Registers, archive"),
                department=_("Other offices"),
                pain=(3, _("A fee for a paper from the office next door")),
                idea=_("Fetch certificates with the citizen's consent"),
            ),
        ),
    ),
    StagePlan(
        _("Applying"),
        phase="decision",
        steps=(
            step(
                _("Books an appointment"),
                does=_("Looks for a date every morning at 8:00"),
                thinks=_("Why is there nothing until March?"),
                feels=-1.1,
                need=("unmet", _("A date within a week, or no date needed")),
                behind=_("Plans counters and staff"),
                systems=_("Appointment system"),
                department=_("Citizens' service"),
                pain=(3, _("All dates are gone within minutes")),
                idea=_("Walk-in hours and a waiting list"),
            ),
            step(
                _("Applies online"),
                does=_("Logs in, fills in, uploads"),
                thinks=_("What is a reference number?"),
                feels=-0.4,
                asks=_("Has it arrived?"),
                need=("partly", _("Save and go on later, in my language")),
                behind=_("Checks whether it is complete"),
                systems=_("Online service, digital identity"),
                department=_("Department"),
                pain=(2, _("Has to print the form in the end")),
                idea=_("Confirm at once what arrived and what is missing"),
            ),
            step(
                _("Speaks at the counter"),
                does=_("Draws a number, waits, explains"),
                thinks=_("I hope they are friendly."),
                feels=0.3,
                need=("partly", _("Be treated with respect and finish today")),
                behind=_("Checks identity, takes the application"),
                systems=_("Queue system, case file"),
                department=_("Citizens' service"),
                pain=(2, _("Sent home because one page is missing")),
                moment=_("The person at the counter looks for a way"),
                idea=_("Take the application, let the page follow"),
            ),
        ),
    ),
    StagePlan(
        _("Waiting"),
        phase="decision",
        steps=(
            step(
                _("Hears nothing"),
                does=_("Calls, writes, waits"),
                thinks=_("Does anybody work on it?"),
                feels=-1.3,
                asks=_("How long does it usually take?"),
                need=("unmet", _("See the state and the usual time")),
                behind=_("Examines, hears other offices, decides"),
                systems=_("Case file"),
                department=_("Department"),
                pain=(3, _("Months without a word")),
                moment=_("The first answer after handing in"),
                idea=_("A page with the state, like the one for parcels"),
            ),
        ),
    ),
    StagePlan(
        _("Result"),
        phase="deployment",
        steps=(
            step(
                _("Receives the notice"),
                does=_("Reads it twice, calls a friend who knows"),
                thinks=_("Is that a yes or a no?"),
                feels=0.1,
                asks=_("What can I do if I do not agree?"),
                need=("partly", _("The result in the first sentence")),
                behind=_("Writes notices from text blocks"),
                systems=_("Document system"),
                department=_("Department"),
                pain=(2, _("The result stands on page three")),
                idea=_("First sentence: result, sum, date"),
                more={"content": CardPlan(_("Notice in plain language"))},
            ),
            step(
                _("Gets what was asked for"),
                does=_("Fetches the permit, sees the money"),
                thinks=_("Finally."),
                feels=0.8,
                need=("met", _("Get it without another trip")),
                behind=_("Pays out, prints, sends"),
                systems=_("Payments, printing"),
                department=_("Finance"),
                pain=(1, _("Has to fetch it during working hours")),
                idea=_("Send it, or a locker open day and night"),
            ),
        ),
    ),
)

PUBLIC_SERVICE: Final = Starter(
    "public-service",
    _("Public service"),
    _("An application to an office: find out, collect papers, apply, wait, get the notice."),
    _("Applying for a permit"),
    MapPlan(
        stages=_STAGES,
        lanes=lanes_with(("content", "touchpoints")),
        phase_model="decision",
    ),
)
