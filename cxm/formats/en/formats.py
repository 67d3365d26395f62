"""How English dates and times are written here: 17 Nov 2026, 14:05."""

from __future__ import annotations

from typing import Final

DATE_FORMAT: Final = "j M Y"
SHORT_DATE_FORMAT: Final = "j M Y"
TIME_FORMAT: Final = "H:i"
DATETIME_FORMAT: Final = "j M Y, H:i"
SHORT_DATETIME_FORMAT: Final = "j M Y, H:i"
MONTH_DAY_FORMAT: Final = "j M"
YEAR_MONTH_FORMAT: Final = "M Y"
FIRST_DAY_OF_WEEK: Final = 1
