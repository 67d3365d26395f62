"""Makes up what happened in the demo shop: pure, and the same for the same day and seed.

Nothing here is a score. Customers come, look, buy, wait, call and answer; the figures are worked
out from that by the same code as everybody's.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from demo import story
from demo.story import Place
from demo.words import COMMENTS, FIRST_NAMES, LAST_NAMES

# Visits of an ordinary weekday, and how much livelier Monday … Sunday are.
WEB_VISITS = 240
STORE_VISITS = 46
CALLS = 11
WEEKDAYS = (0.92, 0.90, 0.95, 1.0, 1.12, 1.25, 0.86)
RELATIONAL_EVERY = 30
RELATIONAL_ASKED = 480
RELATIONAL_ANSWERS = 0.36
GAP = 90


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the shop."""

    number: int
    name: str
    language: str
    city: str
    machine: bool
    consents: bool

    @property
    def email(self) -> str:
        """Return an address that no mail can reach."""
        return f"{self.name.lower().replace(' ', '.')}.{self.number}@customers.example"

    @property
    def member_number(self) -> str:
        """Return the number in the shop's own system."""
        return f"BW{10_000 + self.number}"


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that happened at a touchpoint."""

    at: datetime
    event: str
    visit: str
    person: int | None
    visitor: str
    kind: str = "track"
    dwell: float | None = None
    value: Decimal | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answered survey; `place` is "" for the shop as a whole."""

    at: datetime
    asked_at: datetime
    place: str
    person: int
    score: int
    comment: str
    wants_reply: bool


@dataclass(slots=True)
class History:
    """All that happened."""

    people: list[Person] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    # Who was asked and did not answer: place, person, when.
    silent: list[tuple[str, int, datetime]] = field(default_factory=list)


def generate(
    *, today: date, seed: int = story.SEED, days: int = story.DAYS, scale: float = 1.0
) -> History:
    """Return the history of the `days` days that end yesterday.

    Args:
        today: the day after the last one.
        seed: another seed, another history.
        days: how many days.
        scale: share of the shop's usual customers and visits.
    """
    dice = random.Random(seed)  # noqa: S311 - a story, no secret
    return _Generator(today, dice, days, scale).run()


class _Generator:
    def __init__(self, today: date, dice: random.Random, days: int, scale: float) -> None:
        self.today = today
        self.scale = scale
        self.customers = max(1, round(story.CUSTOMERS * scale))
        self.dice = dice
        self.days = days
        self.history = History()
        self.asked: dict[int, date] = {}
        self.visits = 0

    def run(self) -> History:
        self.history.people = [self._person(number) for number in range(self.customers)]
        for back in range(self.days, 0, -1):
            day = self.today - timedelta(days=back)
            late = back <= story.CARRIER_CHANGED
            lively = self.scale * WEEKDAYS[day.weekday()] * (1 + 0.1 * math.sin(back / 9))
            for _ in range(self._about(WEB_VISITS * lively)):
                self._web_visit(day, late)
            if day.weekday() < 6:
                for _ in range(self._about(STORE_VISITS * lively)):
                    self._store_visit(day, late)
                for _ in range(self._about(self.scale * CALLS * (1.5 if late else 1))):
                    self._call(day, late)
            if back % RELATIONAL_EVERY == RELATIONAL_EVERY // 2:
                self._relational(day, late)
        self.history.contacts.sort(key=lambda contact: contact.at)
        return self.history

    def _person(self, number: int) -> Person:
        dice = self.dice
        return Person(
            number=number,
            name=f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}",
            language="de" if dice.random() < 0.55 else "en",
            city=dice.choice(("Kiel", "Hamburg", "Bremen", "Berlin", "Leipzig")),
            machine=dice.random() < 0.4,
            consents=dice.random() < 0.86,
        )

    def _web_visit(self, day: date, late: bool) -> None:
        """One visit on the web: from an ad, a letter or a search to the products and maybe on."""
        dice = self.dice
        known = dice.random() < 0.34
        person = dice.randrange(self.customers) if known else None
        moment = self._moment(day, 7, 23)
        visit = self._visit(day)
        visitor = f"bw-{dice.getrandbits(48):012x}"
        properties = {
            "visitor_type": "Returning" if known or dice.random() < 0.3 else "New",
            "device": dice.choices(("Phone", "Computer", "Tablet"), (56, 38, 6))[0],
        }

        def add(
            event: str,
            *,
            kind: str = "track",
            dwell: float | None = None,
            value: Decimal | None = None,
        ) -> None:
            nonlocal moment
            self.history.contacts.append(
                Contact(moment, event, visit, person, visitor, kind, dwell, value, properties)
            )
            moment += timedelta(seconds=20 + dice.expovariate(1 / 70))

        start = dice.choices((story.SOCIAL, story.NEWSLETTER, story.PRODUCTS), (24, 14, 62))[0]
        if start != story.PRODUCTS:
            place = story.BY_KEY[start]
            add(place.events[0], dwell=self._dwell(14))
            self._maybe_ask(start, person, moment, late)
            if dice.random() > place.success:
                return
        products = story.BY_KEY[story.PRODUCTS]
        for _ in range(1 + self._about(1.4)):
            add("product_viewed", kind="page", dwell=self._dwell(48))
        self._maybe_ask(story.PRODUCTS, person, moment, late)
        returning = 1.35 if properties["visitor_type"] == "Returning" else 0.8
        if dice.random() > products.success * returning * 0.5:
            return
        add("cart_filled", dwell=self._dwell(95))
        if dice.random() > story.BY_KEY[story.CHECKOUT].success:
            return
        if person is None:
            person = dice.randrange(self.customers)
        value = Decimal(round(dice.lognormvariate(3.5, 0.55), 2)).quantize(Decimal("0.01"))
        add("order_completed", value=value)
        self._maybe_ask(story.CHECKOUT, person, moment, late)
        self._deliver(person, day, late)

    def _deliver(self, person: int, day: date, late: bool) -> None:
        """What follows an order: parcel, tracking, the guide for new machines."""
        dice = self.dice
        place = self._now(story.PARCEL, late)
        in_time = dice.random() < place.success
        took = dice.choice((1, 2, 2, 3)) if in_time else dice.randint(5, 12)
        visit = f"order-{self._visit(day)}"
        visitor = ""
        shipped = self._moment(day, 15, 19)
        arrived = shipped + timedelta(days=took, hours=dice.randint(-4, 3))
        properties = {"carrier": "Rapido" if late else "Nordpost", "days": str(took)}
        self._contact(
            arrived,
            "parcel_handed_over",
            visit,
            person,
            visitor,
            kind="offline",
            properties=properties,
        )
        outcome = "parcel_on_time" if in_time else "parcel_late"
        self._contact(arrived, outcome, visit, person, visitor, kind="offline")
        self._maybe_ask(story.PARCEL, person, arrived + timedelta(hours=20), late, happy=in_time)
        tracking = self._now(story.TRACKING, late)
        for look in range(1 + self._about(0.6 if in_time else 2.4)):
            at = shipped + timedelta(hours=9 + 17 * look, minutes=dice.randrange(60))
            seen = f"track-{visit}-{look}"
            self._contact(at, "tracking_opened", seen, person, visitor, dwell=self._dwell(22))
            if dice.random() < tracking.success:
                self._contact(
                    at + timedelta(seconds=30), "tracking_answered", seen, person, visitor
                )
        self._maybe_ask(story.TRACKING, person, shipped + timedelta(hours=30), late)
        if dice.random() < 0.4:
            at = arrived + timedelta(hours=dice.randint(2, 60))
            seen = f"guide-{visit}"
            self._contact(at, "guide_opened", seen, person, visitor, dwell=self._dwell(150))
            if dice.random() < story.BY_KEY[story.GUIDE].success:
                self._contact(at + timedelta(minutes=4), "guide_finished", seen, person, visitor)
            self._maybe_ask(story.GUIDE, person, at + timedelta(days=1), late)

    def _store_visit(self, day: date, late: bool) -> None:
        """One visit to a store, with what the till and the colleagues record."""
        dice = self.dice
        moment = self._moment(day, 10, 19)
        visit = self._visit(day)
        store = {"store": dice.choice(("Harbour Street", "Market Hall"))}
        person = dice.randrange(self.customers) if dice.random() < 0.45 else None

        def add(event: str) -> None:
            nonlocal moment
            self._contact(moment, event, visit, person, "", kind="offline", properties=store)
            moment += timedelta(minutes=2 + dice.expovariate(1 / 6))

        if dice.random() < 0.3:
            add("window_scanned")
            if dice.random() > story.BY_KEY[story.WINDOW].success:
                return
            add("store_entered")
        if dice.random() < 0.06:
            add("repair_taken_in")
            if dice.random() < story.BY_KEY[story.REPAIR].success:
                add("repair_in_time")
            self._maybe_ask(story.REPAIR, person, moment + timedelta(days=2), late)
            return
        if dice.random() < 0.4:
            add("advice_given")
            chosen = dice.random() < story.BY_KEY[story.ADVICE].success
            if chosen:
                add("machine_chosen")
            self._maybe_ask(story.ADVICE, person, moment + timedelta(hours=3), late)
            if not chosen:
                return
        if dice.random() < 0.5:
            add("store_purchase")
            if dice.random() < story.BY_KEY[story.TILL].success:
                add("receipt_given")

    def _call(self, day: date, late: bool) -> None:
        dice = self.dice
        moment = self._moment(day, 8, 18)
        visit = self._visit(day)
        person = dice.randrange(self.customers)
        topic = {"topic": "Delivery" if late and dice.random() < 0.6 else "Machine"}
        self._contact(
            moment,
            "call_answered",
            visit,
            person,
            "",
            kind="offline",
            properties=topic,
            dwell=self._dwell(240),
        )
        if dice.random() < story.BY_KEY[story.HOTLINE].success:
            self._contact(
                moment + timedelta(minutes=7), "call_solved", visit, person, "", kind="offline"
            )
        self._maybe_ask(story.HOTLINE, person, moment + timedelta(hours=1), late)

    def _relational(self, day: date, late: bool) -> None:
        """Ask a part of the customers about the shop as a whole."""
        agreed = [person.number for person in self.history.people if person.consents]
        asked_at = self._moment(day, 9, 10)
        for number in self.dice.sample(
            agreed, min(round(RELATIONAL_ASKED * self.scale), len(agreed))
        ):
            if self._asked_lately(number, day):
                continue
            good, bad = (0.43, 0.27) if late else (0.56, 0.16)
            self._ask("", number, asked_at, rate=RELATIONAL_ANSWERS, good=good, bad=bad)

    def _maybe_ask(
        self, key: str, person: int | None, at: datetime, late: bool, happy: bool | None = None
    ) -> None:
        if person is None or at.date() >= self.today or key not in story.ASKED:
            return
        if not self.history.people[person].consents or self._asked_lately(person, at.date()):
            return
        if self.dice.random() >= story.ASKED[key]:
            return
        place = self._now(key, late)
        good, bad = place.good, place.bad
        if happy is not None and late:
            good, bad = (good + 0.2, bad - 0.25) if happy else (good - 0.16, bad + 0.24)
        self._ask(key, person, at, rate=story.ANSWERS[key], good=good, bad=bad)

    def _ask(
        self, key: str, person: int, at: datetime, *, rate: float, good: float, bad: float
    ) -> None:
        dice = self.dice
        self.asked[person] = at.date()
        answered_at = at + timedelta(hours=dice.expovariate(1 / 9), minutes=1)
        if dice.random() >= rate or answered_at.date() >= self.today:
            self.history.silent.append((key, person, at))
            return
        luck = dice.random()
        if luck < bad:
            mood, score = "bad", dice.choices(range(7), (2, 1, 2, 3, 4, 5, 5))[0]
        elif luck < 1 - good:
            mood, score = "fair", dice.choice((7, 8, 8))
        else:
            mood, score = "good", dice.choice((9, 10, 10))
        comment = dice.choice(COMMENTS[key][mood]) if dice.random() < 0.32 else ""
        owed = (self.today - answered_at.date()).days <= story.REPLIES_OWED
        wants_reply = mood == "bad" and bool(comment) and owed and dice.random() < 0.5
        self.history.opinions.append(
            Opinion(answered_at, at, key, person, score, comment, wants_reply)
        )

    def _contact(
        self,
        at: datetime,
        event: str,
        visit: str,
        person: int | None,
        visitor: str,
        *,
        kind: str = "track",
        dwell: float | None = None,
        properties: dict[str, str] | None = None,
    ) -> None:
        if at.date() < self.today:
            self.history.contacts.append(
                Contact(at, event, visit, person, visitor, kind, dwell, None, properties or {})
            )

    def _asked_lately(self, person: int, day: date) -> bool:
        """Whether the person was asked anything in the 90 days before, the workspace's rule."""
        last = self.asked.get(person)
        return last is not None and abs((day - last).days) < GAP

    @staticmethod
    def _now(key: str, late: bool) -> Place:
        return story.LATE[key] if late and key in story.LATE else story.BY_KEY[key]

    def _about(self, mean: float) -> int:
        """Return a count that varies around `mean` (Poisson; by Knuth's product for small ones)."""
        if mean > 30:
            return max(0, round(self.dice.gauss(mean, math.sqrt(mean))))
        limit, product, count = math.exp(-mean), 1.0, -1
        while product > limit:
            product *= self.dice.random()
            count += 1
        return count

    def _dwell(self, median: float) -> float:
        return round(min(self.dice.lognormvariate(math.log(median), 0.7), 3_600), 1)

    def _moment(self, day: date, first: int, last: int) -> datetime:
        seconds = self.dice.randrange((last - first) * 3600)
        return datetime.combine(day, time(first), UTC) + timedelta(seconds=seconds)

    def _visit(self, day: date) -> str:
        self.visits += 1
        return f"{day:%y%m%d}-{self.visits}"
