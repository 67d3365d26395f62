"""What customers of the demo shop say, and what they are called."""

from __future__ import annotations

from typing import Final

from demo.story import (
    ADVICE,
    CHECKOUT,
    GUIDE,
    HOTLINE,
    NEWSLETTER,
    PARCEL,
    PRODUCTS,
    REPAIR,
    SOCIAL,
    TRACKING,
)

Words = dict[str, dict[str, tuple[str, ...]]]
COMMENTS: Final[Words] = {
    PARCEL: {
        "bad": (
            "Nine days for a bag of beans. I bought elsewhere in the meantime.",
            "Said to be delivered. It was not, and nobody could tell me where it is.",
            "Twice I stayed home for the machine, twice nobody came.",
            "Left in the rain in front of the house. The box was soaked.",
            "Your shop is lovely, your new carrier is not.",
            "Versprochen waren zwei Tage, gekommen ist es nach acht.",
        ),
        "fair": (
            "Came a little late, but well packed.",
            "Fine. A window of two hours would be better than a whole day.",
        ),
        "good": (
            "Ordered on Monday, brewed on Wednesday.",
            "The driver rang and carried the machine upstairs. Thank you.",
            "Schnell und gut verpackt.",
        ),
    },
    TRACKING: {
        "bad": (
            "The page has said ‘on its way’ for six days.",
            "It showed another street than mine.",
        ),
        "fair": ("Useful, but the time was off by half a day.",),
        "good": ("I knew to the hour when to be home.",),
    },
    CHECKOUT: {
        "bad": (
            "The voucher only worked at the third try.",
            "Why must I make an account for beans?",
        ),
        "fair": ("Went well, shipping costs came up late.",),
        "good": (
            "Four clicks and done.",
            "Paid with my phone in a minute.",
            "Einfach und schnell.",
        ),
    },
    PRODUCTS: {
        "bad": ("I could not compare the two grinders side by side.",),
        "fair": ("Good pictures, I missed the size of the water tank.",),
        "good": (
            "The tasting notes are spot on.",
            "Finally a shop that says what fits my machine.",
        ),
    },
    ADVICE: {
        "bad": ("Had to wait half an hour on a Saturday.",),
        "fair": ("Friendly, a bit rushed.",),
        "good": (
            "Mira let me taste five roasts and found mine.",
            "He talked me out of the expensive machine. I will come back for that.",
            "Tolle Beratung, ohne Druck.",
        ),
    },
    GUIDE: {
        "bad": ("The film was over before my machine had heated up.",),
        "fair": ("Helpful, a printed card would do as well.",),
        "good": ("My first cappuccino worked.", "Three minutes that saved me an evening."),
    },
    HOTLINE: {
        "bad": ("Eleven minutes of music, then the line went dead.", "They did not know my order."),
        "fair": ("Solved in the end, at the second call.",),
        "good": ("Nora heard at once from the noise what was wrong.", "No queue, clear help."),
    },
    REPAIR: {
        "bad": ("Two weeks for a seal.",),
        "fair": ("Good work, unclear price.",),
        "good": ("Repaired while I had a coffee next door.",),
    },
    NEWSLETTER: {
        "bad": ("Too many offers, too few recipes.",),
        "fair": ("Nice to read now and then.",),
        "good": ("I cook from it every time.",),
    },
    SOCIAL: {
        "bad": ("The same film every evening.",),
        "fair": ("Nice pictures, I wondered about the price.",),
        "good": ("Made me want a cup at once.",),
    },
    "": {
        "bad": (
            "I was a fan for years. Since the parcels come late I order elsewhere.",
            "Great coffee, but the delivery has become a gamble.",
        ),
        "fair": ("Good beans, not cheap.", "Solide, aber nichts Besonderes."),
        "good": (
            "The only shop where people ask how you brew before they sell.",
            "Best beans in town, and people who care.",
            "Immer wieder gern.",
        ),
    },
}

FIRST_NAMES: Final = (
    "Ada",
    "Ben",
    "Carla",
    "David",
    "Elif",
    "Finn",
    "Greta",
    "Hanno",
    "Ines",
    "Jakob",
    "Kaya",
    "Levi",
    "Mila",
    "Noah",
    "Oda",
    "Paul",
    "Quentin",
    "Rosa",
    "Sami",
    "Tilda",
    "Ulla",
    "Viktor",
    "Wanda",
    "Yara",
    "Zoe",
)
LAST_NAMES: Final = (
    "Adler",
    "Brandt",
    "Cordes",
    "Dietz",
    "Engel",
    "Falk",
    "Gruber",
    "Hoffmann",
    "Ilic",
    "Jansen",
    "Kramer",
    "Lenz",
    "Maurer",
    "Neumann",
    "Okafor",
    "Petersen",
    "Reuter",
    "Sommer",
    "Thiele",
    "Urban",
    "Vogt",
    "Winter",
    "Yildiz",
    "Zimmer",
)
