"""What the demo shop is: its touchpoints, its customers' words, and what goes wrong there.

Brightwater Coffee sells machines and beans online and in two stores. Since 38 days before today a
new parcel carrier delivers; half the parcels come late, and that is the story the map tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAME: Final = "Brightwater Coffee"
SLUG: Final = "brightwater"
TIMEZONE: Final = "Europe/Berlin"
DAYS: Final = 120
CARRIER_CHANGED: Final = 38
CUSTOMERS: Final = 9_000
SEED: Final = 20_260_101

SOCIAL = "social-ads"
WINDOW = "shop-window"
NEWSLETTER = "newsletter"
PRODUCTS = "product-pages"
ADVICE = "store-advice"
CHECKOUT = "checkout"
TILL = "store-till"
PARCEL = "parcel-delivery"
TRACKING = "delivery-tracking"
GUIDE = "first-brew-guide"
HOTLINE = "hotline"
REPAIR = "repair-desk"

# How much each matters to the customer and to the shop, 1 to 5; one is not weighed yet.
IMPORTANCE: Final = {
    SOCIAL: (2, 3),
    WINDOW: (2, 2),
    NEWSLETTER: (2, 4),
    PRODUCTS: (4, 4),
    ADVICE: (5, 4),
    CHECKOUT: (4, 5),
    TILL: (3, 4),
    PARCEL: (5, 3),
    TRACKING: (4, 2),
    HOTLINE: (5, 4),
    REPAIR: (4, 3),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint of the shop.

    Attributes:
        good, bad: shares of promoters and detractors among answers, in ordinary times.
        success: share of visits that reach the goal event, in ordinary times.
    """

    key: str
    name: str
    channel: str
    phase: str
    department: str
    icon: str
    description: str
    events: tuple[str, ...]
    goal_event: str
    good: float
    bad: float
    success: float
    moment_of_truth: bool = False


PLACES: Final = (
    Place(
        SOCIAL,
        "Social ads",
        "paid-social",
        "awareness",
        "Marketing",
        "share",
        "Short films and pictures in feeds.",
        ("ad_opened",),
        "product_viewed",
        0.47,
        0.20,
        0.58,
    ),
    Place(
        WINDOW,
        "Shop window",
        "store",
        "awareness",
        "Stores",
        "shop",
        "The window with a code to scan.",
        ("window_scanned",),
        "store_entered",
        0.56,
        0.13,
        0.46,
    ),
    Place(
        NEWSLETTER,
        "Newsletter",
        "email",
        "consideration",
        "Marketing",
        "mail",
        "Recipes and offers every second week.",
        ("newsletter_opened",),
        "product_viewed",
        0.50,
        0.16,
        0.66,
    ),
    Place(
        PRODUCTS,
        "Product pages",
        "organic-search",
        "consideration",
        "Product",
        "web",
        "Descriptions, pictures and comparisons.",
        ("product_viewed",),
        "cart_filled",
        0.52,
        0.15,
        0.33,
    ),
    Place(
        ADVICE,
        "Store advice",
        "store",
        "consideration",
        "Stores",
        "people",
        "A colleague lets people taste and try.",
        ("advice_given", "machine_chosen"),
        "machine_chosen",
        0.74,
        0.05,
        0.71,
        True,
    ),
    Place(
        CHECKOUT,
        "Checkout",
        "direct",
        "purchase",
        "Product",
        "cart",
        "Cart, address and payment.",
        ("cart_filled", "order_completed"),
        "order_completed",
        0.55,
        0.14,
        0.62,
        True,
    ),
    Place(
        TILL,
        "Store till",
        "store",
        "purchase",
        "Stores",
        "card",
        "Paying in the store.",
        ("store_purchase", "receipt_given"),
        "receipt_given",
        0.66,
        0.08,
        0.97,
    ),
    Place(
        PARCEL,
        "Parcel delivery",
        "mail",
        "delivery",
        "Logistics",
        "truck",
        "The parcel, from our door to theirs.",
        ("parcel_handed_over", "parcel_on_time", "parcel_late"),
        "parcel_on_time",
        0.58,
        0.13,
        0.93,
        True,
    ),
    Place(
        TRACKING,
        "Delivery tracking",
        "email",
        "delivery",
        "Logistics",
        "place",
        "The page that says where the parcel is.",
        ("tracking_opened", "tracking_answered"),
        "tracking_answered",
        0.50,
        0.16,
        0.82,
    ),
    Place(
        GUIDE,
        "First-brew guide",
        "email",
        "use",
        "Product",
        "video",
        "A short film that comes with the machine.",
        ("guide_opened", "guide_finished"),
        "guide_finished",
        0.63,
        0.09,
        0.68,
    ),
    Place(
        HOTLINE,
        "Hotline",
        "phone",
        "use",
        "Service",
        "phone",
        "People who know the machines, on the phone.",
        ("call_answered", "call_solved"),
        "call_solved",
        0.57,
        0.16,
        0.79,
    ),
    Place(
        REPAIR,
        "Repair desk",
        "store",
        "use",
        "Service",
        "wrench",
        "Repairs in the store while you wait or within a week.",
        ("repair_taken_in", "repair_in_time"),
        "repair_in_time",
        0.60,
        0.14,
        0.84,
    ),
)
BY_KEY: Final = {place.key: place for place in PLACES}

# What the new carrier does to the figures.
LATE = {
    PARCEL: Place(PARCEL, "", "", "", "", "", "", (), "", 0.22, 0.52, 0.49),
    TRACKING: Place(TRACKING, "", "", "", "", "", "", (), "", 0.34, 0.31, 0.58),
}

# How many of those who were at a place are asked there, and how many of them answer.
ASKED: Final = {
    SOCIAL: 0.14,
    PRODUCTS: 0.16,
    ADVICE: 0.75,
    CHECKOUT: 0.26,
    PARCEL: 0.62,
    TRACKING: 0.20,
    GUIDE: 0.95,
    HOTLINE: 0.55,
    REPAIR: 0.40,
    NEWSLETTER: 0.25,
}
ANSWERS: Final = {
    SOCIAL: 0.30,
    PRODUCTS: 0.34,
    ADVICE: 0.50,
    CHECKOUT: 0.40,
    PARCEL: 0.46,
    TRACKING: 0.44,
    GUIDE: 0.46,
    HOTLINE: 0.46,
    REPAIR: 0.50,
    NEWSLETTER: 0.34,
}
# How many days ago somebody last asked for a reply that is still owed.
REPLIES_OWED: Final = 6

# What people read instead of the names of events.
EVENT_NAMES: Final = {
    "ad_opened": "Opened an ad",
    "newsletter_opened": "Opened the newsletter",
    "product_viewed": "Viewed a product",
    "cart_filled": "Filled the cart",
    "order_completed": "Ordered",
    "window_scanned": "Scanned the code in the window",
    "store_entered": "Entered the store",
    "advice_given": "Was advised",
    "machine_chosen": "Chose a machine",
    "store_purchase": "Bought in the store",
    "receipt_given": "Paid",
    "parcel_handed_over": "Got the parcel",
    "parcel_on_time": "It came as promised",
    "parcel_late": "It came late",
    "tracking_opened": "Looked where the parcel is",
    "tracking_answered": "Found out where the parcel is",
    "guide_opened": "Opened the first-brew guide",
    "guide_finished": "Finished the guide",
    "call_answered": "Called the hotline",
    "call_solved": "Was helped",
    "repair_taken_in": "Brought in a machine",
    "repair_in_time": "Got it back in time",
}
