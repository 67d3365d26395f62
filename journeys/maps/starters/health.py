"""Health: a patient's way from the first symptom to aftercare."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from journeys.maps.plans import CardPlan, MapPlan, StagePlan
from journeys.maps.starters.building import Starter, lanes_with, step

_STAGES = (
    StagePlan(
        _("Symptoms"),
        phase="awareness",
        steps=(
            step(
                _("Feels that something is wrong"),
                does=_("Waits a few days, reads on the internet"),
                thinks=_("Is it serious?"),
                feels=-0.9,
                need=("unmet", _("Know whether I have to see somebody")),
                behind=_("Writes patient information"),
                systems=_("Website, symptom guide"),
                department=_("Communications"),
                pain=(2, _("Everything on the internet sounds dangerous")),
                idea=_("Our own guide: wait, see a doctor, or emergency"),
                more={"emotions": CardPlan(_("Fear"), valence=-1.2)},
            ),
        ),
    ),
    StagePlan(
        _("Finding care"),
        phase="consideration",
        steps=(
            step(
                _("Looks for a doctor"),
                does=_("Asks the family, calls three surgeries"),
                thinks=_("Who takes new patients?"),
                feels=-0.6,
                asks=_("Do I need a referral?"),
                need=("partly", _("Find somebody who has time and knows it well")),
                behind=_("Keeps directories, handles referrals"),
                systems=_("Directory of doctors, referral system"),
                department=_("Admissions"),
                pain=(2, _("The line is busy all morning")),
                idea=_("Show free appointments without an account"),
            ),
            step(
                _("Makes an appointment"),
                does=_("Calls or books online, notes the date"),
                thinks=_("Three weeks is a long time."),
                feels=-0.4,
                need=("unmet", _("An early date, and to be told of an earlier one")),
                behind=_("Plans rooms and people, keeps a waiting list"),
                systems=_("Appointment system"),
                department=_("Admissions"),
                pain=(3, _("Weeks of waiting without a word")),
                idea=_("A waiting list that fills cancelled dates by message"),
                more={"emotions": CardPlan(_("Hope"), valence=0.4)},
            ),
        ),
    ),
    StagePlan(
        _("Preparing"),
        phase="purchase",
        steps=(
            step(
                _("Gets papers together"),
                does=_("Searches findings, fills in forms"),
                thinks=_("I have told them that before."),
                feels=-0.3,
                need=("partly", _("Tell my story once")),
                behind=_("Requests earlier findings"),
                systems=_("Patient record, archive"),
                department=_("Admissions"),
                pain=(2, _("The same form on paper, three times")),
                idea=_("One form at home; all departments see it"),
            ),
        ),
    ),
    StagePlan(
        _("Visit"),
        phase="delivery",
        steps=(
            step(
                _("Arrives and waits"),
                does=_("Looks for the entrance, registers, waits"),
                thinks=_("Have they forgotten me?"),
                feels=-0.5,
                asks=_("How long will it take?"),
                need=("partly", _("Know how long, and where to go")),
                behind=_("Registers, calls patients by urgency"),
                systems=_("Queue display, patient record"),
                department=_("Reception"),
                pain=(2, _("An hour without knowing why")),
                moment=_("The welcome at the reception"),
                idea=_("Say the waiting time at once, and when it changes"),
            ),
            step(
                _("Speaks with the doctor"),
                does=_("Explains, is examined, asks"),
                thinks=_("Do they understand what worries me?"),
                feels=0.7,
                asks=_("What does that word mean?"),
                need=("partly", _("Be listened to and understand")),
                behind=_("Reads the record, examines, decides"),
                systems=_("Patient record"),
                department=_("Doctors"),
                pain=(2, _("Looks at the screen, not at me")),
                moment=_("The talk about the diagnosis"),
                idea=_("A summary in plain words to take home"),
                more={"emotions": CardPlan(_("Trust"), valence=0.9)},
            ),
            step(
                _("Is examined further"),
                does=_("Goes to X-ray and laboratory"),
                thinks=_("When do I hear the result?"),
                feels=-0.8,
                need=("unmet", _("Know the day of the result")),
                behind=_("Analyses, reports, tells the ward"),
                systems=_("Laboratory system, imaging"),
                department=_("Diagnostics"),
                pain=(3, _("Nobody calls with the result")),
                idea=_("Promise a day for each result and keep it"),
                more={"emotions": CardPlan(_("Fear"), valence=-1.0)},
            ),
        ),
    ),
    StagePlan(
        _("Treatment"),
        phase="use",
        steps=(
            step(
                _("Begins the treatment"),
                does=_("Takes medicine, comes to therapy"),
                thinks=_("Is that a side effect?"),
                feels=-0.1,
                asks=_("Whom do I ask at night?"),
                need=("partly", _("Know what is normal and whom to ask")),
                behind=_("Plans treatment, checks interactions"),
                systems=_("Medication plan, pharmacy"),
                department=_("Care"),
                pain=(2, _("Three plans that contradict each other")),
                idea=_("One plan on one page, kept by one person"),
            ),
            step(
                _("Goes home"),
                does=_("Gets the letter, a recipe, a lift"),
                thinks=_("How do I manage alone?"),
                feels=-0.4,
                need=("unmet", _("Know the next steps at home")),
                behind=_("Writes letters, arranges home care"),
                systems=_("Discharge management"),
                department=_("Social service"),
                pain=(3, _("The letter arrives after the next appointment")),
                moment=_("The hour of discharge"),
                idea=_("Call each patient two days after discharge"),
                more={"emotions": CardPlan(_("Trust"), valence=0.2)},
            ),
        ),
    ),
    StagePlan(
        _("Aftercare"),
        phase="loyalty",
        steps=(
            step(
                _("Comes for check-ups"),
                does=_("Books check-ups, asks by phone"),
                thinks=_("Is it healing as it should?"),
                feels=0.6,
                need=("partly", _("Be reminded, and see the same face")),
                behind=_("Plans check-ups, watches results"),
                systems=_("Appointment system, patient portal"),
                department=_("Care"),
                pain=(1, _("A new doctor each time")),
                idea=_("The same team from the first visit on"),
            ),
            step(
                _("Lives on, and tells others"),
                does=_("Answers a survey, recommends the clinic"),
                thinks=_("They took care of me."),
                feels=1.3,
                need=("partly", _("See that feedback changes something")),
                behind=_("Reads feedback, reports to departments"),
                systems=_("Survey, quality management"),
                department=_("Quality"),
                idea=_("Show in the waiting room what patients changed"),
                more={"emotions": CardPlan(_("Gratitude"), valence=1.5)},
            ),
        ),
    ),
)

HEALTH: Final = Starter(
    "health",
    _("Health"),
    _("A patient's way: symptoms, a doctor, waiting, treatment, going home, check-ups."),
    MapPlan(
        stages=_STAGES,
        lanes=lanes_with(("emotions", "feelings")),
        phase_model="customer-lifecycle",
    ),
)
