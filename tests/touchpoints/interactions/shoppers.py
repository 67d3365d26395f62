"""A small file that looks like the example's, and the figures counted from its rows by hand."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MAPPING = ROOT / "docs" / "examples" / "online-shoppers.mapping.json"
MONTHS = ["Feb", "Mar", "May", "June", "Nov", "Dec"]
TYPES = {"New_Visitor": "New", "Returning_Visitor": "Returning", "Other": "Other"}
PAGES = {
    "Administrative": "account-pages",
    "Informational": "information-pages",
    "ProductRelated": "product-pages",
}
HEADER = (  # noqa: SIM905 - as it stands in the file
    "Administrative,Administrative_Duration,Informational,Informational_Duration,ProductRelated,"
    "ProductRelated_Duration,BounceRates,ExitRates,PageValues,SpecialDay,Month,OperatingSystems,"
    "Browser,Region,TrafficType,VisitorType,Weekend,Revenue"
).split(",")


@dataclass
class Shoppers:
    """The rows, and what must come out."""

    rows: list[dict[str, str]]

    def write(self, path: Path, *extra: str) -> Path:
        """Write the file, with further lines as they are."""
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(self.rows)
            file.writelines(f"{line}\n" for line in extra)
        return path

    @property
    def bought(self) -> int:
        return sum(row["Revenue"] == "1" for row in self.rows)

    def by_type(self) -> dict[str, tuple[int, int]]:
        visits = Counter(TYPES[row["VisitorType"]] for row in self.rows)
        won = Counter(TYPES[row["VisitorType"]] for row in self.rows if row["Revenue"] == "1")
        return {name: (visits[name], won[name]) for name in visits}

    def views(self) -> dict[str, int]:
        return {key: sum(int(row[name]) for row in self.rows) for name, key in PAGES.items()}

    def seconds(self) -> dict[str, Decimal]:
        return {
            key: sum((Decimal(row[f"{name}_Duration"]) for row in self.rows), Decimal(0))
            for name, key in PAGES.items()
        }


def make_shoppers(visits: int, seed: int = 1) -> Shoppers:
    """Make some rows; every tenth is the same as the one before, and some have no page at all."""
    chance = random.Random(seed)
    rows: list[dict[str, str]] = []
    for number in range(visits):
        if number % 10 == 9:
            rows.append(dict(rows[-1]))
            continue
        row = dict.fromkeys(HEADER, "0")
        for name in PAGES:
            seen = chance.choice([0, 0, 1, 2, 17])
            row[name] = str(seen)
            row[f"{name}_Duration"] = f"{seen * chance.random() * 90:.9g}" if seen else "0"
        row["Month"] = chance.choice(MONTHS)
        row["VisitorType"] = chance.choice(list(TYPES))
        row["Weekend"] = chance.choice(["TRUE", "FALSE"])
        row["Revenue"] = "1" if chance.random() < 0.2 else "0"
        for name in ("OperatingSystems", "Browser", "Region", "TrafficType"):
            row[name] = str(chance.randint(1, 9))
        row["BounceRates"] = f"{chance.random():.9f}"
        rows.append(row)
    return Shoppers(rows)
