"""How many visitors there are, judged by a part of them. Pure.

Each visitor falls into one of BUCKETS by chance, once and for all. Of N visitors the number K in
one bucket is binomial, so that N lies around K × BUCKETS.
"""

from __future__ import annotations

import math
from typing import Final

from cxm.common.statistics import Figure

BUCKETS: Final = 16
_SHARE: Final = 1 / BUCKETS


def estimated(found: int, z: float) -> Figure:
    """Return how many there are in all when `found` of them lie in one bucket.

    The interval holds every N for which `found` is no further from its expectation than z
    standard deviations: (found − N/16)² ≤ z²·N·15/256. It never begins below what was found.
    """
    spread = z * z * _SHARE * (1 - _SHARE)
    middle = 2 * found * _SHARE + spread
    root = math.sqrt(max(0.0, middle**2 - 4 * _SHARE**2 * found**2))
    low, high = ((middle - root) / (2 * _SHARE**2), (middle + root) / (2 * _SHARE**2))
    number = found * BUCKETS
    return Figure(
        float(number),
        number,
        max(float(found), low),
        high,
        # Of nobody found the plain error is 0, which would make every difference certain.
        math.sqrt(number * (BUCKETS - 1)) if found else (high - low) / (2 * z),
    )
